import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { cachesMadeFirst, packageCachesMadeFirst } from '../../src/gates/make-caches.ts'

let home: string
beforeEach(() => {
  home = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'autoloop-fresh-'))
  for (const program of ['go', 'npm', 'pnpm']) {
    fs.mkdirSync(path.join(home, 'tools', program), { recursive: true })
    fs.writeFileSync(path.join(home, 'tools', program, program), '', { mode: 0o755 })
  }
})
afterEach(() => fs.rmSync(home, { recursive: true, force: true }))

const pathOf = (programs: readonly string[]): string =>
  programs.map((program) => path.join(home, 'tools', program)).join(':')
const made = (programs: readonly string[], vars: Readonly<Record<string, string>> = {}): string[] =>
  cachesMadeFirst(
    {
      home: path.join(home, '.codex/autoloop'),
      codexHome: path.join(home, '.codex'),
      vars: { HOME: home, ...vars },
    },
    pathOf(programs),
  ).map((dir) => path.relative(home, dir))

test('a fresh home has the caches of the programs that gates find, and of no others', () => {
  expect(made([])).toEqual([])
  expect(fs.readdirSync(home)).toEqual(['tools'])
  expect(made(['go'])).toEqual(['.cache/go-build'])
  expect(fs.statSync(path.join(home, '.cache/go-build')).mode & 0o777).toBe(0o700)
  expect(made(['npm']).sort()).toEqual(['.cache/go-build', '.npm/_cacache', '.npm/_logs'])
  expect(fs.readdirSync(home).sort()).toEqual(['.cache', '.npm', 'tools'])
})

test('a fresh home has the store of pnpm before a step of prepare, where there is pnpm', () => {
  const packages = (programs: readonly string[]): string[] =>
    packageCachesMadeFirst({ vars: { HOME: home } }, pathOf(programs)).map((dir) => path.relative(home, dir))
  expect(packages(['npm'])).toEqual([])
  expect(packages(['pnpm'])).toEqual(['.local/share/pnpm/store'])
  expect(fs.readdirSync(home).sort()).toEqual(['.local', 'tools'])
})

test('a cache that a variable names is made where it says', () => {
  expect(made(['go'], { GOCACHE: path.join(home, 'builds') })).toContain('builds')
  expect(made(['go'], { XDG_CACHE_HOME: path.join(home, 'xdg') })).toContain('xdg/go-build')
})

test('what cannot be made, or is a file, is left out', () => {
  fs.writeFileSync(path.join(home, '.cache'), '')
  expect(made(['go'])).toEqual([])
})

test('nothing of ours, of programs or of a pattern becomes a cache', () => {
  for (const GOCACHE of [
    path.join(home, '.codex/autoloop/x'),
    path.join(home, 'bin/x'),
    path.join(home, 'a*b'),
  ]) {
    expect(made(['go'], { GOCACHE })).toEqual(['.cache/go-build'])
    expect(fs.existsSync(GOCACHE)).toBe(false)
  }
})
