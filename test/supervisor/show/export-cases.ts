import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { answer } from '../asked.ts'
import { batchDirectory, site } from './played.ts'

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
  await answer(site, 0, 'show', '2', '--export', dir)
  expect(indexOf(dir)).toMatchObject({ item: '002' })
  expect(fs.existsSync(path.join(dir, 'attempt-1/judged/gates'))).toBe(true)
}, 60_000)

test('what is not an export of ours, or was changed since, is left as it is; links of an agent are not followed', async () => {
  const dir = site.at('kept')
  await answer(site, 0, 'show', '2', '--export', dir)
  const rows: readonly (readonly [string, () => void, () => void])[] = [
    [
      'a file of a person',
      () => fs.writeFileSync(path.join(dir, 'mine'), ''),
      () => fs.rmSync(path.join(dir, 'mine')),
    ],
    [
      'a link of a person',
      () => fs.symlinkSync('/', path.join(dir, 'mine')),
      () => fs.rmSync(path.join(dir, 'mine')),
    ],
    ['another kind of index', () => fs.writeFileSync(path.join(dir, 'index.json'), '{}'), () => {}],
  ]
  for (const [what, begin, end] of rows) {
    begin()
    const before = fs.readdirSync(dir)
    expect({ what, said: await answer(site, 1, 'show', '2', '--export', dir) }).toMatchObject({
      said: { error_code: 'export-exists' },
    })
    expect(fs.readdirSync(dir)).toEqual(before)
    end()
  }
  fs.appendFileSync(site.at('exported/README.md'), 'mine')
  fs.writeFileSync(site.at('file'), 'mine')
  fs.symlinkSync(site.at('elsewhere'), site.at('link'))
  for (const place of ['exported', 'file', 'link'])
    expect(await answer(site, 1, 'show', '2', '--export', site.at(place))).toMatchObject({
      error_code: 'export-exists',
    })
  expect(await answer(site, 1, 'show', '2', '--export', site.at('no/such'))).toMatchObject({
    error_code: 'export-unwritable',
  })
  expect(fs.readFileSync(site.at('file'), 'utf8')).toBe('mine')
  const log = path.join(batchDirectory(), 'attempts/002-1/turn-1/turn-1.log')
  const bytes = fs.readFileSync(log)
  fs.rmSync(log)
  fs.symlinkSync('/etc/passwd', log)
  await answer(site, 0, 'show', '2', '--export', site.at('linked'))
  fs.rmSync(log)
  fs.writeFileSync(log, bytes)
  expect(indexOf(site.at('linked')).files.map((one) => one.path)).not.toContain('attempt-1/agent-1.log')
  // Nothing is left beside it.
  expect(fs.readdirSync(site.dir).filter((name) => name.startsWith('.'))).toEqual([])
}, 60_000)
