import path from 'node:path'
import type { Agent, RunningAgent } from '../../agents/agent.ts'
import { removeOwned } from '../../base/owned-directory.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { readRecord } from '../../ledger/store.ts'
import { differencesOf } from '../../workspace/trees/differences.ts'
import { readablePatch } from '../../workspace/trees/patch.ts'
import { attemptPaths } from '../batch/paths.ts'
import type { BatchEventData, NewBatchEvent } from '../record/events.ts'
import type { AttemptState, Candidate } from '../record/state.ts'
import { askReviewer } from '../review/ask-reviewer.ts'
import { deletedTests } from '../review/deleted-tests.ts'
import { checkQuotes } from '../review/quotes.ts'
import { MOST_PATCH, reviewPrompt } from '../review/review-prompt.ts'
import { type ReviewRoom, openReviewRoom } from '../review/review-room.ts'
import { batchStep } from '../step.ts'
import type { World } from '../world.ts'
import { afterTurn } from './after-turn.ts'

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
  const unknown = names.find((name) => !world.agents.has(name))
  if (unknown !== undefined) return fail('agent-missing', `the config has no agent "${unknown}"`)
  const differs = await differencesOf(own, base, candidate.tree)
  if (!differs.ok) return differs
  const removed = differs.value.filter(({ after }) => after === null).map((one) => one.path)
  const findings = deletedTests(removed, world.item(item).scope, opened.prefix)
  if (findings.length > 0)
    return ok([{ type: 'findings', data: { item, fence, findings, tree: candidate.tree } }])
  if (signals.endAgents.aborted) return ok([])
  const room = await openReviewRoom(own, `${item}-${attempt.attempt}`, { base, tree: candidate.tree })
  if (!room.ok) return room
  const atWork = new Set<Pick<RunningAgent, 'stop'>>()
  const stop: RunningAgent['stop'] = (how) => {
    for (const one of atWork) one.stop(how)
  }
  const [soft, now] = [() => stop('soft'), () => stop('now')]
  signals.endAgents.addEventListener('abort', soft, { once: true })
  signals.killAgents.addEventListener('abort', now, { once: true })
  world.atWork.set(fence, { stop })
  try {
    const prompt = await promptOf(
      world,
      attempt,
      candidate,
      room.value,
      differs.value.map((one) => one.path),
    )
    if (!prompt.ok) return prompt
    const asked = names.map((name) =>
      reviewOnce(
        world,
        attempt,
        candidate,
        { name, agent: world.agents.get(name)!, room: room.value },
        prompt.value,
        {
          begun: (running) => atWork.add(running),
          ended: (running) => atWork.delete(running),
        },
      ),
    )
    const failed = (await Promise.all(asked)).find((result) => !result.ok)
    return failed ?? ok([])
  } finally {
    signals.endAgents.removeEventListener('abort', soft)
    signals.killAgents.removeEventListener('abort', now)
    world.atWork.delete(fence)
    removeOwned(room.value.dir)
  }
}

interface Reviewer {
  readonly name: string
  readonly agent: Agent
  readonly room: ReviewRoom
}

interface Watched {
  readonly begun: (running: Pick<RunningAgent, 'stop'>) => void
  readonly ended: (running: Pick<RunningAgent, 'stop'>) => void
}

/** Codes: those of git. Throws what the ledger throws. */
async function reviewOnce(
  world: World,
  attempt: AttemptState,
  { tree }: Candidate,
  { name, agent, room }: Reviewer,
  prompt: string,
  watched: Watched,
): Promise<Result<readonly NewBatchEvent[]>> {
  const { ledger, batch, settings, own, opened, signals } = world
  const { item, fence, base } = attempt
  const of = { item, fence, agent: name, tree }
  const { silentMinutes, turnMinutes } = settings.limits
  // A person may have dropped the item meanwhile.
  if (signals.endAgents.aborted || ledger.state().attempts.get(fence)?.stage.at !== 'released') return ok([])
  ledger.append({ type: 'review-begun', data: of })
  batchStep('spawn')
  let running: Pick<RunningAgent, 'stop'> | undefined
  const { outcome, ...spent } = await askReviewer({
    name,
    agent,
    room,
    prompt,
    dir: path.join(
      attemptPaths(batch, item, attempt.attempt).dir,
      'reviews',
      `${name}-${ledger.state().seq}`,
    ),
    item,
    attempt: attempt.attempt,
    round: attempt.rounds + 1,
    limits: { silentMs: silentMinutes * 60_000, lengthMs: turnMinutes * 60_000, graceMs: 5000 },
    running: (agentAtWork) => watched.begun((running = agentAtWork)),
  })
  if (running !== undefined) watched.ended(running)
  batchStep('spawn')
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
