import fs from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import type { Evidence, Task } from '../../src/contract/types.ts'
import { evaluate } from '../../src/evidence/evaluate.ts'
import type { EvidenceFact } from '../../src/evidence/found.ts'
import { spellings } from '../../src/evidence/name-form.ts'
import { namedPaths } from '../../src/evidence/named-paths.ts'
import { protectsNothing } from '../../src/evidence/protects-nothing.ts'
import { unmetAtBaseline } from '../../src/evidence/unmet-at-baseline.ts'
import { askedAndFound } from '../../src/verdict/words/evidence.ts'
import { type Rig, changes, withRig } from './rig.ts'
import { long, sampleOf } from '../rig/long.ts'

const nfc = 'docs/caf\u00e9.md'
const nfd = 'docs/cafe\u0301.md'
const kelvin = 'docs/\u212aEEP.md'

const task = (evidence: readonly Evidence[]): Task => ({
  id: 'T1',
  title: 't',
  required: true,
  dependsOn: [],
  evidence,
})

const places: [string, (rig: Rig) => unknown][] = [
  ['in a repository', (rig) => rig.commitAll()],
  ['in an ignored directory', (rig) => rig.write('.gitignore', 'docs/\n').commitAll()],
  ['without git', () => undefined],
]

interface Judged {
  readonly facts: readonly EvidenceFact[]
  readonly unmet: readonly boolean[]
  readonly changes: readonly string[]
}

/** What pieces of evidence come to after an act: met now, unmet at the start. */
async function judged(
  keep: (rig: Rig) => unknown,
  start: readonly string[],
  evidence: readonly Evidence[],
  act: (rig: Rig) => unknown,
): Promise<Judged> {
  return withRig(async (rig) => {
    rig.write('other.ts')
    for (const file of start) rig.write(file, 'text\n')
    keep(rig)
    const tasks = [task(evidence)]
    const named = namedPaths(tasks)
    const before = await rig.baseline(named)
    act(rig)
    const comparison = await rig.compare(before, named)
    const facts = await evaluate(tasks, { root: rig.root, comparison })
    const unmet: boolean[] = []
    for (const one of evidence) unmet.push(await unmetAtBaseline(rig.root, before, one, rig.options))
    return { facts, unmet, changes: changes(comparison) }
  })
}

const rename = (rig: Rig): unknown => fs.renameSync(rig.path(nfc), rig.path(nfd))
const nothing = (): unknown => undefined

test('spellings: the name itself, then each segment in the other form; of mixed and other names none', () => {
  expect(spellings('a/b.ts')).toEqual(['a/b.ts'])
  expect(spellings(nfc)).toEqual([nfc, nfd])
  expect(spellings(nfd)).toEqual([nfd, nfc])
  expect(spellings('\u00e9/\u00fc')).toEqual([
    '\u00e9/\u00fc',
    '\u00e9/u\u0308',
    'e\u0301/\u00fc',
    'e\u0301/u\u0308',
  ])
  expect(spellings('\u00e9u\u0308')).toEqual(['\u00e9u\u0308'])
  expect(spellings(kelvin)).toEqual([kelvin])
  expect(spellings('\u00e9/'.repeat(20)).length).toBe(2)
})

describe.each(sampleOf(places, 3))('%s', (place, keep) => {
  const met = async (
    start: readonly string[],
    evidence: Evidence,
    act: (rig: Rig) => unknown = nothing,
  ): Promise<boolean> => (await judged(keep, start, [evidence], act)).facts[0]!.met

  test.each([
    [nfc, nfd],
    [nfd, nfc],
  ])('a name that is there in the other form is what evidence means (%j)', async (asked, there) => {
    const both = (kind: 'pathExists' | 'pathAbsent' | 'pathChanged' | 'pathUnchanged'): Evidence[] => [
      { kind, path: asked },
      { kind, glob: asked.replace('.md', '.*') },
    ]
    const evidence: Evidence[] = [
      ...both('pathExists'),
      ...both('pathAbsent'),
      ...both('pathChanged'),
      ...both('pathUnchanged'),
      { kind: 'fileMatches', path: asked, pattern: '^new$' },
      { kind: 'fileMatches', path: asked, pattern: '^text$' },
    ]
    const before = await judged(keep, [there], evidence, nothing)
    const after = await judged(keep, [there], evidence, (rig) => rig.write(there, 'new\n'))
    const rows = evidence.map((_one, at) => [before.facts[at]?.met, after.facts[at]?.met, before.unmet[at]])
    expect(rows).toEqual([
      ...[1, 2].map(() => [true, true, false]),
      ...[1, 2].map(() => [false, false, true]),
      ...[1, 2].map(() => [false, true, true]),
      ...[1, 2].map(() => [true, false, false]),
      [false, true, true],
      [true, false, false],
    ])
  })

  test('two names that are both there are two files', async () => {
    const both = [nfc, nfd]
    const editOther = (rig: Rig): unknown => rig.write(nfd, 'new\n')
    expect(await met(both, { kind: 'pathChanged', path: nfc }, editOther)).toBe(false)
    expect(await met(both, { kind: 'pathUnchanged', path: nfc }, editOther)).toBe(true)
    expect(await met(both, { kind: 'fileMatches', path: nfc, pattern: '^new$' }, editOther)).toBe(false)
    expect(await met(both, { kind: 'pathAbsent', path: nfc }, (rig) => rig.rm(nfc))).toBe(false)
    // One of them gone is a file gone.
    expect(await met(both, { kind: 'pathUnchanged', path: nfc }, (rig) => rig.rm(nfc))).toBe(false)
    expect(await met(both, { kind: 'pathUnchanged', glob: 'docs/**' }, (rig) => rig.rm(nfd))).toBe(false)
  })

  test('no other name hides an edit of what must stay, and none stands for it', async () => {
    const stays: Evidence = { kind: 'pathUnchanged', path: nfc }
    const act = (rig: Rig): unknown => rig.write(nfd, 'new\n').write(nfc, 'text\n')
    expect(await met([nfd], stays, act)).toBe(false)
    expect(await met([nfc], stays, (rig) => (rename(rig), rig.write(nfd, 'new\n')))).toBe(false)
    // Gates look for the bytes of a name.
    expect(
      await met(['docs/KEEP.md'], { kind: 'pathExists', path: 'docs/KEEP.md' }, (rig) =>
        fs.renameSync(rig.path('docs/KEEP.md'), rig.path(kelvin)),
      ),
    ).toBe(false)
    expect(
      await met(['docs/a'], { kind: 'pathExists', path: 'docs/KEEP.md' }, (rig) => rig.write(kelvin)),
    ).toBe(false)
  })

  test('a rename to the other form alone is one change of a name, and no work', async () => {
    expect(await met([nfc], { kind: 'pathChanged', glob: 'docs/**' }, rename)).toBe(false)
    expect(await met([nfc], { kind: 'pathChanged', path: nfc }, rename)).toBe(false)
    const stays: Evidence = { kind: 'pathUnchanged', glob: 'docs/**' }
    const { facts, changes: seen } = await judged(keep, [nfc], [stays], rename)
    expect(facts[0]).toMatchObject({
      met: false,
      found: { kind: 'not-kept', changes: { some: [{ path: nfc, kind: 'name' }], more: 0 } },
    })
    expect(askedAndFound(stays, facts[0]!.found)).toContain('only its name')
    // What is told to a room is what is there.
    if (place !== 'in an ignored directory') expect(seen).toEqual([`added ${nfd}`, `removed ${nfc}`].sort())
    // With another content, or another mode, it is work.
    const edited = (rig: Rig): unknown => (rename(rig), rig.write(nfd, 'new\n'))
    const run = (rig: Rig): unknown => (rename(rig), fs.chmodSync(rig.path(nfd), 0o755))
    for (const act of [edited, run]) {
      expect(await met([nfc], { kind: 'pathChanged', glob: 'docs/**' }, act)).toBe(true)
      expect(await met([nfc], stays, act)).toBe(false)
    }
  })

  test('a directory in the other form is the same directory', async () => {
    const start = ['docs/\u00e9/a.md']
    const stays: Evidence = { kind: 'pathUnchanged', path: 'docs/e\u0301' }
    const edit = (rig: Rig): unknown => rig.write(start[0]!, 'new\n')
    expect([await met(start, stays), await met(start, stays, edit)]).toEqual([true, false])
    // Nor does an empty one of the very name stand for it.
    const beside = (rig: Rig): unknown => (edit(rig), fs.mkdirSync(rig.path('docs/e\u0301')))
    expect(await met(start, stays, beside)).toBe(false)
  })

  test('it protects what is there in the other form', async () => {
    await withRig(async (rig) => {
      rig.write(nfd)
      keep(rig)
      const tasks = [task([{ kind: 'pathUnchanged', path: nfc }])]
      expect(
        await protectsNothing(rig.root, [await rig.baseline(namedPaths(tasks))], tasks, rig.options),
      ).toEqual([])
    })
  })
})

if (long)
  test('held against a report and a commit, a rename is one change too', async () => {
    await withRig(async (rig) => {
      rig.write(nfc).commitAll()
      const before = [await rig.reported(), await rig.reported()]
      rename(rig)
      expect(await rig.compare(before)).toMatchObject({ renamed: new Map([[nfc, nfd]]) })
      rig.write(nfc)
      expect((await rig.compare(before)).renamed.size).toBe(0)
    })
  })
