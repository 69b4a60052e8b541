import { describe, expect, test } from '@jest/globals'
import { readLoopDex } from '../../../src/backlog/import/loopdex.ts'
import { parseWholeConfig } from '../../../src/contract/whole-config.ts'
import { withCommands } from '../../../src/setup/backlog/config-commands.ts'
import { settledImport } from '../../../src/setup/backlog/plan-import.ts'

const CONFIG = `{
    "version": 2,
    "commands": {
        "test": ["npm", "test"],
        "odd": { "argv": ["make", "check"] }
    },
    "gateProfiles": { "fast": [], "final": ["test"] }
}
`
const task = (key: string, parts: Readonly<Record<string, string>> = {}, mark = ' '): string =>
  [
    `- [${mark}] Task ${key}: Task number ${key}`,
    ...Object.entries({
      Size: 'Small',
      Files: `src/${key}.py`,
      Description: `Do ${key}.`,
      'Completion criteria': 'verify: npm test',
      Depends: 'none',
      'Fail count': '0',
      ...parts,
    }).map(([name, value]) => `  - ${name}: ${value}`),
    '',
  ].join('\n')

function plan(
  text: string,
  more: { scope?: string[]; texts?: { name: string; text: string }[]; config?: string } = {},
) {
  return settledImport(readLoopDex(text, 'b.md'), {
    files: { texts: more.texts ?? [], problems: [] },
    config: { path: 'config.json', text: more.config ?? CONFIG },
    scope: more.scope ?? [],
  })
}

describe('tasks as items', () => {
  test('numbers follow those that are there, dependencies are theirs, commands are named once', () => {
    const found = plan(
      [
        task('1.1'),
        task('1.2', {
          Depends: '1.1',
          'Completion criteria': 'verify: make check',
          Files: 'a/[id].ts, b.ts',
        }),
        task('1.3', { Depends: '1.2, 2.1', 'Completion criteria': 'verify: cd x && make check' }, '!'),
        task('2.1', {}, 'x'),
        task('2.2', { 'Completion criteria': 'It works.' }),
      ].join('\n'),
      { texts: [{ name: '007-old.md', text: '---\nscope: [x/**]\n---\n# Old\n' }] },
    )
    if (!found.ok) throw new Error(found.error.message)
    const { items, plan: made, configText } = found.value
    expect(items.map((one) => [one.id, one.after, one.scope, one.title])).toEqual([
      ['008', [], ['src/1.1.py'], 'Task number 1.1'],
      ['009', ['008'], ['a/\\[id\\].ts', 'b.ts'], 'Task number 1.2'],
      // What it waited for and is done there is no item.
      ['010', ['009'], ['src/1.3.py'], 'Task number 1.3'],
      ['011', [], ['src/2.2.py'], 'Task number 2.2'],
    ])
    expect(items.map((one) => one.contract.tasks[0]?.evidence)).toEqual([
      [
        { kind: 'pathChanged', path: 'src/1.1.py' },
        { kind: 'commandRef', name: 'test' },
      ],
      [
        { kind: 'pathChanged', glob: '{a/\\[id\\].ts,b.ts}' },
        // The config has it as `odd`, and no item may name that.
        { kind: 'commandRef', name: 'make-check' },
      ],
      [
        { kind: 'pathChanged', path: 'src/1.3.py' },
        { kind: 'commandRef', name: 'cd-x-make-check' },
      ],
      [{ kind: 'pathChanged', glob: '**/*' }],
    ])
    expect(made.commands).toMatchObject([
      { name: 'make-check', argv: ['make', 'check'], isShell: false },
      { name: 'cd-x-make-check', argv: ['sh', '-c', 'cd x && make check'], isShell: true },
    ])
    expect(made.done.map((one) => one.key)).toEqual(['2.1'])
    expect(configText.startsWith(CONFIG.slice(0, CONFIG.indexOf('"odd"')))).toBe(true)
    const config = parseWholeConfig(configText, 'config.json')
    expect(config.ok && config.value.commands['make-check']).toMatchObject({
      argv: ['make', 'check'],
      evidence: true,
    })
    expect(config.ok && config.value.gateProfiles).toEqual({
      default: ['test'],
      fast: [],
      final: ['test'],
    })
  })

  test('without files there is no item, nor of what comes after it, unless a scope is given', () => {
    const text = [
      task('1.1', { Files: '' }),
      task('1.2', { Depends: '1.1' }),
      task('1.3', { Depends: '9' }),
      task('1.4', { Files: '../x' }),
      task('1.5', { Files: '.codex/x.md' }),
      task('1.6'),
    ].join('\n')
    const found = plan(text)
    expect(found.ok && found.value.plan.refused.map(({ task: { key }, why }) => [key, why])).toEqual([
      ['1.1', expect.stringContaining('--scope')],
      ['1.2', 'it comes after 1.1, which is not imported'],
      ['1.3', 'it comes after 9, which is not there'],
      ['1.4', expect.stringContaining('Files: "../x"')],
      ['1.5', expect.stringContaining('nothing below .codex')],
    ])
    expect(found.ok && found.value.items.map((one) => one.id)).toEqual(['001'])
    const given = plan(text, { scope: ['lib/**'] })
    expect(given.ok && given.value.items.map((one) => one.scope)).toEqual([
      ['lib/**'],
      ['src/1.2.py'],
      ['src/1.6.py'],
    ])
    // A scope that says nothing makes no item.
    expect(plan(task('1', { Files: '' }), { scope: ['**'] })).toMatchObject({
      ok: false,
      error: { code: 'import-nothing', message: expect.stringContaining('leaves the whole repository open') },
    })
  })

  test.each([
    ['a task twice', task('1.1') + task('1.1'), 'import-broken', 'b.md:8  1.1 stands in b.md:1 too'],
    [
      'a circle',
      task('1.1', { Depends: '1.2' }) + task('1.2', { Depends: '1.1' }),
      'import-broken',
      'waits for itself',
    ],
    ['itself', task('1.1', { Depends: '1.1' }), 'import-broken', 'waits for itself'],
    ['no task', '# Backlog\n', 'import-nothing', 'no task can be read there'],
    ['words', 'buy milk\n', 'import-nothing', 'b.md:1  buy milk'],
    ['only what is done', task('1.1', {}, 'x'), 'import-nothing', 'all 1 tasks are done there'],
  ])('%s is refused', (_, text, code, words) => {
    expect(plan(text)).toMatchObject({ ok: false, error: { code, message: expect.stringContaining(words) } })
  })
})

test.each([
  ['{}', '{"commands":{"a":{"argv":["x"],"evidence":true}}}'],
  ['{"commands": {}}', '{"commands": {"a":{"argv":["x"],"evidence":true}}}'],
  [
    '{\n\t"commands": {\n\t\t"b": ["y"]\n\t}\n}\n',
    '{\n\t"commands": {\n\t\t"b": ["y"],\n\t\t"a": {\n\t\t\t"argv": [\n\t\t\t\t"x"\n\t\t\t],\n\t\t\t"evidence": true\n\t\t}\n\t}\n}\n',
  ],
])('commands come to the end, and no other byte changes: %j', (before, after) => {
  expect(withCommands(before, [{ name: 'a', argv: ['x'], env: {} }])).toBe(after)
  expect(withCommands(before, [])).toBe(before)
})
