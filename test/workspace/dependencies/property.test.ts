import * as fc from 'fast-check'
import { describe, expect, test } from '@jest/globals'
import { holds } from '../../rig/long.ts'
import { type Texts, bringsNothing, changes, said, secondLook } from './changes.ts'
import { RECORDED, recorded } from './recorded.ts'

const known = { installed: bringsNothing() }
const isFree = (was: Texts, now: Texts): boolean =>
  changes(was, now, known).every(({ kind }) => kind === 'free')

/** Lines that are as often there as they were, and say something. */
function keptLines(was: string, now: string): number[] {
  const count = (text: string, line: string): number => text.split('\n').filter((one) => one === line).length
  return now
    .split('\n')
    .flatMap((line, at) =>
      /\w/.test(line) && !/^\s*(?:#|\/\/)/.test(line) && count(was, line) === count(now, line) ? [at] : [],
    )
}

function mutated(text: string, at: number, kind: number, place: number): string {
  const lines = text.split('\n')
  const line = lines[at] ?? ''
  const signs = [...line.matchAll(/\w/g)].map(({ index }) => index)
  const sign = signs[place % signs.length] ?? 0
  const other = line[sign] === '7' ? '8' : '7'
  const exchanged = line.slice(0, sign) + other + line.slice(sign + 1)
  if (kind === 0) lines.splice(at, 1)
  else lines[at] = exchanged
  return lines.join('\n')
}

describe.each(RECORDED)('%s', (name) => {
  const was = recorded(name, 'was')
  const now = recorded(name, 'now')
  const lines = Object.keys(now).flatMap((file) =>
    keptLines(was[file] ?? '', now[file] ?? '').map((at) => ({ file, at })),
  )

  test('beside an honest addition, no line of the start is changed or left out for free', () => {
    expect(lines.length).toBeGreaterThan(3)
    holds(
      15,
      fc.property(fc.constantFrom(...lines), fc.nat(1), fc.nat(200), ({ file, at }, kind, place) => {
        const bent = { ...now, [file]: mutated(now[file] ?? '', at, kind, place) }
        fc.pre(bent[file] !== now[file])
        expect(isFree(was, bent)).toBe(false)
        expect(isFree(was, secondLook(was, bent, known))).toBe(true)
      }),
    )
  })
})

const FILES = [
  'package.json',
  'package-lock.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'requirements.txt',
  'pyproject.toml',
  'uv.lock',
  'poetry.lock',
  'pdm.lock',
  'Pipfile',
  'Pipfile.lock',
  'Cargo.toml',
  'Cargo.lock',
  'go.mod',
  'go.sum',
  'Gemfile',
  'Gemfile.lock',
  'composer.json',
  'composer.lock',
]
const text = fc.oneof(
  fc.string(),
  fc.json(),
  fc.constantFrom(
    '[package]\n',
    '[[package]]\n',
    '{"packages":{"":{}},"lockfileVersion":3}',
    'lockfileVersion: "9.0"\n',
    'GEM\n',
    '__metadata:\n  version: 8\n',
    'null',
    '[]',
  ),
)
const tree = fc.dictionary(fc.constantFrom(...FILES), text)

test('whatever the texts are, there is an answer for each file that differs, and the second look has free ones alone', () => {
  holds(
    60,
    fc.property(tree, tree, (was, now) => {
      const differ = FILES.filter((file) => was[file] !== now[file])
      expect(
        changes(was, now, known)
          .map(({ file }) => file)
          .sort(),
      ).toEqual(differ.sort())
      expect(isFree(was, secondLook(was, now, known))).toBe(true)
    }),
  )
})

const SEAL = `sha512-${'a'.repeat(86)}==`
const name = fc.stringMatching(/^[a-z]{5,9}$/).map((one) => `n-${one}`)

interface Package {
  readonly name: string
  readonly needs: readonly number[]
}

/** A tree of npm: the first packages are of the start, the others are added; each may need those behind it. */
function npmTexts(packages: readonly Package[], asked: readonly number[]): Texts {
  const table = (of: readonly number[]): Record<string, string> =>
    Object.fromEntries(of.flatMap((at) => (packages[at] ? [[packages[at].name, '^1.0.0']] : [])))
  const manifest = { name: 'demo', dependencies: table(asked) }
  const entries = packages.map((one, at) => [
    `node_modules/${one.name}`,
    {
      version: '1.0.0',
      resolved: `https://registry.example/${one.name}/-/${one.name}-1.0.0.tgz`,
      integrity: SEAL,
      dependencies: table(one.needs.filter((need) => need > at)),
    },
  ])
  return {
    'package.json': JSON.stringify(manifest),
    'package-lock.json': JSON.stringify({
      name: 'demo',
      lockfileVersion: 3,
      packages: { '': manifest, ...Object.fromEntries(entries) },
    }),
  }
}

test('every honest addition to a tree of npm is free, and one package more than is needed is not', () => {
  const graph = fc.tuple(
    fc.uniqueArray(name, { minLength: 3, maxLength: 12 }),
    fc.array(fc.array(fc.nat(11), { maxLength: 4 }), { minLength: 12, maxLength: 12 }),
    fc.nat(1),
  )
  holds(
    20,
    fc.property(graph, ([names, needs, kept]) => {
      const packages = names.map((one, at) => ({
        name: one,
        needs: (needs[at] ?? []).filter((need) => need < names.length),
      }))
      // Numbered from behind: what is of the start needs none that is added.
      const start = packages.slice(-1 - kept)
      const shift = packages.length - start.length
      const old = start.map((one) => ({ ...one, needs: one.needs.map((need) => need - shift) }))
      const roots = packages
        .map((_one, at) => at)
        .filter((at) => !packages.some((other, from) => from < at && other.needs.includes(at)))
      const asked = [...new Set([...roots, ...start.map((_one, at) => shift + at)])]
      const was = npmTexts(
        old,
        old.map((_one, at) => at),
      )
      const now = npmTexts(packages, asked)
      expect(said(changes(was, now)).filter((line) => line.includes('definition'))).toEqual([])
      const more = npmTexts([...packages, { name: 'more', needs: [] }], asked)
      expect(said(changes(was, more)).join()).toContain('not-in-manifest(more)')
    }),
  )
})
