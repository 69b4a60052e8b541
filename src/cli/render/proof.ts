import type { Proof } from '../../setup/prove/prove.ts'
import { type Doc, type Line, bad, columns, good, quiet } from './doc.ts'

/** `prove` for a person: one row per claim, with what was seen and how long it took. */
export function proofDoc(proof: Proof): Doc {
  return [
    ...columns(
      proof.rows.map((row): Line => [
        row.ok ? good('seen') : bad('NOT SEEN'),
        row.ms === null ? '' : quiet(`${row.ms} ms`),
        row.claim,
        quiet(row.seen),
      ]),
    ),
    '',
    proof.ok
      ? [
          good('Everything was seen'),
          ` on Codex ${proof.versions.codex} in ${Math.round(proof.duration_ms / 1000)} s.`,
        ]
      : [bad(`${proof.missing.length} of ${proof.rows.length} were not seen.`)],
    ...(proof.directory === null ? [] : [[quiet('Left to look at: '), proof.directory]]),
  ]
}
