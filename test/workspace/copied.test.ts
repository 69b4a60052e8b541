import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import type { Sha256 } from '../../src/base/hash.ts'
import { type CopyLimits, loadCopies, readCopies, saveCopies } from '../../src/workspace/copied.ts'
import { copiedDirectory } from '../../src/evidence/copies-of-run.ts'
import { type Rig, value, withRig } from '../evidence/rig.ts'

const limits: CopyLimits = { files: 3, fileBytes: 10, bytes: 20 }

function repository(rig: Rig): Rig {
  rig.write('.gitignore', '.env*\nsecrets/\nnode_modules/\n').write('src/a.ts').commitAll()
  return rig.write('.env', 'A=1\n').write('.env.test', 'B=2\n').write('secrets/key', 'k\n')
}

test('what git ignores is copied, and what it does not is in the room anyway', () =>
  withRig(async (rig) => {
    repository(rig)
    fs.chmodSync(rig.path('.env'), 0o755)
    const globs = ['.env', 'secrets/**', 'src/a.ts', '.env.local', 'missing/*.key']
    const copied = value(await readCopies(rig.root, globs, rig.options))
    expect(copied.files.map(({ path: file, isExecutable }) => [file, isExecutable])).toEqual([
      ['.env', true],
      ['secrets/key', false],
    ])
    expect(copied.unmatched).toEqual(['.env.local', 'missing/*.key'])
  }))

test.each([
  ['many', ['.env.*'], 'copy matches more than 3 ignored files, most of them .env.*'],
  ['large', ['secrets/key'], 'secrets/key cannot be copied: it has more than 10 bytes'],
  ['together', ['.env*'], 'the files of copy have more than 20 bytes, counted up to .env.test'],
  ['link', ['secrets/key'], 'secrets/key cannot be copied: it is a link'],
])('what is over a bound is refused with words (%s)', (kind, globs, words) =>
  withRig(async (rig) => {
    repository(rig)
    if (kind === 'many') for (const name of ['a', 'b', 'c', 'd']) rig.write(`.env.${name}`, '')
    if (kind === 'large') rig.write('secrets/key', '0123456789\n')
    if (kind === 'together') for (const name of ['.env', '.env.a', '.env.test']) rig.write(name, '12345678\n')
    if (kind === 'link') {
      rig.rm('secrets/key')
      fs.symlinkSync('/etc/hostname', rig.path('secrets/key'))
    }
    const refused = await readCopies(rig.root, globs, rig.options, limits)
    expect(refused).toMatchObject({ ok: false, error: { code: 'copy-refused' } })
    expect(!refused.ok && refused.error.message).toContain(words)
  }),
)

test('a link in the place of a directory leads nowhere', () =>
  withRig(async (rig) => {
    repository(rig).rm('secrets')
    fs.mkdirSync(path.join(rig.dir, 'elsewhere'))
    fs.writeFileSync(path.join(rig.dir, 'elsewhere', 'key'), 'other\n')
    fs.symlinkSync(path.join(rig.dir, 'elsewhere'), rig.path('secrets'))
    const copied = await readCopies(rig.root, ['secrets/key', 'secrets/**'], rig.options)
    expect(copied.ok && copied.value.files).toEqual([])
  }))

test('what is kept is believed as long as it is what was kept', () =>
  withRig(async (rig) => {
    const dir = path.join(rig.dir, 'session')
    fs.mkdirSync(dir)
    const read = value(await readCopies(repository(rig).root, ['.env*', 'secrets/**'], rig.options))
    const { sha256 } = saveCopies(dir, read)
    expect(saveCopies(dir, read).sha256).toBe(sha256)
    expect(loadCopies(dir, sha256)).toEqual({ ok: true, value: read.files })
    const place = copiedDirectory(dir, sha256)
    fs.writeFileSync(path.join(place, '.env'), 'A=2\n')
    expect(loadCopies(dir, sha256)).toMatchObject({ ok: false, error: { code: 'copy-changed' } })
    fs.rmSync(place, { recursive: true })
    expect(loadCopies(dir, sha256)).toMatchObject({ ok: false, error: { code: 'copy-changed' } })
  }))

test('nothing to copy keeps nothing', () =>
  withRig(async (rig) => {
    const { sha256, unmatched } = saveCopies(rig.dir, { files: [], unmatched: ['.env'] })
    expect([fs.existsSync(copiedDirectory(rig.dir, sha256)), unmatched]).toEqual([false, ['.env']])
    expect(loadCopies(rig.dir, sha256)).toEqual({ ok: true, value: [] })
    expect(loadCopies(rig.dir, 'f'.repeat(64) as Sha256).ok).toBe(false)
  }))
