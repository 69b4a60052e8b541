import { reviewForm } from '../../agents/review-answer.ts'
import { removeOwned } from '../../base/owned-directory.ts'
import { type Result, ok } from '../../base/result.ts'
import { readRecord } from '../../ledger/store.ts'
import { differencesOf } from '../../workspace/trees/differences.ts'
import { readablePatch } from '../../workspace/trees/patch.ts'
import { attemptPaths } from '../batch/paths.ts'
import type { BatchEventData, NewBatchEvent } from '../record/events.ts'
import type { AttemptState, Candidate } from '../record/state.ts'
import { deletedTests } from '../review/deleted-tests.ts'
import { checkQuotes } from '../review/quotes.ts'
import { MOST_PATCH, reviewPrompt } from '../review/review-prompt.ts'
import { type ReviewRoom, openReviewRoom } from '../review/review-room.ts'
import type { World } from '../world.ts'
import { afterTurn } from './after-turn.ts'
import { type Named, type Readers, agentsNamed, readerAnswer, withReaders } from './readers.ts'

/**
 * Asks reviewers about released work, all at the same time. Each verdict is on record as soon as it is there. Codes: agent-missing, those
 * of trees and of the review room.
 */
export async function reviewCandidate(
  world: World,
  attempt: AttemptState,
  names: readonly string[],
): Promise<Result<readonly NewBatchEvent[]>> {
  const { own, opened, signals } = world
  const { stage, item, fence, base } = attempt
  if (stage.at !== 'released') return ok([])
  const { candidate } = stage
  const agents = agentsNamed(world, names)
  if (!agents.ok) return agents
  const differs = await differencesOf(own, base, candidate.tree)
  if (!differs.ok) return differs
  const removed = differs.value.filter(({ after }) => after === null).map((one) => one.path)
  const findings = deletedTests(removed, world.item(item).scope, opened.prefix)
  if (findings.length > 0)
    return ok([{ type: 'findings', data: { item, fence, findings, tree: candidate.tree } }])
  if (signals.endAgents.aborted) return ok([])
  const room = await openReviewRoom(own, `${item}-${attempt.attempt}`, { base, tree: candidate.tree })
  if (!room.ok) return room
  const changed = differs.value.map((one) => one.path)
  try {
    return await withReaders(world, fence, async (readers) => {
      const prompt = await promptOf(world, attempt, candidate, room.value, changed)
      if (!prompt.ok) return prompt
      const asked = agents.value.map((named) =>
        reviewOnce(world, attempt, candidate, { ...named, room: room.value }, prompt.value, readers),
      )
      const failed = (await Promise.all(asked)).find((result) => !result.ok)
      return failed ?? ok([])
    })
  } finally {
    removeOwned(room.value.dir)
  }
}

interface Reviewer extends Named {
  readonly room: ReviewRoom
}

/** Codes: those of git. Throws what the ledger throws. */
async function reviewOnce(
  world: World,
  attempt: AttemptState,
  { tree }: Candidate,
  { name, agent, room }: Reviewer,
  prompt: string,
  readers: Readers,
): Promise<Result<readonly NewBatchEvent[]>> {
  const { ledger, own, opened, signals } = world
  const { item, fence, base } = attempt
  const of = { item, fence, agent: name, tree }
  // A person may have dropped the item meanwhile.
  if (signals.endAgents.aborted || ledger.state().attempts.get(fence)?.stage.at !== 'released') return ok([])
  ledger.append({ type: 'review-begun', data: of })
  const { outcome, ...spent } = await readerAnswer(
    world,
    attempt,
    {
      role: 'review',
      form: reviewForm,
      name,
      agent,
      seat: room.seat(name),
      readable: [room.after, room.before],
      prompt,
      place: 'reviews',
      round: attempt.rounds + 1,
    },
    readers,
  )
  const shared = afterTurn(world, { fence, agent: name }, outcome)
  const record = (told: BatchEventData['reviewed']['outcome']): Result<readonly NewBatchEvent[]> => {
    ledger.append({ type: 'reviewed', data: { ...of, ...spent, outcome: told } }, ...shared)
    return ok([])
  }
  if (outcome.kind !== 'finished') return record(outcome)
  const { verdict, findings } = outcome.answer
  const checked = await checkQuotes(own, [tree, base], findings, opened.prefix)
  return checked.ok ? record({ kind: 'finished', answer: { verdict, findings: checked.value } }) : checked
}

async function promptOf(
  world: World,
  attempt: AttemptState,
  { tree }: Candidate,
  { after, before }: ReviewRoom,
  changed: readonly string[],
): Promise<Result<string>> {
  const { own, batch, item: itemOf } = world
  const { title, prompt: text, scope } = itemOf(attempt.item)
  const patch = await readablePatch(own, attempt.base, tree, MOST_PATCH)
  if (!patch.ok && patch.error.code !== 'git-output-too-large') return patch
  const record = readRecord(attemptPaths(batch, attempt.item, attempt.attempt).place)
  if (!record.ok) return record
  const { config } = world
  const gates = config.gateProfiles[config.defaults.finalGateProfile] ?? []
  return ok(
    reviewPrompt({
      task: { title, text, scope },
      gates,
      output: (record.value.state.runs.at(-1)?.lastStop?.commands ?? [])
        .filter((one) => one.outcome === 'passed' && one.tail.trim() !== '')
        .map(({ name, tail }) => ({ name, text: tail })),
      changed,
      patch: patch.ok ? patch.value.toString('utf8') : null,
      after,
      before,
    }),
  )
}
