import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { collectPins } from '../../src/definition/index.ts'
import { command, workspace } from './workspace.ts'
import { long, sampleOf } from '../rig/long.ts'

/*
 * An agent writes the files that pins are read from, and a pattern that begins anew at every blank of a long line takes
 * minutes. Nothing here looks at a clock: what does not come to an end runs into the test's own time limit.
 */

const texts = [
  'justfile',
  'Taskfile.yml',
  'deno.jsonc',
  'Makefile',
  'pnpm-workspace.yaml',
  '.yarnrc',
  '.yarnrc.yml',
  '.npmrc',
  'lerna.json',
  'pyproject.toml',
  'setup.cfg',
  'tox.ini',
  'Cargo.toml',
  '.cargo/config.toml',
  'go.mod',
  'pom.xml',
  'build.gradle',
  'check.sh',
  'check.py',
  'tsconfig.json',
  'jest.config.js',
  'lefthook.yml',
  'global.json',
  'Directory.Build.props',
  'phpunit.xml',
  'Rakefile',
]
const commands = [
  ['just', 'test'],
  ['task', 'test'],
  ['deno', 'task', 'test'],
  ['make', 'test'],
  ['npm', 'test'],
  ['pnpm', '-r', 'test'],
  ['yarn', 'test'],
  ['npx', 'tsc', '-p', '.'],
  ['npx', 'jest', '--config', 'jest.config.js'],
  ['python3', '-m', 'pytest'],
  ['python3', 'check.py'],
  ['tox'],
  ['cargo', 'test'],
  ['go', 'test'],
  ['composer', 'run', 'test'],
  ['mvn', 'verify'],
  ['gradle', 'check'],
  ['dotnet', 'test'],
  ['rake'],
  ['sh', 'check.sh'],
].map((argv) => command(argv))

/** At either size a pattern that is quadratic in it takes minutes. */
const size = long ? 1_000_000 : 350_000
const fill = (piece: string, length = size): string => piece.repeat(Math.ceil(length / piece.length))

const roots: string[] = []
afterEach(() => {
  for (const root of roots.splice(0)) fs.rmSync(root, { recursive: true, force: true })
})

// oxfmt-ignore
const pieces = [
  ' ', '\t', '\r', '\n', '\f', '\u2028', ' \r', '\r\n', ' \n', 'a', '1', '.',
  '-', '@', '[', ']', '{', '(', '"', "'", '`', '\\', '\\\n', '#',
  '=', ',', ':', ';', '*', '<', '$(', '"$(', '- ', ' - ', 'a:\r', 'a:',
  'a[', '<!--', '<build>', 'path:\r', 'packages:\r', '["packages":[', 'include ', '"cmd"', 'objectformat ', 'Api(', 'implementation', '\r-',
]

test.each(sampleOf(pieces, 6).map((piece) => [JSON.stringify(piece), piece] as const))(
  'a very long line of %s in every file that pins rest on comes to an end',
  (_shown, piece) => {
    const line = fill(piece)
    const text = `test:\n ${line}a\rb\n\t${piece}x:\n${line}#\n`
    const script = fill(piece, 60_000)
    const scripts = { test: `${script}a\rb`, pretest: `pnpm --filter ${script}x test; ${script}/node` }
    const json = JSON.stringify({ name: 'a', scripts, workspaces: [script.slice(0, 2000)] })
    const root = workspace({
      ...Object.fromEntries(texts.map((name) => [name, text])),
      'package.json': json,
      'composer.json': json,
    })
    roots.push(root)
    const found = collectPins(root, commands, '/usr/bin:/bin')
    expect(found.ok ? 'ok' : found.error.code).toMatch(/^(?:ok|pin-unreadable|pin-too-many)$/)
    fs.rmSync(path.join(root, 'package.json'))
    expect(collectPins(root, commands, '/usr/bin:/bin')).toBeDefined()
  },
)

test.each([
  ['just', 'justfile'],
  ['task', 'Taskfile.yml'],
  ['make', 'Makefile'],
])('what %s runs is followed in a file with carriage returns as well', (program, name) => {
  const root = workspace({ [name]: 'test:\r\n\tsh ./ci.sh\r\n', 'ci.sh': 'exit 0\n' })
  roots.push(root)
  const found = collectPins(root, [command([program, 'test'])], '/usr/bin:/bin')
  expect(found.ok && found.value.map((pin) => pin.id)).toContain('file:ci.sh')
})
