import { expect, test } from '@jest/globals'
import { readCodexLoop, tasksDirectory } from '../../../src/backlog/import/codex-loop.ts'

const config = {
  version: 1,
  project: { name: 'demo' },
  goal: { summary: 'A shop', done_when: ['All tests pass'] },
  execution: { max_iterations: 20 },
  verification: { commands: ['PYTHONPATH=src python3 -m unittest', 'npm test'], pass_requires_all: true },
  tasks: { strategy: 'sequential', source_dir: 'tasks' },
  hooks: { pre_iteration: ['npm ci'], post_iteration: [], timeout_seconds: 300 },
}

function read(tasks: Readonly<Record<string, string>>, more: object = {}, state: string | null = null) {
  return readCodexLoop({
    config: { file: 'codex-loop.yaml', text: JSON.stringify({ ...config, ...more }, null, 2) },
    tasks: Object.entries(tasks).map(([name, text]) => ({ file: `tasks/${name}`, name, text })),
    state,
  })
}

test('tasks in the order of their files, with what is asked of all', () => {
  const found = read(
    {
      '001-foundation.md': '# Lay the ground\n\nWords.\n',
      '002-cart.md': '<!-- depends_on: 001-foundation, 003-x -->\n# A cart\n## Details\nMore.\n',
      '003-x.md': '---\ndepends_on: [001-foundation.md]\n---\nNo heading.\n',
      'README.md': 'hello',
    },
    {},
    JSON.stringify({ tasks: { '001-foundation': { status: 'done' }, '002-cart': { status: 'blocked' } } }),
  )
  expect(found).toMatchObject({
    ok: true,
    value: {
      format: 'codex-loop',
      tasks: [
        { key: '001-foundation', status: 'done', after: [], draft: { title: 'Lay the ground' } },
        {
          key: '002-cart',
          status: 'open',
          after: ['001-foundation', '003-x'],
          files: [],
          commands: [{ text: 'PYTHONPATH=src python3 -m unittest', line: 17 }, { text: 'npm test' }],
          draft: {
            title: 'A cart',
            text: '## Details\nMore.\n\nThis is part of: A shop\nAll of it is done when:\n- All tests pass',
          },
        },
        { key: '003-x', after: ['001-foundation'], draft: { title: '003-x' } },
      ],
      left: [
        { file: 'codex-loop.yaml', line: 12, what: expect.stringContaining('execution') },
        { line: 27, what: expect.stringContaining('hooks.pre_iteration') },
        { file: 'tasks/README.md', line: 1 },
      ],
    },
  })
})

test('a list of states is read too, and one that cannot be read is refused: else what is done would come back', () => {
  const tasks = { '001-a.md': '# A' }
  const stateOf = (state: string | null) => {
    const found = read(tasks, {}, state)
    return found.ok ? found.value.tasks[0]?.status : null
  }
  expect(stateOf(JSON.stringify({ tasks: [{ id: '001-a', status: 'done' }] }))).toBe('done')
  expect(stateOf(JSON.stringify({ tasks: [{ id: '001-a', status: 'in_progress' }] }))).toBe('open')
  expect(read(tasks, {}, '{{')).toMatchObject({ ok: false, error: { file: '.codex-loop/state.json' } })
})

test('what it does not know is said, and a config that cannot be read is refused with its line', () => {
  const found = read(
    {},
    { surprise: 1, verification: { commands: [1, 'x'], pass_requires_all: false }, goal: [] },
  )
  expect(found.ok && found.value.left.map((one) => one.what)).toEqual(
    expect.arrayContaining([
      'surprise is unknown',
      'goal is no section',
      'verification.commands: 1 is no text',
      'that one command is enough: here all have to pass',
    ]),
  )
  const broken = readCodexLoop({
    config: { file: 'c.yaml', text: '{"a": 1,\n"a": 2}' },
    tasks: [],
    state: null,
  })
  expect(broken).toMatchObject({ ok: false, error: { file: 'c.yaml', line: 2 } })
  expect(tasksDirectory('{"tasks": {"source_dir": "../../x"}}')).toEqual({ ok: true, value: '../../x' })
  expect(tasksDirectory('[1]')).toMatchObject({ ok: false })
})
