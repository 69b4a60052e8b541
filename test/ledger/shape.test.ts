import { expect, test } from '@jest/globals'
import type { Found, Seen } from '../../src/evidence/found.ts'
import { shapeProblem } from '../../src/ledger/shape.ts'
import { foundWords } from '../../src/verdict/words/evidence.ts'
import { stop } from './data.ts'

const paths = { some: ['src/a.ts'], more: 2 }
const link = { path: 'src', kind: 'type' } as const
const seen: { readonly [K in Seen['kind']]: Extract<Seen, { kind: K }> } = {
  there: { kind: 'there', type: 'file' },
  missing: { kind: 'missing', near: 'a', noDirectory: 'b' },
  files: { kind: 'files', files: paths, wanted: 1, searched: 3 },
  changed: { kind: 'changed', paths },
  'by-gates': { kind: 'by-gates', paths },
  'not-recorded': { kind: 'not-recorded', paths },
  'not-changed': { kind: 'not-changed', there: 'file', elsewhere: paths },
  kept: { kind: 'kept', unknown: paths },
  'not-kept': { kind: 'not-kept', changes: { some: [link], more: 0 } },
  'link-changed': { kind: 'link-changed', link },
  'leads-out': { kind: 'leads-out', links: paths },
  match: { kind: 'match' },
  'no-match': { kind: 'no-match', lines: 3 },
  unreadable: { kind: 'unreadable', why: 'denied' },
}
const findings: readonly Found[] = [
  ...Object.values(seen),
  { kind: 'through', links: paths, to: 'lib', seen: seen.changed },
  { kind: 'recorded', text: 'as it was said' },
]

/** What the ledger says of a stop that found this. */
function problem(found: unknown): string | null {
  const { type, data } = stop({ evidence: [{ taskId: 'T1', index: 0, met: false, found: found as Found }] })
  return shapeProblem(type, data)
}

test.each(findings)('%j is taken', (found) => {
  expect(problem(found)).toBeNull()
})

/** The same with one of its values replaced, wherever it stands. */
function* forged(value: unknown): Generator {
  yield* [null, 7, 'x', [], {}, [null], { kind: 'there' }]
  if (Array.isArray(value))
    for (const [index, one] of value.entries())
      for (const other of forged(one)) yield value.toSpliced(index, 1, other)
  else if (typeof value === 'object' && value !== null)
    for (const [name, one] of Object.entries(value))
      for (const other of forged(one)) yield { ...value, [name]: other }
}

test.each(findings)(
  '%j: whatever is taken with a value of it replaced has words, and never throws',
  (found) => {
    const wrong = [...forged(found)].filter((one) => {
      if (problem(one) !== null) return false
      return typeof foundWords({ kind: 'pathChanged', glob: 'src/**' }, one as Found) !== 'string'
    })
    expect(wrong).toEqual([])
  },
)

test('no nesting is taken that is deeper than links are', () => {
  const through = { kind: 'through', links: paths, to: 'lib', seen: seen.match }
  expect(problem({ ...through, seen: through })).toMatch(/seen\.kind is unknown/)
})
