import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { readSource } from '../../../src/backlog/import/read-source.ts'

let dir: string
const put = (name: string, text: string): void => {
  fs.mkdirSync(path.dirname(path.join(dir, name)), { recursive: true })
  fs.writeFileSync(path.join(dir, name), text)
}
const read = (name = '.') => readSource(path.join(dir, name))

beforeEach(() => {
  dir = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'autoloop-source-'))
})
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }))

test('a directory stands for the one backlog in it, and a file for itself', () => {
  expect(read()).toMatchObject({ ok: false, error: { code: 'import-format' } })
  put('.loop-agent/backlog.md', '- [ ] Task 1: A\n')
  expect(read()).toMatchObject({ ok: true, value: { format: 'loopdex', tasks: [{ key: '1' }] } })
  put('codex-loop.yaml', '{"verification": {"commands": ["true"]}}')
  put('tasks/001-a.md', '# A\n')
  put('.codex-loop/state.json', '{"tasks": {"001-a": {"status": "done"}}}')
  expect(read()).toMatchObject({ ok: false, error: { code: 'import-format' } })
  expect(read('codex-loop.yaml')).toMatchObject({
    ok: true,
    value: {
      format: 'codex-loop',
      tasks: [
        { key: '001-a', file: path.join(dir, 'tasks/001-a.md'), status: 'done', commands: [{ line: 1 }] },
      ],
    },
  })
})

test('what lies among tasks of codex-loop and is none is listed, whatever it is', () => {
  put('codex-loop.yaml', '{"verification": {"commands": ["true"]}}')
  put('tasks/001-a.md', '# A\n')
  put('tasks/archive/000-old.md', '# Old\n')
  expect(read()).toMatchObject({
    ok: true,
    value: { tasks: [{ key: '001-a' }], left: [{ file: path.join(dir, 'tasks/archive') }] },
  })
})

test('a text in the place of a path is no mistake of ours', () => {
  expect(read('a'.repeat(5000))).toMatchObject({ ok: false, error: { code: 'import-unreadable' } })
})

test.each([
  ['tasks that lie elsewhere', () => put('codex-loop.yaml', '{"tasks": {"source_dir": "../../etc"}}')],
  [
    'a link to tasks elsewhere',
    () => {
      put('codex-loop.yaml', '{}')
      fs.symlinkSync(os.homedir(), path.join(dir, 'tasks'))
    },
  ],
  [
    'a task that is a link',
    () => {
      put('codex-loop.yaml', '{}')
      put('tasks/002-b.md', '# B')
      fs.symlinkSync('/etc/hostname', path.join(dir, 'tasks/001-a.md'))
    },
  ],
  ['a config that is no YAML', () => put('codex-loop.yaml', '{"a": 1, "a": 2}')],
])('%s cannot be read', (_, make) => {
  make()
  expect(read('codex-loop.yaml')).toMatchObject({ ok: false, error: { code: 'import-unreadable' } })
})
