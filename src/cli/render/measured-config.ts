import { shellWord } from '../../base/shell-word.ts'
import { show } from '../../contract/problem.ts'
import type { Allowance } from '../../control/allow.ts'
import type { MeasuredConfig } from '../measure-config.ts'
import { type Doc, type Line, columns, quiet, strong, warn } from './doc.ts'
import { measuredAnswer, measuredSpan } from './install.ts'
import { nextLines } from './setup.ts'

/** `allow --measure` for machines. */
export function measuredConfigAnswer(
  { root, approval, already }: Allowance,
  { measuring, lines, notes }: MeasuredConfig,
): object {
  return {
    ok: true,
    action: 'allow',
    measure: true,
    repo_root: root,
    config_path: approval.path,
    config_sha256: approval.sha256,
    approved: already,
    measured: measuring.measured.map(measuredAnswer),
    clean_room: measuring.room,
    lines,
    notes,
    next: nextStep(root),
  }
}

/** The same for a person: what was seen, and which lines would say so. */
export function measuredConfigDoc(
  { root, approval }: Allowance,
  { measuring, lines, notes }: MeasuredConfig,
): Doc {
  return [
    [strong('Measured'), `, nothing is written or approved: ${approval.path}`],
    ...columns(
      measuring.measured.map((one): Line => [strong(one.name), measuredSpan(one)]),
      2,
    ),
    ...notes.map((one): Line => [warn('note: '), one]),
    '',
    lines.length === 0 ? 'The config says what was measured.' : 'What the config would have to say:',
    ...columns(
      lines.map((one): Line => [
        strong(one.path),
        one.now === null ? 'nothing (take it out)' : JSON.stringify(one.now),
        quiet(one.was === null ? 'not there now' : `now ${show(one.was)}`),
      ]),
      2,
    ),
    ...nextLines(nextStep(root)),
  ]
}

const nextStep = (root: string): string[] => [`autonomous-loop allow --repo ${shellWord(root)}`]
