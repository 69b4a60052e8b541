import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { tidyLogs } from '../../src/setup/tidy-logs.ts'

let home: string
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'tidy-logs-'))
})
afterEach(() => fs.rmSync(home, { recursive: true, force: true }))

/** One whole block, so that every file system counts the same. */
const BYTES = 65_536

/** `age` in hours. */
function log(file: string, age: number): void {
  const at = path.join(home, file)
  fs.mkdirSync(path.dirname(at), { recursive: true })
  // On the disk: until then some file systems count no blocks.
  fs.writeFileSync(at, Buffer.alloc(BYTES, 'x'), { flush: true })
  const when = Date.now() / 1000 - age * 3600
  fs.utimesSync(at, when, when)
}

test('the oldest logs go until the rest is within the limit, of sessions and of the archive', () => {
  log('sessions/a/gates/1-test.log', 3)
  log('sessions/b/gates/1-test.log', 1)
  log('archived/sessions/c-1/gates/1-test.log', 4)
  log('sessions/a/ledger.jsonl', 9)
  expect(tidyLogs(home, 3 * BYTES)).toEqual([])
  expect(tidyLogs(home, 2 * BYTES)).toEqual(['archived/sessions/c-1/gates/1-test.log'])
  expect(tidyLogs(home, BYTES)).toEqual(['sessions/a/gates/1-test.log'])
  expect(fs.existsSync(path.join(home, 'sessions/a/ledger.jsonl'))).toBe(true)
})

test.each(['sessions/open/open', 'armed/open'])('those of an open run stay: %s', (mark) => {
  log('sessions/open/gates/1-test.log', 9)
  log('sessions/over/gates/1-test.log', 1)
  log(mark, 9)
  expect(tidyLogs(home, 0)).toEqual(['sessions/over/gates/1-test.log'])
})

test('nothing but logs counts, and links are not followed', () => {
  log('elsewhere/1-test.log', 9)
  fs.mkdirSync(path.join(home, 'sessions/a/gates'), { recursive: true })
  fs.symlinkSync(path.join(home, 'elsewhere/1-test.log'), path.join(home, 'sessions/a/gates/1-test.log'))
  expect(tidyLogs(home, 0)).toEqual([])
  expect(fs.existsSync(path.join(home, 'elsewhere/1-test.log'))).toBe(true)
})
