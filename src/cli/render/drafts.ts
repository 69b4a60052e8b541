import { oneLine } from '../../base/text.ts'
import type { ProjectConfig } from '../../contract/types.ts'
import type { Drafted } from '../../supervisor/draft/draft-backlog.ts'
import type { ItemDrafts } from '../edit-items.ts'
import { type Doc, quiet, strong, warn } from './doc.ts'
import { gatesOf, proofLine, proofOf } from './item-proof.ts'

export function draftFields(
  { items, problems }: ItemDrafts,
  drafted: Drafted,
  config: ProjectConfig,
): object {
  const { rounds, isPassed, findings, lacking, seen } = drafted
  return {
    rounds,
    passed: isPassed,
    items: items.map((item) => ({
      id: item.id,
      file: item.file,
      title: item.title,
      after: item.after,
      scope: item.scope,
      exclusive: item.exclusive,
      proof: proofOf(item),
      gates: gatesOf(item, config),
    })),
    findings,
    lacking,
    without_failing_check: seen.ok ? seen.value.uncheckable : null,
    held: seen.ok ? seen.value.problems : [],
    red: seen.ok ? seen.value.red : [],
    not_run: seen.ok ? null : seen.error.message,
    problems,
  }
}

/** What a person says yes to. All words in it are an agent's, and data. */
export function draftDoc({ items, problems }: ItemDrafts, drafted: Drafted, config: ProjectConfig): Doc {
  const { isPassed, findings, lacking, seen, files } = drafted
  const keyed = new Map(files.map((one) => [one.key, one.id]))
  return [
    'New items:',
    ...items.flatMap((item): Doc => [
      ['  ', strong(item.id), ' ', item.title],
      ...(item.after.length === 0 ? [] : [[quiet('      after  '), item.after.join(', ')]]),
      [quiet('      scope  '), item.scope.join(', ')],
      ...(item.exclusive.length === 0 ? [] : [[quiet('      alone  '), item.exclusive.join(', ')]]),
      [quiet('      proof  '), proofLine(item, config)],
    ]),
    ...seenLines(seen),
    ...(findings.length === 0 && isPassed
      ? []
      : [[isPassed ? 'The reader let them pass, and says:' : warn('The reader did not let them pass:')]]),
    ...findings.map((one) => [
      '  ',
      strong(one.item === null ? 'all' : (keyed.get(one.item) ?? one.item)),
      ` ${one.fault}: ${oneLine(one.text, 500)}`,
    ]),
    ...(lacking.length === 0 ? [] : ['Checks that the config has no command for:']),
    ...lacking.map((one) => `  ${oneLine(one, 300)}`),
    ...problems.map((one) => [
      warn(`${one.file}:${one.line}  `),
      `${one.path}: ${one.found}; allowed: ${one.allowed}`,
    ]),
  ]
}

function seenLines(seen: Drafted['seen']): Doc {
  if (!seen.ok) return [[warn('What fails today is not known: '), oneLine(seen.error.message, 300)]]
  const { uncheckable, problems, red, commit } = seen.value
  return [
    ...(red.length === 0 ? [] : [[quiet(`Fails on ${commit.slice(0, 12)}: `), red.join(', ')]]),
    ...(uncheckable.length === 0
      ? []
      : [
          [
            warn(
              `${uncheckable.length} ${uncheckable.length === 1 ? 'item has' : 'items have'} no check that fails today: `,
            ),
            uncheckable.join(', '),
          ],
        ]),
    ...problems.map((one) => [warn('Holds already: '), `${one.file} ${one.path}: ${one.found}`]),
  ]
}
