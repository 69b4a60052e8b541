import fs from 'node:fs'
import path from 'node:path'
import { type Result, fail, ok } from '../../base/result.ts'
import { systemWords } from '../../base/system-words.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import { afterTurn } from './after-turn.ts'
import type { NewBatchEvent } from '../record/events.ts'
import { attemptPaths } from '../batch/paths.ts'
import { toldByAgent } from './told-by-agent.ts'
import { mayBegin, turnBudget } from './turn-budget.ts'
import { promptFor } from './prompt.ts'
import type { AttemptState } from '../record/state.ts'
import { isGoal } from '../record/fold-goal.ts'
import { batchStep } from '../step.ts'
import { writeGoalHistory } from './goal-history.ts'
import { saidIn, workerForm } from './worker-form.ts'
import { goneWorktree, promptsOf, scratchOf, worktreeOf } from './worktree-of.ts'
import type { World } from '../world.ts'

/** Longest time of a timer. */
const MOST_MS = 2 ** 31 - 1
/** One message to the agent, and all it does until it ends. Codes: batch-unwritable, agent-missing. */
export async function takeTurn(
  world: World,
  attempt: AttemptState,
): Promise<Result<readonly NewBatchEvent[]>> {
  const { own, opened, ledger, batch, settings } = world
  const { item, fence } = attempt
  const agent = world.agents.get(attempt.agent)
  if (agent === undefined) return fail('agent-missing', `the config has no agent "${attempt.agent}"`)
  const gone = goneWorktree(own, attempt)
  if (gone !== null) return ok([gone])
  const turn = attempt.turn + 1
  const goal = isGoal(ledger.state(), item)
  const at = attemptPaths(batch, item, attempt.attempt).turn(turn)
  const promptFile = path.join(promptsOf(own, item, attempt.attempt), `turn-${turn}.md`)
  const prompt = await promptFor(world, attempt)
  if (!prompt.ok) return prompt
  // Asked last: nothing waits between this and the record of the start.
  if (!(await mayBegin(world)) || world.signals.endAgents.aborted) return ok([])
  try {
    // A turn that was stopped is taken once more, and what it left is not its answer.
    fs.rmSync(at.dir, { recursive: true, force: true })
    fs.mkdirSync(at.dir, { recursive: true, mode: 0o700 })
    writeFileWhole(at.prompt, prompt.value)
    fs.mkdirSync(path.dirname(promptFile), { recursive: true, mode: 0o700 })
    writeFileWhole(promptFile, prompt.value)
  } catch (error) {
    return fail('batch-unwritable', `${at.dir} could not be written: ${systemWords(error)}`)
  }
  if (goal) writeGoalHistory(world)
  ledger.append({ type: 'turn-begun', data: { item, fence, turn } })
  batchStep('spawn')
  const { limits } = settings
  const told = toldByAgent(ledger, attempt, () => soft())
  const budget = turnBudget(world, attempt, () => soft())
  const running = agent.start(
    {
      role: 'work',
      form: workerForm(goal),
      item,
      attempt: attempt.attempt,
      turn,
      workspace: path.join(worktreeOf(own, attempt).dir, opened.prefix),
      promptFile,
      dir: at.dir,
      scratch: scratchOf(own, item, attempt.attempt),
      conversation: attempt.conversation,
      spent: attempt.spent,
      effort: attempt.effort,
      limits: {
        silentMs: limits.silentMinutes * 60_000,
        lengthMs: limits.turnMinutes * 60_000,
        graceMs: 5000,
      },
    },
    (event) => {
      told.hear(event)
      budget.hear(event)
    },
  )
  const soft = (): void => running.stop('soft')
  const now = (): void => running.stop('now')
  const { endAgents, killAgents } = world.signals
  const left = ledger.state().until
  // Its files stay, and the next call takes the turn again.
  const until =
    left === null ? undefined : setTimeout(soft, Math.min(Math.max(0, left - world.context.clock()), MOST_MS))
  if (endAgents.aborted) soft()
  endAgents.addEventListener('abort', soft, { once: true })
  killAgents.addEventListener('abort', now, { once: true })
  world.atWork.set(fence, running)
  const ended = await running.ended.finally(() => {
    clearTimeout(until)
    world.atWork.delete(fence)
    endAgents.removeEventListener('abort', soft)
    killAgents.removeEventListener('abort', now)
  })
  batchStep('spawn')
  const { ms, over } = budget.close()
  const isOver = ended.kind === 'stopped' && over !== undefined
  const said = saidIn(isOver ? { kind: 'budget' } : ended)
  return ok([
    {
      type: 'turn-ended',
      data: { item, fence, ...said, ...told.facts(), ms, ...(isOver ? { over } : {}) },
    },
    ...afterTurn(world, attempt, said.outcome),
  ])
}
