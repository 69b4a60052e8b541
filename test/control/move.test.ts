import fs from 'node:fs'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { moveRun } from '../../src/control/move.ts'
import { sessionPaths } from '../../src/ledger/paths.ts'
import { startRun } from '../../src/ledger/start.ts'
import type { Context } from '../../src/records/context.ts'
import { loadCopies, saveCopies } from '../../src/workspace/copied.ts'
import { copiedDirectory } from '../../src/evidence/copies-of-run.ts'
import { activation } from '../ledger/data.ts'
import { tempDir } from '../ledger/world.ts'

let home = ''
beforeEach(() => {
  home = tempDir()
})
afterEach(() => fs.rmSync(home, { recursive: true, force: true }))

test('a run that is moved takes with it what the clean room gets, and what was kept of its start', () => {
  const [from, to] = ['01999999-aaaa-7bbb-8ccc-000000000001', '01999999-aaaa-7bbb-8ccc-000000000002']
  const source = sessionPaths(home, from).dir
  fs.mkdirSync(source, { recursive: true })
  const saved = (file: string) =>
    saveCopies(source, {
      files: [{ path: file, isExecutable: true, bytes: Buffer.from(`${file}\n`) }],
      unmatched: [],
    })
  const [copied, kept] = [saved('.env'), saved('tools/run')]
  const begun = startRun(home, activation({ runId: 'run-12345', copied, kept }, from), 1)
  if (!begun.ok) throw new Error(begun.error.message)
  const env = { vars: {}, cwd: '/', codexHome: '/none', home, tmpDir: '/tmp', uid: 1 }
  const context: Context = { env, clock: () => 2, newId: () => 'id' }
  const moved = moveRun(context, 'run-12345', to)
  expect(moved.ok).toBe(true)
  const target = sessionPaths(home, to).dir
  for (const { sha256 } of [copied, kept]) {
    expect(loadCopies(target, sha256)).toEqual(loadCopies(source, sha256))
    expect(loadCopies(target, sha256).ok).toBe(true)
    expect(fs.existsSync(copiedDirectory(target, sha256))).toBe(true)
  }
})
