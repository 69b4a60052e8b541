import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { writeItems } from '../../../src/setup/backlog/write-items.ts'

let root: string
const at = (...names: string[]): string => path.join(root, ...names)
const items = [
  { name: '001-a.md', text: 'a' },
  { name: '002-b.md', text: 'b' },
]
const config = { before: '{}', after: '{"a": 1}' }

beforeEach(() => {
  root = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'autoloop-write-'))
  fs.mkdirSync(at('.codex'))
  fs.writeFileSync(at('.codex/autoloop.project.json'), '{}', { mode: 0o664 })
})
afterEach(() => fs.rmSync(root, { recursive: true, force: true }))

const backlog = (): string[] =>
  fs.existsSync(at('.codex/backlog')) ? fs.readdirSync(at('.codex/backlog')) : []
const everything = (): string => fs.readdirSync(root, { recursive: true }).map(String).sort().join('\n')
const configNow = (): string => fs.readFileSync(at('.codex/autoloop.project.json'), 'utf8')

test('items and config are written, and the config keeps its mode', () => {
  expect(writeItems(root, { items, config })).toMatchObject({ ok: true })
  expect([backlog(), configNow()]).toEqual([['001-a.md', '002-b.md'], '{"a": 1}'])
  expect(fs.statSync(at('.codex/autoloop.project.json')).mode & 0o777).toBe(0o664 & ~process.umask() || 0o644)
})

test.each([
  [
    'a file of that name',
    'item-exists',
    () => {
      fs.mkdirSync(at('.codex/backlog'))
      fs.writeFileSync(at('.codex/backlog/002-b.md'), 'mine')
    },
  ],
  [
    'a link of that name',
    'item-exists',
    () => {
      fs.mkdirSync(at('.codex/backlog'))
      fs.symlinkSync(at('elsewhere'), at('.codex/backlog/002-b.md'))
    },
  ],
  [
    'a link in the place of the backlog',
    'unsafe_path',
    () => {
      fs.mkdirSync(at('elsewhere'))
      fs.symlinkSync(at('elsewhere'), at('.codex/backlog'))
    },
  ],
  [
    'a link in the place of .codex',
    'unsafe_path',
    () => {
      fs.renameSync(at('.codex'), at('elsewhere'))
      fs.symlinkSync(at('elsewhere'), at('.codex'))
    },
  ],
  ['another config', 'config-changed', () => fs.writeFileSync(at('.codex/autoloop.project.json'), '{ }')],
  [
    'a link in the place of the config',
    'config-unreadable',
    () => {
      fs.renameSync(at('.codex/autoloop.project.json'), at('elsewhere.json'))
      fs.symlinkSync(at('elsewhere.json'), at('.codex/autoloop.project.json'))
    },
  ],
])('%s: nothing is written', (_, code, make) => {
  make()
  const before = everything()
  expect(writeItems(root, { items, config })).toMatchObject({ ok: false, error: { code } })
  expect(everything()).toEqual(before)
  expect(
    fs.existsSync(at('elsewhere'))
      ? fs.readdirSync(at('elsewhere')).filter((one) => one.endsWith('.md'))
      : [],
  ).toEqual([])
  expect(configNow()).not.toBe('{"a": 1}')
})

test('a name that leads elsewhere is a mistake of ours', () => {
  expect(() => writeItems(root, { items: [{ name: '../001-a.md', text: '' }], config: null })).toThrow(
    'no name',
  )
})
