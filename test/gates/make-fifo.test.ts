import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { makeFifo } from '../../src/gates/make-fifo.ts'

let dir = ''
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'autoloop-fifo-'))
})
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }))

/** Instead of mkfifo: what it does the first time; from then on it is mkfifo. */
const firstThen = (first: string): string => {
  const file = path.join(dir, 'maker')
  fs.writeFileSync(
    file,
    `#!/bin/sh\n[ -e ${dir}/been ] || { : > ${dir}/been; ${first}; }\nexec mkfifo "$@"\n`,
  )
  fs.chmodSync(file, 0o755)
  return file
}

test('a Ctrl-C that ends the maker is no failure: it is made again', () => {
  const fifo = path.join(dir, 'fifo')
  makeFifo(fifo, firstThen('kill -INT $$'))
  expect(fs.statSync(fifo).isFIFO()).toBe(true)
  expect(fs.statSync(fifo).mode & 0o777).toBe(0o600)
})

test.each(['exit 1', 'kill -KILL $$'])('any other end of it is a failure: %s', (first) => {
  expect(() => makeFifo(path.join(dir, 'fifo'), firstThen(first))).toThrow()
})
