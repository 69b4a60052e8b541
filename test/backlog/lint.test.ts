import { describe, expect, test } from '@jest/globals'
import { lookAtBacklog } from '../../src/backlog/read-backlog.ts'
import { config, configObject, configOf, markdown, places } from './rig.ts'

function look(files: Readonly<Record<string, string>>, by = config) {
  const texts = Object.entries(files).map(([name, text]) => ({ name, text }))
  return lookAtBacklog({ texts, problems: [] }, by)
}

function found(files: Readonly<Record<string, string>>, by = config): string[] {
  return places(look(files, by).problems)
}

const it = (after: string) => markdown(`after: [${after}]\nscope: [src/**]`)

describe('items taken together', () => {
  test('a good backlog comes by number', () => {
    const backlog = look({
      '1000-d.md': it('001'),
      '010-b.md': it('001'),
      '001-a.yaml': 'objective: a\nscope: [src/**]\n',
    })
    expect(backlog).toMatchObject({ items: [{ id: '001' }, { id: '010' }, { id: '1000' }], problems: [] })
  })

  test('no item is an error', () => {
    expect(found({})).toEqual(['.codex/backlog:1 (top level): no item'])
  })

  test.each<[string, Record<string, string>, string[]]>([
    ['itself', { '001-a.md': it('001') }, ['001-a.md:2 after: a cycle: 001 → 001']],
    [
      'a cycle of three, and one that leads into it',
      { '001-a.md': it('002'), '002-b.md': it('003'), '003-c.md': it('001'), '004-d.md': it('001') },
      ['003-c.md:2 after: a cycle: 001 → 002 → 003 → 001'],
    ],
    [
      'two cycles',
      { '001-a.md': it('002'), '002-b.md': it('001'), '003-c.md': it('004'), '004-d.md': it('003') },
      ['002-b.md:2 after: a cycle: 001 → 002 → 001', '004-d.md:2 after: a cycle: 003 → 004 → 003'],
    ],
    ['no cycle: a diamond', { '001-a.md': it(''), '002-b.md': it('001'), '003-c.md': it('001, 002') }, []],
    [
      'an unknown number',
      { '001-a.md': it('002, 007') },
      ['001-a.md:2 after[0]: "002"', '001-a.md:2 after[1]: "007"'],
    ],
    [
      'one number twice',
      { '001-a.md': it(''), '001-b.yaml': 'objective: b\nscope: [src/**]\n' },
      ['001-b.yaml:1 name: 001, which .codex/backlog/001-a.md already has'],
    ],
  ])('%s', (_what, files, expected) => {
    expect(found(files)).toEqual(expected.map((one) => `.codex/backlog/${one}`))
  })

  test('a file that cannot be read is there all the same, and everything is said at once', () => {
    expect(
      found({
        '001-a.md': it('002, 009'),
        '002-b.md': 'no heading',
        '003-c.md': markdown('scope:\n  - src/**\n  - **'),
      }),
    ).toEqual([
      '.codex/backlog/001-a.md:2 after[1]: "009"',
      '.codex/backlog/002-b.md:1 objective: nothing',
      '.codex/backlog/002-b.md:1 scope: nothing',
      '.codex/backlog/003-c.md:4 Markdown: a value that begins with * means something of its own in YAML: put quotes around a glob',
    ])
  })
})

test('what mends waits only for what mends', () => {
  const mending = (after: string) => markdown(`after: [${after}]\nscope: [src/**]\nmends: [test]`)
  expect(found({ '001-a.md': it(''), '002-b.md': mending(''), '003-c.md': mending('002, 001') })).toEqual([
    '.codex/backlog/003-c.md:2 after[1]: "001", which mends nothing',
  ])
})

describe('what an item names', () => {
  test.each<[string, string, string[]]>([
    ['agents that there are', 'agent: mine\nreview: [codex, mine]', []],
    ['an agent', 'agent: codx', ['3 agent: "codx"; did you mean codex?']],
    ['reviewers', 'review: [codex, gemini]', ['3 review[1]: "gemini"']],
    ['a red gate of the final profile', 'mends: [test]', []],
    [
      'commands that are in no final profile',
      'mends: [e2e, tset]',
      ['3 mends[0]: "e2e"', '3 mends[1]: "tset"; did you mean test?'],
    ],
  ])('%s', (_what, front, expected) => {
    expect(found({ '001-a.md': markdown(`scope: [src/**]\n${front}`) })).toEqual(
      expected.map((one) => `.codex/backlog/001-a.md:${one}`),
    )
  })
})

describe('the scope', () => {
  test.each([
    '**',
    '*',
    '**/*',
    '*/**',
    '**/**',
    './**',
    '/'.slice(1) + './',
    '{**,src/**}',
    '@(**|x)',
    '*/*',
    '?*',
    '[a-z]*/**',
    '*.*',
    '.*',
    '**/.*',
  ])('%s leaves everything open', (entry) => {
    expect(found({ '001-a.md': markdown(`scope: [src/**, "${entry}"]`) })).toEqual([
      expect.stringContaining('.codex/backlog/001-a.md:2 scope[1]: '),
    ])
  })

  test.each([
    'src/**',
    '*.md',
    '**/*.ts',
    'packages/*/src/**',
    '**/test/**',
    'package.json#/dependencies',
    'README.md',
  ])('%s names something', (entry) => {
    expect(found({ '001-a.md': markdown(`scope: ["${entry}"]`) })).toEqual([])
  })

  test.each(['src/**\\n      proof  all', 'src/\\e[2Ja/**', 'src/\\u202ea/**', 'src/a\\tb', 'src/\\u2028a'])(
    '%s shows a person something else than it is',
    (entry) => {
      expect(found({ '001-a.md': markdown(`scope: [src/**, "${entry}"]`) })).toEqual([
        expect.stringContaining('.codex/backlog/001-a.md:2 scope[1]: '),
      ])
    },
  )

  test.each(['.codex/**', '.codex', '.codex/autoloop.project.json', 'packages/app/.codex/**'])(
    '%s is never open',
    (entry) => {
      expect(found({ '001-a.md': markdown(`scope: [src/**, "${entry}"]`) })).toHaveLength(1)
    },
  )
})

describe('evidence that nothing can meet', () => {
  const scoped = (scope: string, evidence: string, more = '') =>
    found({
      '001-a.md': markdown(`scope: [${scope}]`, `# Do it\n## One\n${more}- pathChanged: ${evidence}\n`),
    })

  test.each([
    ['src/**', 'src/**'],
    ['src/**', 'src/a.ts'],
    ['src/**', 'src'],
    ['src/cart/**', 'src/**'],
    ['src/cart/**', 'src'],
    ['src/**/*.ts', 'src/deep/er'],
    ['src/a.ts', 'src/*.ts'],
    ['docs/**, src/**', 'src/x/**'],
    ['package.json#/dependencies', 'package.json'],
    ['conf.d/x.conf', 'conf.d'],
    ['"**/*.ts"', 'src/**'],
    ['.github/workflows/ci.yml', '.github/workflows/ci.yml'],
  ])('none in %s: %s', (scope, evidence) => {
    expect(scoped(scope, evidence)).toEqual([])
  })

  test.each([
    ['src/**', 'docs/**'],
    ['src/**', 'docs/a.md'],
    ['src/**', 'sr'],
    ['src/*.ts', 'src/deep/a.ts'],
    ['"**/*.ts"', 'src/a.js'],
    ['src/cart/**', 'src/shop/*.ts'],
    ['.github/**', '.github/workflows/ci.yml'],
    ['"**/*.env"', 'x/.env'],
  ])('in %s: %s', (scope, evidence) => {
    expect(scoped(scope, evidence)).toEqual([
      expect.stringContaining(`.codex/backlog/001-a.md:6 tasks[0].evidence[0]: pathChanged ${evidence}`),
    ])
  })

  test('is asked of required tasks alone, and of the scope of the config too', () => {
    const optional = markdown(
      'scope: [src/**]',
      '# Do it\n## One\n- pathChanged: src/**\n## Two\n- required: false\n- pathChanged: docs/**\n',
    )
    expect(found({ '001-a.md': optional })).toEqual([])
    const narrow = configOf({ ...configObject, policy: { scope: ['src/**'] } })
    const docs = markdown('scope: [docs/**]', '# Do it\n## One\n- pathChanged: docs/**\n')
    expect(found({ '001-a.md': docs })).toEqual([])
    expect(found({ '001-a.md': docs }, narrow)).toHaveLength(1)
  })
})
