import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { writeChange } from '../../src/backlog/write-change.ts'

let root = ''
afterEach(() => fs.rmSync(root, { recursive: true, force: true }))

test('a change is written where the files are as they were shown, and else not at all', () => {
  root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'write-change-')))
  const backlog = path.join(root, '.codex/backlog')
  const put = (files: Readonly<Record<string, string>>): void => {
    fs.rmSync(backlog, { recursive: true, force: true })
    fs.mkdirSync(backlog, { recursive: true })
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(backlog, name), text)
  }
  const there = (): object =>
    Object.fromEntries(
      fs.readdirSync(backlog).map((name) => [name, fs.readFileSync(path.join(backlog, name), 'utf8')]),
    )
  const change = {
    added: ['003-c.md', '004-d.md'].map((name) => ({ name, text: name })),
    changed: [{ name: '002-b.md', text: 'new' }],
    replaced: '001',
  }
  const shown = new Map(Object.entries({ '001-a.md': 'a', '002-b.md': 'b' }))
  const write = (): string => {
    const written = writeChange(root, change, ['001-a.md'], shown)
    return written.ok ? 'written' : written.error.code
  }
  for (const [wrong, code] of [
    [{ '001-a.md': 'a', '002-b.md': 'of a person' }, 'proposal-stale'],
    [{ '001-a.md': 'of a person', '002-b.md': 'b' }, 'proposal-stale'],
    [{ '001-a.md': 'a', '002-b.md': 'b', '004-d.md': 'of a person' }, 'io'],
    [{ '001-a.md': 'a' }, 'io'],
  ] as const) {
    put(wrong)
    expect(write()).toBe(code)
    expect(there()).toEqual(wrong)
  }
  put(Object.fromEntries(shown))
  expect(write()).toBe('written')
  expect(there()).toEqual({ '002-b.md': 'new', '003-c.md': '003-c.md', '004-d.md': '004-d.md' })
})
