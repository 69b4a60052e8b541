import { type Result, fail, ok } from '../base/result.ts'
import { openPolicy } from '../records/policy.ts'
import { openBatch } from '../supervisor/orders/order.ts'
import { type GoalAsked, readGoal } from '../supervisor/goal/read-goal.ts'
import { siteOf } from '../supervisor/batch/site.ts'
import type { FrozenItem } from '../supervisor/record/events.ts'
import { confirm } from './ask.ts'
import type { Io } from './command.ts'
import { printDoc } from './render/doc.ts'
import { goalDoc } from './render/goal.ts'

/** How a person says yes: `shown`: nothing begins, so nobody is asked. */
export type Agreement = 'ask' | 'yes' | 'shown'

/**
 * The goal that was typed, as its files say it now. On a terminal it is shown and asked once before a new batch; elsewhere a flag has to
 * say yes. Codes: goal-unaccepted, unanswered, and those of openPolicy and readGoal.
 */
export async function askGoal(
  { context, interactive }: Io,
  cwd: string,
  asked: GoalAsked,
  agreement: Agreement,
): Promise<Result<FrozenItem>> {
  const site = siteOf(cwd)
  if (!site.ok) return site
  const policy = openPolicy(context.env.home, site.value.root)
  if (!policy.ok) return policy
  const { config } = policy.value
  const goal = readGoal(site.value.root, cwd, asked, config)
  if (!goal.ok) return goal
  const { frozen } = goal.value
  const open = openBatch(context, site.value)
  if (!open.ok) return open
  // Whoever goes on with a batch said yes when it was opened.
  if (agreement !== 'ask' || open.value !== null) return ok(frozen)
  if (!interactive)
    return fail('goal-unaccepted', `nobody has said yes to ${frozen.file}`, {
      fix: 'add --yes, or type it on a terminal, where it is shown and asked',
    })
  process.stderr.write(printDoc(goalDoc(goal.value, config), false))
  const agreed = await confirm('Work towards this goal?', 'nothing began')
  if (!agreed.ok) return agreed
  return agreed.value
    ? ok(frozen)
    : fail('goal-unaccepted', `you said no to ${frozen.file}, and nothing began`)
}
