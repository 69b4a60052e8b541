import fs from 'node:fs'
import path from 'node:path'
import { workPlanForm } from '../../agents/plan-answer.ts'
import { reviewForm } from '../../agents/review-answer.ts'
import { removeOwned } from '../../base/owned-directory.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { systemWords } from '../../base/system-words.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import { exportTree } from '../../workspace/trees/export-tree.ts'
import { attemptPaths } from '../batch/paths.ts'
import { planCriticPrompt, planPrompt } from '../planning/plan-prompts.ts'
import { checkPlanQuotes } from '../planning/plan-quotes.ts'
import { touchedPaths } from '../planning/untouched.ts'
import type { BatchEventData, NewBatchEvent } from '../record/events.ts'
import type { GivenPlan } from '../record/planning.ts'
import type { AttemptState } from '../record/state.ts'
import { emptyRoom, seatIn } from '../review/review-room.ts'
import type { World } from '../world.ts'
import { afterTurn } from './after-turn.ts'
import { itemWords } from './prompt.ts'
import { type Named, type Readers, agentsNamed, readerAnswer, withReaders } from './readers.ts'
import { goneWorktree, worktreeOf } from './worktree-of.ts'

/**
 * Asks a planner how the item is to be done, in the worktree, which it only reads. Codes: agent-missing, batch-unwritable, those of trees.
 */
export async function planItem(
  world: World,
  attempt: AttemptState,
  names: readonly string[],
): Promise<Result<readonly NewBatchEvent[]>> {
  const { own, opened, ledger } = world
  const { item, fence, planning } = attempt
  const agents = agentsNamed(world, names.slice(0, 1))
  if (!agents.ok) return agents
  const [planner] = agents.value
  if (planner === undefined) return ok([])
  const gone = goneWorktree(own, attempt)
  if (gone !== null) return ok([gone])
  const room = emptyRoom(own, `${item}-${attempt.attempt}`)
  if (!room.ok) return room
  try {
    return await withReaders(world, fence, async (readers) => {
      if (!isStillReady(world, fence)) return ok([])
      const of = { item, fence, agent: planner.name }
      ledger.append({ type: 'plan-begun', data: of })
      const { outcome, ...spent } = await readerAnswer(
        world,
        attempt,
        {
          ...planner,
          role: 'plan',
          form: workPlanForm,
          seat: {
            ...seatIn(room.value, planner.name),
            workspace: path.join(worktreeOf(own, attempt).dir, opened.prefix),
          },
          readable: [],
          prompt: planPrompt(itemWords(world, attempt), planning.last),
          place: 'plans',
          round: planning.refused + 1,
        },
        readers,
      )
      const touched = await touchedPaths(world, attempt)
      if (!touched.ok) return touched
      const kept = outcome.kind === 'finished' ? keepPlan(world, attempt, outcome.answer.plan) : ok(undefined)
      if (!kept.ok) return kept
      const isTouched = touched.value.length > 0 ? { touched: touched.value } : {}
      return ok([
        { type: 'planned', data: { ...of, ...spent, outcome, ...isTouched } },
        ...afterTurn(world, { fence, agent: planner.name }, outcome),
      ])
    })
  } finally {
    removeOwned(room.value)
  }
}

/** Where a person finds it; the ledger has it too. */
function keepPlan({ batch }: World, { item, attempt }: AttemptState, plan: string): Result<void> {
  const file = attemptPaths(batch, item, attempt).plan
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    writeFileWhole(file, plan.endsWith('\n') ? plan : `${plan}\n`)
    return ok(undefined)
  } catch (error) {
    return fail('batch-unwritable', `${file} could not be written: ${systemWords(error)}`)
  }
}

/**
 * Asks critics about a plan, all at the same time. Each verdict is on record as soon as it is there. Codes: agent-missing,
 * batch-unwritable, those of trees.
 */
export async function reviewPlan(
  world: World,
  attempt: AttemptState,
  names: readonly string[],
): Promise<Result<readonly NewBatchEvent[]>> {
  const { own } = world
  const { item, fence, base } = attempt
  const { given } = attempt.planning
  const agents = agentsNamed(world, names)
  if (!agents.ok) return agents
  if (given === null) return ok([])
  const room = emptyRoom(own, `${item}-${attempt.attempt}`)
  if (!room.ok) return room
  try {
    const tree = path.join(room.value, 'tree')
    const written = await exportTree(own, base, tree)
    if (!written.ok) return written
    return await withReaders(world, fence, async (readers) => {
      const asked = agents.value.map((named) =>
        criticOnce(world, attempt, given, { ...named, room: room.value, tree }, readers),
      )
      const failed = (await Promise.all(asked)).find((result) => !result.ok)
      return failed ?? ok([])
    })
  } finally {
    removeOwned(room.value)
  }
}

interface Critic extends Named {
  readonly room: string
  readonly tree: string
}

/** Codes: those of git. Throws what the ledger throws. */
async function criticOnce(
  world: World,
  attempt: AttemptState,
  { text, digest }: GivenPlan,
  { room, tree, ...named }: Critic,
  readers: Readers,
): Promise<Result<readonly NewBatchEvent[]>> {
  const { ledger, own, opened } = world
  const { item, fence, base } = attempt
  const of = { item, fence, agent: named.name, plan: digest }
  if (!isStillReady(world, fence)) return ok([])
  ledger.append({ type: 'plan-review-begun', data: of })
  const { outcome, ...spent } = await readerAnswer(
    world,
    attempt,
    {
      ...named,
      role: 'planReview',
      form: reviewForm,
      seat: seatIn(room, named.name),
      readable: [tree],
      prompt: planCriticPrompt(itemWords(world, attempt), text, tree),
      place: 'plan-reviews',
      round: attempt.planning.refused + 1,
    },
    readers,
  )
  const shared = afterTurn(world, { fence, agent: named.name }, outcome)
  const record = (told: BatchEventData['plan-reviewed']['outcome']): Result<readonly NewBatchEvent[]> => {
    ledger.append({ type: 'plan-reviewed', data: { ...of, ...spent, outcome: told } }, ...shared)
    return ok([])
  }
  if (outcome.kind !== 'finished') return record(outcome)
  const { verdict, findings } = outcome.answer
  const checked = await checkPlanQuotes(own, { plan: text, base, prefix: opened.prefix }, findings)
  return checked.ok ? record({ kind: 'finished', answer: { verdict, findings: checked.value } }) : checked
}

/** A person may have dropped the item meanwhile, or ended everything. */
function isStillReady({ signals, ledger }: World, fence: number): boolean {
  return !signals.endAgents.aborted && ledger.state().attempts.get(fence)?.stage.at === 'ready'
}
