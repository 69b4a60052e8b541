import { shellWord } from '../../base/shell-word.ts'
import type { DryRun, PlannedItem } from '../../supervisor/batch/dry-run.ts'
import { type Doc, columns, quiet, strong, warn } from './doc.ts'
import { gatesOf, proofLine, proofOf } from './item-proof.ts'

export function dryRunFields({ batch, config, jobs, order, left }: DryRun): object {
  return {
    ok: true,
    dry_run: true,
    batch,
    jobs,
    items: order.map((one) => ({
      id: one.item.id,
      title: one.item.title,
      after: one.item.after,
      agent: one.agent,
      argv: argvOf(one),
      plan: one.planner,
      plan_review: one.critics,
      review: one.reviewers,
      starts: { least: one.least, most: one.most },
      scope: one.item.scope,
      proof: proofOf(one.item),
      gates: gatesOf(one.item, config),
    })),
    left: left.map((one) => one.id),
    commands: Object.values(config.commands).map((one) => ({ name: one.name, argv: one.argv })),
  }
}

export function dryRunDoc({ batch, config, jobs, order, left }: DryRun): Doc {
  const commands = Object.values(config.commands)
  return [
    `${batch === null ? 'A new batch' : `Batch ${batch}`}, ${jobs === 1 ? 'one item' : `${jobs} items`} at a time, in this order if each is done at its first attempt:`,
    ...order.flatMap((one): Doc => [
      [
        '  ',
        strong(one.item.id),
        ` ${one.item.title}`,
        one.item.after.length === 0 ? '' : quiet(` (after ${one.item.after.join(', ')})`),
      ],
      [quiet('      agent  '), `${one.agent}: ${argvOf(one).map(shellWord).join(' ')}`],
      [quiet('      starts '), startsWords(one)],
      [quiet('      proof  '), proofLine(one.item, config)],
    ]),
    ...(left.length === 0
      ? []
      : [
          [warn('These would not start: '), left.map((one) => one.id).join(', ')],
          'Why: autonomous-loop status --batch',
        ]),
    'Commands:',
    ...columns(
      commands.map((one) => [strong(one.name), one.argv.map(shellWord).join(' ')]),
      2,
    ),
    'Nothing was started, and nothing was written.',
  ]
}

/** Who is asked besides, and what that comes to. */
function startsWords({ planner, critics, reviewers, least, most }: PlannedItem): string {
  return [
    ...(planner === null ? [] : [`${planner} plans it`]),
    ...(critics.length === 0 ? [] : [`the plan is read by ${critics.join(', ')}`]),
    ...(reviewers.length === 0 ? [] : [`its work is read by ${reviewers.join(', ')}`]),
    `${least} ${least === 1 ? 'start' : 'starts'} of agents if all goes well, at most ${most}`,
  ].join('; ')
}

function argvOf({ starts }: PlannedItem): readonly string[] {
  if (starts === null) return []
  return starts.adapter === 'command' ? starts.argv : [starts.adapter]
}
