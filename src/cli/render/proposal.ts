import { protectedPaths } from '../../backlog/protected-paths.ts'
import { oneLine, withoutControls } from '../../base/text.ts'
import { readScopeEntry } from '../../contract/scope.ts'
import { supervisorOf } from '../../contract/supervisor/settings.ts'
import { proposalWords } from '../../supervisor/effects/prompt.ts'
import { type PlannedProposal, nameOf } from '../../supervisor/orders/proposals.ts'
import type { Item } from '../../backlog/item.ts'
import { type Doc, bad, quiet, strong, warn } from './doc.ts'
import { proofLine, proofOf } from './item-proof.ts'

/** What a yes would come to, for machines. */
export function proposalFields(plan: PlannedProposal): Readonly<Record<string, unknown>> {
  const { item, waiting, change, items } = plan
  const { attempt, summary, proposal } = waiting
  return {
    item: item.id,
    attempt,
    proposal: proposal.kind,
    summary,
    items: items.map((one) => ({
      id: one.id,
      file: one.file,
      change: isNew(plan, one) ? 'new' : 'changed',
      scope: one.scope,
      after: one.after,
      wider: widerThan(plan, one),
      opens: opened(plan, one),
    })),
    removed: change.replaced === null ? [] : [item.file],
  }
}

/** The same for a person: everything that an agent would be given, and what it could change that it could not before. */
export function proposalDoc(plan: PlannedProposal): Doc {
  const { item, waiting, change, items, config } = plan
  return [
    [
      strong(item.id),
      ` ${item.title}: its agent asks for ${proposalWords(waiting.proposal.kind)} (attempt ${waiting.attempt})`,
    ],
    ...(waiting.summary.trim() === '' ? [] : [[quiet('  it says  '), oneLine(waiting.summary, 400)]]),
    ...(change.replaced === null
      ? []
      : [
          [
            '  ',
            bad('removed'),
            ` ${item.file}, which asked for: ${proofOf(item).join('; ')}; the new items ask only for what stands below`,
          ],
        ]),
    // As long as an agent likes, so that what it may change comes after it, where it is asked about.
    ...items.filter((one) => isNew(plan, one)).flatMap(textLines),
    ...items.flatMap((one): Doc => {
      const wider = widerThan(plan, one)
      return [
        ['  ', warn(isNew(plan, one) ? 'new' : 'changed'), ` ${one.file}`],
        [quiet('      scope  '), one.scope.join(', ')],
        ...(wider.length === 0 ? [] : [[warn('      wider  '), wider.join(', ')]]),
        ...opened(plan, one).map((path) => [bad('      OPENS  '), `${path.path}: ${path.why}`]),
        ...(one.after.length === 0 ? [] : [[quiet('      after  '), one.after.join(', ')]]),
        [quiet('      proof  '), proofLine(one, config)],
      ]
    }),
  ]
}

function textLines({ file, prompt }: Item): Doc {
  return [
    [quiet('  text of '), file],
    ...withoutControls(prompt)
      .split('\n')
      .map((line) => [quiet('      | '), line]),
  ]
}

const isNew = ({ change }: PlannedProposal, one: Item): boolean =>
  change.added.some(({ name }) => name === nameOf(one))

/** Entries of its scope that the item itself does not have; what waited for the item keeps its own. */
function widerThan(plan: PlannedProposal, one: Item): readonly string[] {
  const { item } = plan
  return one.id === item.id || isNew(plan, one)
    ? one.scope.filter((entry) => !item.scope.includes(entry))
    : []
}

/** Paths that nothing may change unless a scope names them, and that one of these entries names. */
function opened(
  plan: PlannedProposal,
  one: Item,
): readonly { readonly path: string; readonly why: string }[] {
  const named = widerThan(plan, one).flatMap((entry) => readScopeEntry(entry).path ?? [])
  return protectedPaths(supervisorOf(plan.config), { scope: [] }, named)
}
