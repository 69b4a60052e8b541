import { type Result, ok } from '../base/result.ts'
import { startedBy } from '../contract/prepare.ts'
import { planAllow } from '../control/allow.ts'
import { findRepoRoot } from '../evidence/repo-root.ts'
import { isOpen } from '../verdict/standing.ts'
import type { Context } from '../records/context.ts'
import { type PinsView, viewPins } from '../views/pins-view.ts'
import { directoryOf } from './directory.ts'
import { historyOf } from './history-of.ts'
import { type CliOutcome, done } from './outcome.ts'
import { pinsDoc } from './render/pins.ts'
import { type RunArgs, idIn } from './which-run.ts'
import { onlyInCleanRoom } from '../contract/verify.ts'

/** `contract show --pins`: of the run that an id names, else of the open run here, else of the config as it is now. */
export function showPins(context: Context, asked: RunArgs): Result<CliOutcome> {
  const cwd = directoryOf(context.env, asked.cwd)
  if (!cwd.ok) return cwd
  const history = historyOf(context, asked)
  const isNamed = idIn(asked) !== undefined
  if (!history.ok && (isNamed || history.error.code !== 'no-run')) return history
  if (history.ok && (isNamed || isOpen(history.value.run))) {
    const { runId, activation, status } = history.value.run
    const { repoRoot: root, config, gatePath } = activation
    const seen = viewPins(root, startedBy(config), gatePath, activation)
    return seen.ok
      ? answer(
          `frozen by run ${runId.slice(0, 12)}`,
          { run_id: runId, state: status, repo_root: root },
          seen.value,
          !onlyInCleanRoom(config),
        )
      : seen
  }
  const plan = planAllow(context, cwd.value)
  if (!plan.ok) return plan
  const root = findRepoRoot(cwd.value)
  const { config, approval } = plan.value
  const seen = viewPins(root, startedBy(config), approval.gatePath, null)
  return seen.ok
    ? answer(
        `that a run would freeze now, by ${approval.path}`,
        { run_id: null, state: null, repo_root: root },
        seen.value,
        !onlyInCleanRoom(config),
      )
    : seen
}

/** `compared`: a difference is held against the work. */
function answer(whose: string, about: object, seen: PinsView, compared: boolean): Result<CliOutcome> {
  return ok(
    done({ ...about, compared, pins: seen.pins, changes: seen.changes, steps: seen.steps }, () =>
      pinsDoc(whose, seen, compared),
    ),
  )
}
