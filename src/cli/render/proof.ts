import type { Proof } from '../../prove/prove.ts'
import { type Doc, bad, columns, good, quiet, strong } from './doc.ts'

/** The proof as a table, and one sentence to close it. */
export function proofDoc(proof: Proof): Doc {
  const heads = columns(
    proof.rows.map((row) => [row.ok ? good('✓') : bad('✗'), row.claim, quiet(duration(row.ms))]),
    2,
  )
  const lines = proof.rows.flatMap((row, index): Doc => [heads[index] ?? [], [quiet(`     ${row.seen}`)]])
  return [...lines, '', ...closing(proof)]
}

const whose: Readonly<Record<Proof['codex_origin'], string>> = {
  person: 'this machine’s Codex',
  named: 'the Codex you named',
  clone: 'the Codex of this clone (none of your own was found)',
}

const what: Readonly<Record<Proof['story'], string>> = {
  short: 'is held until the work is done',
  run: 'works through a backlog, and only what was proved lands',
}

function closing(proof: Proof): Doc {
  const left = proof.directory === null ? [] : [`Everything it did was left in ${proof.directory}`]
  if (proof.ok)
    return [
      [
        strong(
          `Proved: ${whose[proof.codex_origin]} ${what[proof.story]} (${(proof.duration_ms / 1000).toFixed(1)} s, no account).`,
        ),
      ],
      ...(proof.codex_origin === 'person'
        ? []
        : [[quiet(`It was ${proof.codex_path}; this says nothing about another Codex.`)]]),
      ...left,
    ]
  const count = proof.missing.length
  return [
    [bad(`Not proved: ${count} of ${proof.rows.length} ${count === 1 ? 'row was' : 'rows were'} not seen.`)],
    ...left.map((line) => `${line}; logs/ has each step.`),
  ]
}

function duration(ms: number | null): string {
  if (ms === null) return ''
  if (ms < 10) return `${ms.toFixed(1)} ms`
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}
