import { expect, test } from '@jest/globals'
import { buildContract } from '../../src/contract/build.ts'
import { parseProjectConfig } from '../../src/contract/config.ts'
import { checkContractFile } from '../../src/contract/contract-file.ts'
import { normalScopeEntry, pointerText, readScopeEntry, scopeProblem } from '../../src/contract/scope.ts'

test.each([
  ['src/**', { glob: 'src/**', path: null, pointer: null }],
  ['package.json', { glob: 'package.json', path: 'package.json', pointer: null }],
  ['package.json#/dependencies', { glob: 'package.json', path: 'package.json', pointer: ['dependencies'] }],
  ['a.toml#/tool/uv', { glob: 'a.toml', path: 'a.toml', pointer: ['tool', 'uv'] }],
  ['a.json#/a~1b/~0', { glob: 'a.json', path: 'a.json', pointer: ['a/b', '~'] }],
  ['docs/C\\#/a.md', { glob: 'docs/C\\#/a.md', path: 'docs/C#/a.md', pointer: null }],
  ['a#b.md', { glob: 'a#b.md', path: 'a#b.md', pointer: null }],
])('%s', (text, expected) => {
  expect(readScopeEntry(text)).toEqual(expected)
  expect(scopeProblem(text)).toBeNull()
  const { pointer } = readScopeEntry(text)
  if (pointer) expect(text.endsWith(`#${pointerText(pointer)}`)).toBe(true)
})

test.each([
  ['', /empty/, /src/],
  ['../x', /without `..`/, /./],
  ['/etc', /relative/, /./],
  ['.git/config', /outside `.git`/, /./],
  ['packages/*/package.json#/dependencies', /without wildcards/, /^package\.json#/],
  ['README.md#/a', /JSON, TOML or YAML/, /^package\.json#/],
  ['package.json#/', /without `#`/, /^package\.json$/],
  ['package.json#', /without `#`/, /^package\.json$/],
  ['package.json#/dependencies/', /without `\/` at its end/, /^package\.json#\/dependencies$/],
  ['package.json#//a', /not empty/, /^package\.json#\/a$/],
  ['package.json#/a~2', /`~0`/, /./],
])('%s is refused', (text, allowed, example) => {
  const problem = scopeProblem(text)
  expect(problem?.allowed).toMatch(allowed)
  expect(problem?.example).toMatch(example)
})

test('one spelling per entry', () => {
  expect(['./src/', 'a//b.json#/x/y'].map(normalScopeEntry)).toEqual(['src/**', 'a/b.json#/x/y'])
})

const configWith = (policy: object) =>
  parseProjectConfig(JSON.stringify({ version: 1, commands: { test: ['true'] }, policy }), 'config')

test('a config says what may differ, in both versions', () => {
  for (const version of [1, 2]) {
    const config = parseProjectConfig(
      JSON.stringify({
        version,
        commands: { test: ['true'] },
        policy: { scope: ['src/', 'src/**', 'package.json#/dependencies'] },
      }),
      'config',
    )
    expect(config).toMatchObject({
      ok: true,
      value: { policy: { scope: ['src/**', 'package.json#/dependencies'] } },
    })
  }
  expect(configWith({})).not.toMatchObject({ value: { policy: { scope: expect.anything() } } })
})

test.each([
  [{ scope: [] }, 'policy.scope', /at least one/],
  [{ scope: 'src/**' }, 'policy.scope', /array/],
  [{ scope: ['src/**', '../x'] }, 'policy.scope[1]', /inside the repository/],
  [{ scope: ['a.md#/x'] }, 'policy.scope[0]', /JSON, TOML or YAML/],
  [{ scope: [1] }, 'policy.scope[0]', /a glob relative/],
])('%j has its problem at %s', (policy, path, allowed) => {
  const config = configWith(policy)
  expect(config.ok ? [] : config.error).toEqual([expect.objectContaining({ path })])
  expect(config.ok ? '' : config.error[0]?.allowed).toMatch(allowed)
})

test('a contract freezes the scope of the config and its own', () => {
  const config = configWith({ scope: ['src/**'] })
  if (!config.ok) throw new Error('no config')
  const asked = {
    contractId: 'c',
    objective: 'o',
    tasks: [],
    config: config.value,
    weaker: 'refuse',
  } as const
  const built = buildContract({ ...asked, scope: ['./src/a/'] })
  expect(built).toMatchObject({ ok: true, value: { policy: { scope: ['src/**'] }, scope: ['src/a/**'] } })
  expect(buildContract(asked)).not.toMatchObject({ value: { scope: expect.anything() } })
  const wrong = buildContract({ ...asked, scope: ['a', 'b.md#/x'] })
  expect(wrong.ok ? [] : wrong.error).toEqual([expect.objectContaining({ path: 'scope[1]' })])
  expect(buildContract({ ...asked, scope: [] })).toMatchObject({ ok: false, error: [{ path: 'scope' }] })
})

test.each([
  ['yaml', 'objective: o\nscope:\n  - src/**\n  - package.json#/dependencies\n'],
  ['json', '{"objective":"o","scope":["src/**","package.json#/dependencies"]}'],
  ['md', '---\nscope:\n  - src/**\n  - package.json#/dependencies\n---\n# o\n'],
] as const)('a contract file says it in %s', (format, text) => {
  expect(checkContractFile(text, format, null)).toMatchObject({
    problems: [],
    input: { scope: ['src/**', 'package.json#/dependencies'] },
  })
})

test('a contract file has its problems with their lines', () => {
  const bad = checkContractFile('objective: o\nscope:\n  - src/**\n  - a.md#/x\n', 'yaml', null)
  const config = configWith({})
  if (!config.ok) throw new Error('no config')
  const checked = checkContractFile('objective: o\nscope:\n  - src/**\n  - a.md#/x\n', 'yaml', config.value)
  for (const one of [bad, checked])
    expect(one.problems).toEqual([expect.objectContaining({ path: 'scope[1]', line: 4 })])
  expect(checkContractFile('objective: o\nscope: src\n', 'yaml', null).problems).toEqual([
    expect.objectContaining({ path: 'scope', line: 2, found: '"src"' }),
  ])
})
