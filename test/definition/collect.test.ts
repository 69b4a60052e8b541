import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { holds, long } from '../rig/long.ts'
import { collectPins, diffPins } from '../../src/definition/index.ts'
import { pinId, versionId } from '../../src/definition/pin-id.ts'
import { type Files, changed, command, workspace, write } from './workspace.ts'

const roots: string[] = []
const make = (files: Files): string => {
  const root = workspace(files)
  roots.push(root)
  return root
}
afterEach(() => {
  for (const root of roots.splice(0)) fs.rmSync(root, { recursive: true, force: true })
})
const npmTest = [command(['npm', 'test'])]
const PATH = '/usr/bin:/bin'
const pkg = (scripts: object, more: object = {}): string => JSON.stringify({ scripts, ...more })

describe('collectPins', () => {
  test('says the same twice, sorted, with what must stay absent', () => {
    const root = make({ 'package.json': pkg({ test: 'jest && make' }), Makefile: 'x:\n' })
    const first = collectPins(root, npmTest, PATH)
    const again = collectPins(root, npmTest, PATH)
    if (!first.ok) throw new Error(first.error.message)
    expect(again).toEqual(first)
    const ids = first.value.map((pin) => pin.id)
    expect(ids).toEqual([...ids].sort())
    const byId = Object.fromEntries(first.value.map((pin) => [pin.id, pin]))
    expect(byId['package.json#scripts.test']).toMatchObject({ file: 'package.json', text: 'jest && make' })
    for (const absent of [
      'package.json#scripts.pretest',
      'file:GNUmakefile',
      'file:jest.config.js',
      'file:.npmrc',
    ])
      expect(byId[absent]).toMatchObject({ value: null })
    expect(byId['file:Makefile']?.value).toMatch(/^[0-9a-f]{64}$/)
  })

  test.each([
    'package.json',
    'Makefile',
    'jest.config.js',
    '.npmrc',
    'ci.sh',
    'node_modules/.bin/jest',
    'node_modules/.bin/node',
  ])('a FIFO as %s is a failure that names it, not a hang', (file) => {
    const root = make({
      'package.json': pkg({ test: 'jest && make && sh ci.sh' }),
      'node_modules/.bin/x': '',
    })
    fs.rmSync(path.join(root, file), { force: true })
    execFileSync('mkfifo', [path.join(root, file)])
    expect(collectPins(root, npmTest, PATH)).toMatchObject({
      ok: false,
      error: { code: 'pin-unreadable', data: { file } },
    })
  })

  test('a link to a FIFO, a dangling link and a directory in place of a file', () => {
    const root = make({ Makefile: '-> pipe', makefile: '-> nowhere', 'GNUmakefile/x': '' })
    const before = collectPins(root, [command(['make'])], PATH)
    expect(before.ok).toBe(true)
    execFileSync('mkfifo', [path.join(root, 'pipe')])
    expect(collectPins(root, [command(['make'])], PATH)).toMatchObject({
      ok: false,
      error: { code: 'pin-unreadable', data: { file: 'Makefile' } },
    })
  })

  test.each(['{', '[]', 'null', '"x"'])('package.json holding %s is a failure', (text) => {
    const root = make({ 'package.json': text })
    expect(collectPins(root, npmTest, PATH)).toMatchObject({ ok: false, error: { code: 'pin-unreadable' } })
  })

  test('package.json with odd but legal content is none', () => {
    const scripts = '{"__proto__":"a","constructor":"b","test":1}'
    const root = make({ 'package.json': `\uFEFF{"scripts":${scripts},"jest":null,"workspaces":7}` })
    const commands = [
      ['npm', 'run', '__proto__'],
      ['npm', 'run', 'toString'],
      ['npm', 'test', '-ws'],
    ].map((argv) => command(argv))
    const pins = collectPins(root, commands, PATH)
    if (!pins.ok) throw new Error(pins.error.message)
    const values = Object.fromEntries(pins.value.map((pin) => [pin.id, pin.text ?? pin.value]))
    expect(values['package.json#scripts.__proto__']).toBe('a')
    expect(values['package.json#scripts.toString']).toBe(null)
  })

  test('secrets do not become text', () => {
    const root = make({
      'package.json': pkg({ test: 'x' }),
      '.npmrc': '//r/:_authToken=s3cret\n',
      '.yarnrc.yml': 'a: s3cret\n',
      '.env': 'K=s3cret',
    })
    const commands = [
      ['npm', 'test'],
      ['yarn', 'test'],
      ['bun', 'run', 'test'],
    ].map((argv) => command(argv))
    expect(JSON.stringify(collectPins(root, commands, PATH))).not.toContain('s3cret')
  })

  test('scripts that call each other in a circle end', () => {
    const root = make({
      'package.json': pkg({ test: 'npm run a', a: 'npm run test && cd . && npm run a', pretest: 'npm test' }),
    })
    expect(collectPins(root, npmTest, PATH).ok).toBe(true)
  })

  // Seconds each, and bounded by what bounds the others.
  const slow: [string, Files][] = [
    [
      'task files that take in each other and much more',
      {
        'package.json': pkg({ test: 'just a' }),
        justfile: 'import "justfile"\nimport "b"\n'.repeat(50_000),
        b: `import "justfile"\n${'mod x\n'.repeat(100_000)}`,
      },
    ],
    [
      'lerna without end',
      { 'package.json': pkg({ test: 'lerna run x' }), 'lerna.json': '"packages":['.repeat(200_000) },
    ],
  ]
  // Each of these would take minutes with one careless loop or expression; the suite's time limit is the judge.
  test.each<[string, Files]>([
    ['deep substitutions', { 'package.json': pkg({ test: '$('.repeat(100_000) }) }],
    ['many assignments', { 'package.json': pkg({ test: 'a=b '.repeat(500_000) }) }],
    [
      'many wildcards',
      { 'package.json': pkg({ test: `run-s "${'*a'.repeat(100)}b"`, ['a'.repeat(50_000)]: 'x' }) },
    ],
    [
      'many dots in a filter',
      { 'package.json': pkg({ test: `pnpm --filter ${'.'.repeat(60_000)}x run y` }, { workspaces: ['*'] }) },
    ],
    [
      'many globs',
      {
        'package.json': pkg(
          { test: 'npm run x -ws' },
          { workspaces: Array(2000).fill('**/**/**/**/**/**/x') },
        ),
      },
    ],
    [
      'nested wrappers',
      { 'package.json': pkg({ test: 'env '.repeat(10_000) + 'uv run '.repeat(5000) + 'pytest' }) },
    ],
    [
      'deep JSON',
      { 'package.json': `{"scripts":{"test":"jest"},"jest":${'['.repeat(50_000)}${']'.repeat(50_000)}}` },
    ],
    [
      'a long blank line in a justfile',
      { 'package.json': pkg({ test: 'just a' }), justfile: `a:\n  b\n${' '.repeat(1_000_000)}a\rb\n` },
    ],
    [
      'a makefile of many targets with many prerequisites',
      {
        'package.json': pkg({ test: 'make a' }),
        Makefile: `${'a b c d e: a b c d e\n\tcp a; b\n'.repeat(50_000)}${'a '.repeat(9000)}: ${'b '.repeat(900_000)}`,
      },
    ],
    [
      'settings that name very many others',
      {
        'package.json': pkg({ test: 'jest' }),
        'jest.config.js': Array.from(
          { length: 100_000 },
          (_, n) => `preset: './p${n}', projects: ['q${n}*'],`,
        ).join(''),
      },
    ],
    [
      'an endless makefile',
      {
        'package.json': pkg({ test: 'make' }),
        Makefile: `include Makefile\n${' '.repeat(1_000_000)}\n${'\\\n'.repeat(300_000)}`,
      },
    ],
    [
      'a pom of openings',
      {
        'package.json': pkg({ test: 'mvn test' }),
        'pom.xml': `${'<build>'.repeat(200_000)}${'<!--'.repeat(200_000)}<${'a'.repeat(1_000_000)}`,
      },
    ],
    [
      'blank lines in YAML',
      {
        'package.json': pkg({ test: 'yarn x && pnpm y' }),
        '.yarnrc.yml': '\n'.repeat(2_000_000),
        'pnpm-workspace.yaml': `packages:\n${' \n'.repeat(200_000)}x`,
      },
    ],
    ...(long ? slow : []),
  ])('bounded: %s', (_, files) => {
    const result = collectPins(make(files), npmTest, PATH)
    expect(result.ok || result.error.code).toEqual(expect.anything())
  })

  test('nothing throws, whatever the scripts, makefile and settings say', () => {
    const root = make({})
    const piece = fc.constantFrom(
      'npm run a',
      '$(',
      ')',
      '"',
      "'",
      '`',
      '\\',
      '\n',
      ' && ',
      'cd ..',
      '-w',
      '*',
      'make -C',
      'jest -c',
      '../..',
      '\0',
      'é',
      '<<EOF',
      '{',
      ' ',
      'python -m',
      '/abs',
      'node',
      'x'.repeat(300),
      '..',
      'yarn workspace',
      'sh -c',
      '__proto__',
      'constructor',
    )
    const text = fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }).map((parts) => parts.join(' '))
    holds(
      { short: 300, long: 10_000 },
      fc.property(text, text, text, (a, b, c) => {
        write(root, { 'package.json': pkg({ test: a, a: b }), Makefile: c, 'jest.config.js': b, 'ci.sh': c })
        const pins = collectPins(
          root,
          [...npmTest, command(['make']), command(['sh', 'ci.sh']), command(['sh', '-c', a])],
          PATH,
        )
        if (pins.ok) expect(diffPins(pins.value, pins.value)).toEqual([])
      }),
    )
  })
})

test.each([
  { argv: ['just', 'test'], file: 'justfile', text: `test:\n${' '.repeat(1_500_000)}a\rb\n` },
  { argv: ['task', 'test'], file: 'Taskfile.yml', text: `a:\n  cmd${' '.repeat(1_500_000)}:\rb\n` },
  { argv: ['rake'], file: 'Rakefile', text: `${'\n'.repeat(1_500_000)}x` },
  { argv: ['cargo', 'test'], file: 'Cargo.toml', text: `a = "${' '.repeat(1_500_000)}"\n[b` },
  { argv: ['gradle', 'test'], file: 'settings.gradle', text: `include "a"${' '.repeat(1_500_000)}x` },
  { argv: ['mvn', 'test'], file: 'pom.xml', text: '<a '.repeat(500_000) },
  { argv: ['bundle', 'exec', 'x'], file: 'Gemfile', text: `gem "a"${', '.repeat(700_000)}x` },
  { argv: ['mypy', 'x'], file: 'setup.cfg', text: '['.repeat(1_500_000) },
  { argv: ['go', 'test'], file: 'go.mod', text: '/'.repeat(1_500_000) },
])('a $file made to hang its reader costs no more than its length', ({ argv, file, text }) => {
  expect(changed({ [file]: text }, [command(argv)], {})).toEqual([])
})

describe('diffPins', () => {
  test('a pin missing on either side is an absent one', () => {
    const pin = { id: pinId('file', 'a'), value: 'x', file: 'a' }
    expect(diffPins([pin], [])).toEqual([{ id: 'file:a', file: 'a', before: 'x', after: null }])
    expect(diffPins([], [pin])).toEqual([{ id: 'file:a', file: 'a', before: null, after: 'x' }])
    expect(diffPins([{ ...pin, value: null }], [])).toEqual([])
  })

  test('pins that only a newer version takes are not held against an older run', () => {
    const version = (value: string) => ({ id: versionId, value, file: '' })
    const added = { id: pinId('file', 'new'), value: 'x', file: 'new' }
    const kept = { id: pinId('file', 'a'), value: 'x', file: 'a' }
    expect(diffPins([version('0'), kept], [version('1'), kept, added])).toEqual([])
    expect(diffPins([version('0'), kept], [version('1'), added])).toHaveLength(1)
  })

  test('a member that leaves a workspace-wide run is a change', () => {
    const files = {
      'package.json': JSON.stringify({ workspaces: ['p/*'] }),
      'p/a/package.json': JSON.stringify({ name: 'a', scripts: { test: 'jest' } }),
    }
    const found = changed(files, [command(['npm', 'test', '-ws'])], { 'p/a': null })
    expect(found.map((one) => one.id)).toEqual(['p/a/package.json#scripts.test'])
  })
})
