import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { withCopy } from '../../../src/setup/install/throw-away-copy.ts'

let home: string
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'copy-'))
  fs.mkdirSync(path.join(home, 'repo/closed'), { recursive: true })
  fs.writeFileSync(path.join(home, 'repo/closed/a'), 'a')
  fs.chmodSync(path.join(home, 'repo/closed'), 0o555)
})
afterEach(() => fs.rmSync(home, { recursive: true, force: true }))

const abort = new AbortController().signal
const copies = (): string[] => fs.readdirSync(path.join(home, '.cache/autonomous-loop'))

test('a copy is as the directory, and gone afterwards', async () => {
  const text = await withCopy(path.join(home, 'repo'), { home, abort }, async (copy) =>
    fs.readFileSync(path.join(copy, 'closed/a'), 'utf8'),
  )
  expect(text).toBe('a')
  expect(copies()).toEqual([])
})

test('what cannot be copied is an answer, and what the use of a copy throws is not', async () => {
  expect(await withCopy(path.join(home, 'gone'), { home, abort }, async () => 'used')).toBe('not-copied')
  const use = async (): Promise<never> => Promise.reject(new Error('mine'))
  await expect(withCopy(path.join(home, 'repo'), { home, abort }, use)).rejects.toThrow('mine')
  expect(copies()).toEqual([])
})
