import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import type { Command } from '../../src/contract/types.ts'
import { changeOf } from '../../src/definition/difference.ts'
import { collectPins, diffPins } from '../../src/definition/index.ts'
import { changeWords } from '../../src/verdict/words/definition.ts'
import type { Pin } from '../../src/definition/types.ts'
import { command } from '../gates/rig.ts'
import { holds } from '../rig/long.ts'
import { mutatedBytes, mutatedText, text } from './arbitrary.ts'

let root: string
let bin: string
beforeAll(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'fuzz-pins-'))
  bin = fs.mkdtempSync(path.join(os.tmpdir(), 'fuzz-bin-'))
})
afterAll(() => {
  for (const dir of [root, bin]) fs.rmSync(dir, { recursive: true, force: true })
})

const manifest = {
  name: 'a',
  type: 'module',
  scripts: { pretest: 'npm run build', test: 'jest --config jest.config.js', build: 'tsc -p .' },
  workspaces: ['packages/*'],
  packageManager: 'pnpm@9.0.0',
  jest: { preset: 'x', setupFiles: ['./setup.js'] },
  devDependencies: { jest: '1.0.0' },
}
/** What decides what these commands mean, as a person would have written it. Objects are written as JSON. */
const files: Readonly<Record<string, unknown>> = {
  'package.json': manifest,
  'packages/b/package.json': { name: 'b', scripts: { test: 'node --test' } },
  'tsconfig.json': { extends: './base.json', compilerOptions: { strict: true }, references: [{ path: 'b' }] },
  'composer.json': { scripts: { test: ['phpunit', '@lint'], lint: 'php -l .' } },
  '.npmrc': 'script-shell=/bin/sh\nnode-options=--max-old-space-size=1\n',
  'pnpm-workspace.yaml': 'packages:\n  - packages/*\ncatalog:\n  jest: 1.0.0\n',
  '.yarnrc.yml': 'plugins:\n  - path: .yarn/plugins/a.cjs\nyarnPath: .yarn/releases/yarn.cjs\n',
  Makefile: 'include rules.mk\nSHELL := /bin/sh\ntest: build\n\t$(MAKE) -C sub test\nbuild:\n\techo a\n',
  'rules.mk': 'export A = b\n',
  'pyproject.toml': '[tool.pytest.ini_options]\naddopts = "-q"\n[tool.mypy]\nstrict = true\n',
  'setup.cfg': '[tool:pytest]\naddopts = -q\n[mypy]\nplugins = a.b\n',
  'tox.ini': '[testenv]\ncommands = pytest {posargs}\n',
  'Cargo.toml': '[package]\nname = "a"\nbuild = "build.rs"\n[workspace]\nmembers = ["b"]\n',
  '.cargo/config.toml': '[build]\nrustc-wrapper = "sccache"\n[alias]\nt = "test"\n',
  'go.mod': 'module a\ngo 1.22\n',
  Justfile: 'set shell := ["sh", "-c"]\ntest:\n  echo a\n',
  'pom.xml': '<project><build><plugins><plugin/></plugins></build></project>\n',
  'check.sh': '#!/bin/sh\n. ./lib.sh\nnode check.js "$@" && (cd packages/b; npm test) || exit 1\n',
}
const commands: readonly Command[] = [
  ['npm', 'test'],
  ['pnpm', '-r', 'run', 'test'],
  ['yarn', 'test'],
  ['npx', 'tsc', '-p', '.'],
  ['make', 'test'],
  ['python3', '-m', 'pytest', '-q'],
  ['tox'],
  ['cargo', 't'],
  ['go', 'test', './...'],
  ['composer', 'run', 'test'],
  ['just', 'test'],
  ['mvn', '-q', 'verify'],
  ['sh', 'check.sh'],
  ['sh', '-c', 'npm test && make test'],
].map((argv, index) => command(`c${index}`, argv))

const wholeText = (name: string): string => {
  const right = files[name]
  return typeof right === 'string' ? right : JSON.stringify(right, null, 2)
}

function write(name: string, content: string | Buffer): void {
  const file = path.join(root, name)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, content)
}

function pinned(): readonly Pin[] | undefined {
  const collected = collectPins(root, commands, bin)
  if (collected.ok) return collected.value
  expect(collected.error.code).toMatch(/^pin-(?:unreadable|too-many)$/)
  expect(collected.error.message.length).toBeLessThan(5_000)
  return undefined
}

function writeAll(): readonly Pin[] {
  for (const name of Object.keys(files)) write(name, wholeText(name))
  return pinned()!
}

test('whatever stands in a file that gives gates their meaning: pinned the same twice, or refused by name', () => {
  const right = writeAll()
  const broken = fc.constantFrom(...Object.keys(files)).chain((name) => {
    const whole = wholeText(name)
    const damaged = typeof files[name] === 'string' ? text : mutatedText(files[name])
    return fc
      .oneof<fc.Arbitrary<string | Buffer>[]>(damaged, text, mutatedBytes(Buffer.from(whole)))
      .map((content) => ({ name, whole, content }))
  })
  return holds(
    { short: 80, long: 3_000 },
    fc.property(broken, ({ name, whole, content }) => {
      write(name, content)
      try {
        const now = pinned()
        if (!now) return
        expect(pinned()).toEqual(now)
        for (const change of diffPins(right, now))
          expect(changeWords(changeOf(change)).length).toBeLessThan(20_000)
      } finally {
        write(name, whole)
      }
    }),
  )
})

test('a script that says something else is a change, whatever it says', () => {
  const right = writeAll()
  return holds(
    { short: 40, long: 1_500 },
    fc.property(fc.constantFrom('pretest', 'test', 'build'), text, (name, script) => {
      fc.pre(script !== manifest.scripts[name as 'test'])
      write('package.json', JSON.stringify({ ...manifest, scripts: { ...manifest.scripts, [name]: script } }))
      try {
        const now = pinned()
        if (now) expect(diffPins(right, now).map((change) => change.file)).toContain('package.json')
      } finally {
        write('package.json', wholeText('package.json'))
      }
    }),
  )
})
