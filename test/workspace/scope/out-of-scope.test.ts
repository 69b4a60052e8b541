import { expect, test } from '@jest/globals'
import { isInstructionFile } from '../../../src/contract/instruction-files.ts'
import { structuredFormat } from '../../../src/contract/structured-files.ts'
import type { ChangeKind } from '../../../src/evidence/types.ts'
import { compareParts } from '../../../src/workspace/scope/compare-parts.ts'
import { outOfScope, partlyOpen } from '../../../src/workspace/scope/out-of-scope.ts'

/** What the engine calls definition is its own matter: here it is manifests, dotfiles and instruction files. */
const isDefinition = (path: string): boolean =>
  isInstructionFile(path) || /(?:^|\/)(?:\..*|package\.json|go\.mod|Makefile)$/.test(path)

type Text = readonly [was: string, now: string]

/** `path (why)` or `path#/pointer (why)` of each, in order. */
function out(
  scopes: readonly (readonly string[])[],
  paths: readonly string[],
  { kind = 'modified', texts = {} }: { kind?: ChangeKind; texts?: Readonly<Record<string, Text>> } = {},
): readonly string[] {
  const changes = paths.map((path) => ({ path, kind, state: 'f 0' }))
  const known = new Set(partlyOpen(scopes, changes))
  return outOfScope(
    scopes,
    changes,
    (path, open) => {
      if (!known.has(path)) throw new Error(`nobody asked for the text of ${path}`)
      const [was, now] = texts[path] ?? ['', '']
      return compareParts(structuredFormat(path) ?? 'json', was, now, open)
    },
    isDefinition,
  ).map(({ path, pointer, why }) => `${path}${pointer === null ? '' : `#${pointer}`} (${why})`)
}

const one = (scope: readonly string[], path: string): string | undefined => out([scope], [path])[0]

test.each<[scope: string[], path: string, expected: string | undefined]>([
  [['src/**'], 'src/a.ts', undefined],
  [['src/**'], 'src/deep/b.ts', undefined],
  [['src/'], 'src/a.ts', undefined],
  [['src'], 'src/a.ts', undefined],
  [['src/**'], 'srcs/a.ts', 'srcs/a.ts (outside)'],
  [['src/**'], 'test/a.ts', 'test/a.ts (outside)'],
  [['**/*.ts'], 'a.ts', undefined],
  [['*.ts'], 'src/a.ts', 'src/a.ts (outside)'],
  [['src/{a,b}.ts'], 'src/b.ts', undefined],
  [['app/[id]/page.ts'], 'app/[id]/page.ts', undefined],
  [['docs/C\\#/**'], 'docs/C#/a.md', undefined],
])('%j and %s: %s', (scope, path, expected) => {
  expect(one(scope, path)).toBe(expected)
})

test.each<[scope: string[], path: string, expected: string | undefined]>([
  [['src/**'], 'src/.npmrc', 'src/.npmrc (definition)'],
  [['**'], '.npmrc', '.npmrc (definition)'],
  [['**', 'src/.npmrc'], 'src/.npmrc', undefined],
  [['src/.npmr?'], 'src/.npmrc', 'src/.npmrc (definition)'],
  [['src/{.npmrc,x}'], 'src/.npmrc', 'src/.npmrc (definition)'],
  [['src/.*'], 'src/.npmrc', 'src/.npmrc (definition)'],
  [['src'], 'src/.npmrc', 'src/.npmrc (definition)'],
  [['src/.npmrc'], 'packages/a/src/.npmrc', 'packages/a/src/.npmrc (outside)'],
  [['src/**'], 'src/package.json', 'src/package.json (definition)'],
  [['package.json'], 'package.json', undefined],
  [['packages/*/package.json'], 'packages/a/package.json', 'packages/a/package.json (definition)'],
  [['**'], 'go.mod', 'go.mod (definition)'],
  [['**'], 'AGENTS.md', 'AGENTS.md (definition)'],
  [['docs/**'], 'docs/deep/agents.md', 'docs/deep/agents.md (definition)'],
  [['docs/**', 'docs/CLAUDE.md'], 'docs/CLAUDE.md', undefined],
  [['.claude/**'], '.claude/settings.json', '.claude/settings.json (definition)'],
  [['.agents/skills/x/SKILL.md'], '.agents/skills/x/SKILL.md', undefined],
  [['.agents/**'], '.agents/skills/x/SKILL.md', '.agents/skills/x/SKILL.md (definition)'],
])('to the letter: %j and %s: %s', (scope, path, expected) => {
  expect(one(scope, path)).toBe(expected)
})

test('a file of which parts are named may differ there and nowhere else', () => {
  const scope = ['src/**', 'package.json#/dependencies', 'package.json#/version']
  const was = '{"version":"1","scripts":{"test":"x"},"dependencies":{}}'
  const now = (text: string) => out([scope], ['package.json'], { texts: { 'package.json': [was, text] } })
  expect(now('{"version":"2","scripts":{"test":"x"},"dependencies":{"a":"1"}}')).toEqual([])
  expect(now('{"version":"2","scripts":{"test":"y","b":"z"},"dependencies":{}}')).toEqual([
    'package.json#/scripts/test (part)',
    'package.json#/scripts/b (part)',
  ])
  expect(now('{')).toEqual(['package.json (unreadable)'])
})

test.each<ChangeKind>(['added', 'removed', 'type', 'mode'])('%s is more than a part of a file', (kind) => {
  expect(out([['package.json#/dependencies']], ['package.json'], { kind })).toEqual(['package.json (part)'])
})

test('a whole file that is named besides its parts is open', () => {
  const texts: Readonly<Record<string, Text>> = { 'package.json': ['{"a":1}', '{"a":2}'] }
  expect(out([['package.json', 'package.json#/b']], ['package.json'], { texts })).toEqual([])
  // A glob opens what is no definition, and nothing else.
  expect(out([['**', 'package.json#/b']], ['package.json'], { texts })).toEqual(['package.json#/a (part)'])
  expect(out([['src/**', 'src/data.json#/b']], ['src/data.json'])).toEqual([])
})

test('the scope of a contract only narrows', () => {
  const policy = ['src/**', 'package.json']
  expect(out([policy, ['**']], ['src/a.ts', 'lib/a.ts'])).toEqual(['lib/a.ts (outside)'])
  expect(out([policy, ['src/a/**']], ['src/a/b.ts', 'src/b.ts'])).toEqual(['src/b.ts (outside)'])
  // Named to the letter in both, or it is not open.
  expect(out([policy, ['**']], ['package.json'])).toEqual(['package.json (definition)'])
  const texts: Readonly<Record<string, Text>> = { 'package.json': ['{"a":1,"b":1}', '{"a":2,"b":2}'] }
  expect(out([policy, ['package.json#/a']], ['package.json'], { texts })).toEqual(['package.json#/b (part)'])
  expect(out([['package.json#/a'], ['package.json#/b']], ['package.json'], { texts })).toEqual([
    'package.json#/b (part)',
    'package.json#/a (part)',
  ])
})

test('without a scope anything may differ', () => {
  expect(out([], ['.npmrc', 'x'])).toEqual([])
})

test.each([
  'AGENTS.md',
  'packages/a/AGENTS.md',
  'agents.MD',
  'CLAUDE.md',
  'GEMINI.md',
  '.mcp.json',
  '.codex/config.toml',
  '.claude/skills/x/SKILL.md',
  '.gemini/settings.json',
  'a/.cursor/rules/x.mdc',
  '.agents/skills/x/run.sh',
  '.github/copilot-instructions.md',
  '.github/instructions/a.instructions.md',
])('agents are told by %s', (path) => {
  expect(isInstructionFile(path)).toBe(true)
})

test.each(['docs/agents.txt', 'src/claude.ts', '.github/workflows/ci.yml', 'agents/a.md', 'x.mcp.json'])(
  'agents are not told by %s',
  (path) => {
    expect(isInstructionFile(path)).toBe(false)
  },
)
