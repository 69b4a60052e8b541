import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { writeFileWhole } from '../../src/base/write-file.ts'

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'autoloop-write-'))
afterAll(() => fs.rmSync(dir, { recursive: true }))

test('a link in the place of the file is replaced, what it points to is not', () => {
  const target = path.join(dir, 'target')
  const file = path.join(dir, 'file')
  fs.writeFileSync(target, 'precious')
  fs.symlinkSync(target, file)
  writeFileWhole(file, 'new')
  expect(fs.readFileSync(target, 'utf8')).toBe('precious')
  expect(fs.lstatSync(file).isFile()).toBe(true)
  expect(fs.readFileSync(file, 'utf8')).toBe('new')
})

test('the mode is private unless asked for otherwise', () => {
  const file = path.join(dir, 'mode')
  writeFileWhole(file, 'x')
  expect(fs.statSync(file).mode & 0o777).toBe(0o600)
  writeFileWhole(file, 'x', 0o755)
  expect(fs.statSync(file).mode & 0o777).toBe(0o755)
})
