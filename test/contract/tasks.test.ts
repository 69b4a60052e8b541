import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { holds } from '../rig/long.ts'
import { parseTask, parseTasks } from '../../src/contract/tasks.ts'

const CHANGED = { kind: 'pathChanged', glob: 'src/**' }
const task = (more: object = {}) => ({ id: 'T1', title: 'Do it', evidence: [CHANGED], ...more })
const withEvidence = (...evidence: unknown[]) => task({ evidence })

function problems(...tasks: unknown[]) {
  const result = parseTasks(tasks.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))))
  return result.ok ? [] : result.error
}

describe('tasks that are fine', () => {
  test('get their defaults', () => {
    expect(parseTask(task(), 0)).toEqual({
      ok: true,
      value: { id: 'T1', title: 'Do it', required: true, dependsOn: [], evidence: [CHANGED] },
    })
  })

  test('come as objects, as arrays, or as both', () => {
    const result = parseTasks([
      JSON.stringify(task()),
      `\ufeff${JSON.stringify([task({ id: 'T2', dependsOn: ['T1'] }), task({ id: 'T3', required: false })])}`,
    ])
    expect(result).toMatchObject({
      ok: true,
      value: [{ id: 'T1' }, { id: 'T2' }, { id: 'T3', required: false }],
    })
  })

  test('may depend on a task that is not among them: the open run may have it', () => {
    expect(problems(task({ dependsOn: ['T0'] }))).toEqual([])
  })

  test.each([
    [
      { kind: 'pathExists', path: './docs//usage.md' },
      { kind: 'pathExists', path: 'docs/usage.md' },
    ],
    [
      { kind: 'pathExists', path: 'docs/', min: 1 },
      { kind: 'pathExists', path: 'docs', min: 1 },
    ],
    [
      { kind: 'pathExists', glob: './test/*.ts', min: 3 },
      { kind: 'pathExists', glob: 'test/*.ts', min: 3 },
    ],
    [
      { kind: 'pathChanged', glob: 'src/' },
      { kind: 'pathChanged', glob: 'src/**' },
    ],
    [
      { kind: 'pathChanged', glob: '.' },
      { kind: 'pathChanged', glob: '**' },
    ],
    [
      { kind: 'pathAbsent', glob: './app/./(auth)//[...slug]/.' },
      { kind: 'pathAbsent', glob: 'app/(auth)/[...slug]/**' },
    ],
    [
      { kind: 'pathChanged', glob: 'app/(..)photo/\\[id\\]/**' },
      { kind: 'pathChanged', glob: 'app/(..)photo/\\[id\\]/**' },
    ],
    [
      { kind: 'pathAbsent', path: '.gitignore' },
      { kind: 'pathAbsent', path: '.gitignore' },
    ],
    [
      { kind: 'pathAbsent', path: '!important' },
      { kind: 'pathAbsent', path: '!important' },
    ],
    [
      { kind: 'pathUnchanged', glob: '.github/**/*.{yml,yaml}' },
      { kind: 'pathUnchanged', glob: '.github/**/*.{yml,yaml}' },
    ],
    [
      { kind: 'pathUnchanged', glob: 'a{/b,/c}' },
      { kind: 'pathUnchanged', glob: 'a{/b,/c}' },
    ],
    [
      { kind: 'pathChanged', glob: 'src/..x/*' },
      { kind: 'pathChanged', glob: 'src/..x/*' },
    ],
    [
      { kind: 'fileMatches', path: './README.md', pattern: '^## Usage$', absent: false },
      { kind: 'fileMatches', path: 'README.md', pattern: '^## Usage$', absent: false },
    ],
    [
      { kind: 'commandRef', name: 'test:e2e' },
      { kind: 'commandRef', name: 'test:e2e' },
    ],
  ])('evidence %j becomes %j, and stays so', (given, want) => {
    expect(parseTask(withEvidence(given), 0)).toMatchObject({ ok: true, value: { evidence: [want] } })
    expect(parseTask(withEvidence(want), 0)).toMatchObject({ ok: true, value: { evidence: [want] } })
  })
})

describe('tasks that are wrong', () => {
  const at = (field: string) => `tasks[0].evidence[0]${field}`

  test.each<{ given: unknown; path: string; found: string; allowed: string; example?: string }>([
    { given: '{"id"', path: '--task-json[0]', found: 'not valid JSON', allowed: 'array of tasks' },
    { given: '"T1"', path: 'tasks[0]', found: '"T1"', allowed: 'task object' },
    { given: ' '.repeat(300_000), path: '--task-json[0]', found: '300000', allowed: '262144' },
    { given: task({ id: 'a b' }), path: 'tasks[0].id', found: '"a b"', allowed: 'letters, digits' },
    { given: task({ id: 7 }), path: 'tasks[0].id', found: '7', allowed: 'letters, digits' },
    { given: task({ title: '' }), path: 'tasks[0].title', found: '""', allowed: '1 to 500' },
    { given: task({ evidence: [] }), path: 'tasks[0].evidence', found: '[]', allowed: 'non-empty' },
    {
      given: task({ evidence: undefined }),
      path: 'tasks[0].evidence',
      found: 'nothing',
      allowed: 'non-empty',
    },
    { given: task({ evidence: CHANGED }), path: 'tasks[0].evidence', found: '{"kind"', allowed: 'array' },
    {
      given: task({ dependsOn: 'T0' }),
      path: 'tasks[0].dependsOn',
      found: '"T0"',
      allowed: 'array of task ids',
    },
    { given: task({ done: true }), path: 'tasks[0].done', found: 'unknown key "done"', allowed: 'id, title' },
    {
      given: task({ dependsOn: ['T1'] }),
      path: 'tasks[0].dependsOn',
      found: 'T1 → T1',
      allowed: 'lead to an end',
      example: '[]',
    },
    {
      given: withEvidence({ path: 'x' }),
      path: at('.kind'),
      found: 'nothing',
      allowed: 'pathExists, pathAbsent',
    },
    {
      given: withEvidence({ kind: 'gitCommit' }),
      path: at('.kind'),
      found: '"gitCommit"',
      allowed: 'fileMatches',
    },
    {
      given: withEvidence({ kind: 'pathExists', path: 'a', glob: 'b' }),
      path: at(''),
      found: '"glob":"b"',
      allowed: 'exactly one of',
      example: '{"kind": "pathExists", "path": "docs/usage.md"}',
    },
    {
      given: withEvidence({ kind: 'pathChanged' }),
      path: at(''),
      found: 'pathChanged',
      allowed: 'exactly one of',
    },
    {
      given: withEvidence({ kind: 'pathChanged', glob: 'a', min: 2 }),
      path: at('.min'),
      found: 'unknown key',
      allowed: 'kind, path, glob',
    },
    {
      given: withEvidence({ kind: 'pathExists', path: 'a', min: 2 }),
      path: at('.min'),
      found: '2',
      allowed: 'glob',
    },
    {
      given: withEvidence({ kind: 'pathExists', glob: 'a', min: 0 }),
      path: at('.min'),
      found: '0',
      allowed: 'whole',
    },
    ...[
      ['', 'not empty', 'src/index.ts'],
      ['  ', 'not empty', 'src/index.ts'],
      ['/etc/passwd', 'relative', 'etc/passwd'],
      ['~/x', 'relative', 'x'],
      ['../x', 'inside', 'x'],
      ['a/..', 'inside', 'a'],
      ['.git/HEAD', '.git', 'src/index.ts'],
      ['sub/.GIT', '.git', 'src/index.ts'],
      ['a\0', 'NUL', 'src/index.ts'],
      ['x'.repeat(1025), '1024', 'src/index.ts'],
    ].map(([path = '', allowed = '', example]) => ({
      given: withEvidence({ kind: 'pathExists', path }),
      path: at('.path'),
      found: JSON.stringify(path).slice(0, 100),
      allowed,
      example: JSON.stringify(example),
    })),
    ...[
      ['', 'not empty', 'src/**'],
      ['/src/**', 'relative', 'src/**'],
      ['{/etc,src}/**', 'relative', 'src/**'],
      ['@(/etc|src)/*', 'relative', 'src/**'],
      ['{a,{b,/c}}/*', 'relative', 'src/**'],
      ['../**', 'inside', 'src/**'],
      ['src/{..,a}/*', 'inside', 'src/**'],
      ['.git/**', '.git', 'src/**'],
      ['{src,.git}/**', '.git', 'src/**'],
      ['!src/**', 'does not exclude', 'src/**'],
      ['src/(a|b)/**', 'alternatives', 'src/@(a|b)/**'],
      ['src\\app\\**', 'between directories', 'src/app/**'],
      ['src/@(a|b', 'closes its', 'src/@(a|b)/**'],
    ].map(([glob = '', allowed = '', example]) => ({
      given: withEvidence({ kind: 'pathChanged', glob }),
      path: at('.glob'),
      found: JSON.stringify(glob),
      allowed,
      example: JSON.stringify(example),
    })),
    ...['(', '', '['.padEnd(1001, 'a'), '(?<=x'].map((pattern) => ({
      given: withEvidence({ kind: 'fileMatches', path: 'a', pattern }),
      path: at('.pattern'),
      found: JSON.stringify(pattern).slice(0, 100),
      allowed: 'regular expression as in JavaScript',
    })),
    {
      given: withEvidence({ kind: 'fileMatches', glob: 'a', pattern: 'x' }),
      path: at('.path'),
      found: 'nothing',
      allowed: 'relative',
    },
    {
      given: withEvidence({ kind: 'commandRef', name: '' }),
      path: at('.name'),
      found: '""',
      allowed: 'command',
    },
    {
      given: withEvidence({ kind: 'commandRef', name: 'toString' }),
      path: at('.name'),
      found: '"toString"',
      allowed: 'command',
    },
  ])('$given', ({ given, path, found, allowed, example }) => {
    const all = problems(given)
    const own = all.find((problem) => problem.path === path)
    expect({ all, own }).toMatchObject({ own: { path } })
    expect(own?.found).toContain(found)
    expect(own?.allowed).toContain(allowed)
    expect(own?.example).not.toBe('')
    if (example !== undefined) expect(own?.example).toBe(example)
  })

  test('are told everything at once', () => {
    const all = problems(
      [task({ id: 'A', dependsOn: ['B'] }), task({ id: 'B', dependsOn: ['C', 'A'], evidence: [] })],
      'nonsense',
      task({ id: 'A', title: 3 }),
      task({
        id: 'C',
        extra: 1,
        evidence: [
          { kind: 'pathExists', path: '/x', why: 1 },
          { kind: 'pathAbsent', glbo: 1 },
        ],
      }),
    )
    expect(all.map(({ path, found }) => `${path}: ${found}`)).toEqual([
      '--task-json[1]: --task-json[1] is not valid JSON: ' + jsonError('nonsense'),
      'tasks[1].evidence: []',
      'tasks[2].title: 3',
      'tasks[3].evidence[0].path: "/x"',
      'tasks[3].evidence[0].why: unknown key "why"',
      'tasks[3].evidence[1].glbo: unknown key "glbo"',
      'tasks[3].evidence[1]: {"kind":"pathAbsent","glbo":1}',
      'tasks[3].extra: unknown key "extra"',
      'tasks[2].id: "A", which tasks[0] already has',
      'tasks[1].dependsOn: a cycle: A → B → A',
    ])
  })

  test('two cycles are two problems, a shared way into them none', () => {
    const all = problems([
      task({ id: 'start', dependsOn: ['a', 'x', 'end'] }),
      task({ id: 'a', dependsOn: ['b'] }),
      task({ id: 'b', dependsOn: ['c'] }),
      task({ id: 'c', dependsOn: ['a'] }),
      task({ id: 'x', dependsOn: ['y', 'end'] }),
      task({ id: 'y', dependsOn: ['x'] }),
      task({ id: 'end' }),
    ])
    expect(all.map(({ path, found }) => [path, found])).toEqual([
      ['tasks[3].dependsOn', 'a cycle: a → b → c → a'],
      ['tasks[5].dependsOn', 'a cycle: x → y → x'],
    ])
  })

  test('more than two hundred are too many, and no more is read', () => {
    const many = Array.from({ length: 2000 }, (_, index) => task({ id: `T${index}` }))
    expect(problems(many)).toMatchObject([{ path: 'tasks', found: 'more than 200 tasks' }])
  })

  test('whatever the JSON, the answer is a value', () => {
    const kind = fc.constantFrom(
      'pathExists',
      'pathChanged',
      'fileMatches',
      'commandRef',
      '__proto__',
      'constructor',
    )
    const evidence = fc.dictionary(
      fc.constantFrom('path', 'glob', 'min', 'pattern', '__proto__'),
      fc.jsonValue(),
    )
    const odd = fc.record(
      {
        id: fc.oneof(fc.constantFrom('A', 'B', '__proto__'), fc.jsonValue()),
        title: fc.jsonValue(),
        dependsOn: fc.oneof(fc.array(fc.constantFrom('A', 'B', '__proto__')), fc.jsonValue()),
        evidence: fc.oneof(
          fc.array(fc.tuple(evidence, kind).map(([one, k]) => ({ ...one, kind: k }))),
          fc.jsonValue(),
        ),
      },
      { requiredKeys: [] },
    )
    holds(
      500,
      fc.property(fc.array(fc.oneof(odd, fc.jsonValue()), { maxLength: 4 }), (tasks) => {
        const result = parseTasks([JSON.stringify(tasks)])
        if (!result.ok) expect(result.error.length).toBeGreaterThan(0)
      }),
    )
  })
})

function jsonError(text: string): string {
  try {
    return String(JSON.parse(text))
  } catch (error) {
    return (error as Error).message
  }
}
