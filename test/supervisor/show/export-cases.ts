import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { writeExport } from '../../../src/cli/write-export.ts'
import { answer } from '../asked.ts'
import { differing, pictureOf } from '../person.ts'
import { batchDirectory, site } from './played.ts'
import { moveAway } from './tamper.ts'

/* `show --export`: all of an item in a directory, and nothing else is ever written over. */

interface Index {
  readonly item: string
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[]
  readonly missing: readonly unknown[]
}

const indexOf = (dir: string): Index =>
  JSON.parse(fs.readFileSync(path.join(dir, 'index.json'), 'utf8')) as Index

test('everything of an item, each file with its digest; an earlier export is replaced', async () => {
  const dir = site.at('exported')
  const said = await answer(site, 0, 'show', '1', '--export', dir)
  const { files, missing } = indexOf(dir)
  expect(files.map((one) => one.path).toSorted()).toEqual([
    'README.md',
    'attempt-1/agent-1.log',
    'attempt-1/agent-2.log',
    'attempt-1/answers.json',
    'attempt-1/judged/ledger.jsonl',
    'attempt-1/prompt-1.md',
    'attempt-1/prompt-2.md',
    'attempt-1/verdicts.json',
    'attempt-1/work.json',
    'attempt-1/work.patch',
    'events.jsonl',
    'item.md',
  ])
  expect(missing).toEqual([])
  expect(said).toMatchObject({ files: files.length + 1, directory: dir })
  for (const one of files) {
    const bytes = fs.readFileSync(path.join(dir, one.path))
    expect(one).toMatchObject({
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })
    expect(fs.statSync(path.join(dir, one.path)).mode & 0o777).toBe(0o600)
  }
  // The patch is one that git takes, onto what the work began from.
  site.git('worktree', 'add', '-q', '--detach', site.at('applied'), 'main~1')
  execFileSync('git', ['apply', path.join(dir, 'attempt-1/work.patch')], { cwd: site.at('applied') })
  expect(fs.readFileSync(site.at('applied/src/cart.txt'), 'utf8')).toBe('cart\nwheels\n')
  site.git('worktree', 'remove', '--force', site.at('applied'))
  expect(
    fs
      .readFileSync(path.join(dir, 'events.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { type: string }).type),
  ).toEqual([
    'attempt-opened',
    'worktree-ready',
    'turn-begun',
    'turn-ended',
    'findings',
    'turn-begun',
    'turn-ended',
    'candidate',
    'judged',
    'integrating',
    'integrated',
    'attempt-ended',
  ])
  // Another item takes its place, and what an agent put in the place of a file of ours is not followed.
  const log = path.join(batchDirectory(), 'attempts/002-1/turn-1/turn-1.log')
  const undo = moveAway(log)
  fs.symlinkSync('/etc/passwd', log)
  expect(await answer(site, 0, 'show', '2', '--export', dir)).toMatchObject({ item: '002' })
  fs.rmSync(log)
  undo()
  expect(indexOf(dir).files.map((one) => one.path)).not.toContain('attempt-1/agent-1.log')
  expect(fs.existsSync(path.join(dir, 'attempt-1/judged/gates'))).toBe(true)
}, 60_000)

test('what is not an export of ours, or was changed since, is left as it is', () => {
  const dir = site.at('kept')
  const files = [{ path: 'a/b', text: 'one' }]
  const write = (at: string): string => {
    const written = writeExport(at, files, {})
    return written.ok ? 'written' : written.error.code
  }
  expect(write(dir)).toBe('written')
  expect(write(dir)).toBe('written')
  const at = (...names: string[]): string => path.join(dir, ...names)
  const rows: readonly (readonly [string, () => void, () => void])[] = [
    ['a file of a person', () => fs.writeFileSync(at('mine'), ''), () => fs.rmSync(at('mine'))],
    ['a link of a person', () => fs.symlinkSync('/', at('a/mine')), () => fs.rmSync(at('a/mine'))],
    ['an edit', () => fs.writeFileSync(at('a/b'), 'two'), () => fs.writeFileSync(at('a/b'), 'one')],
    [
      'another kind of index',
      () => fs.renameSync(at('index.json'), at('a/index.json')),
      () => fs.renameSync(at('a/index.json'), at('index.json')),
    ],
  ]
  for (const [what, begin, end] of rows) {
    begin()
    const before = pictureOf(dir)
    expect({ what, code: write(dir), changed: differing(before, pictureOf(dir)) }).toEqual({
      what,
      code: 'export-exists',
      changed: [],
    })
    end()
    expect({ what, code: write(dir) }).toEqual({ what, code: 'written' })
  }
  fs.writeFileSync(site.at('file'), 'mine')
  fs.symlinkSync(dir, site.at('link'))
  fs.mkdirSync(site.at('empty'))
  expect(['file', 'link', 'empty', 'no/such'].map((name) => write(site.at(name)))).toEqual([
    'export-exists',
    'export-exists',
    'written',
    'export-unwritable',
  ])
  expect(fs.readFileSync(site.at('file'), 'utf8')).toBe('mine')
  // Nothing is left beside it.
  expect(fs.readdirSync(site.dir).filter((name) => name.startsWith('.'))).toEqual([])
})
