import path from 'node:path'
import type { Outcome } from '../../agents/agent.ts'
import { reviewForm } from '../../agents/review-answer.ts'
import { removeOwned } from '../../base/owned-directory.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { endSuspension, readSuspension } from '../../records/suspensions.ts'
import { bringIn } from '../../workspace/trees/bring-in.ts'
import { differencesOf } from '../../workspace/trees/differences.ts'
import { mergeBase } from '../../workspace/trees/merge-base.ts'
import { readablePatch } from '../../workspace/trees/patch.ts'
import { personCommit } from '../../workspace/trees/person-commit.ts'
import { namedReady } from '../batch/agents-ready.ts'
import type { BaseGround } from '../batch/base-ground.ts'
import { quotaUntil } from '../decide/suspend.ts'
import { agentsOf, hiddenFromAgents } from '../effects/agents-of.ts'
import { providerOf } from '../effects/providers.ts'
import { type Readers, withReaders } from '../effects/readers.ts'
import { suspendProgram } from '../effects/suspend-program.ts'
import type { Finding } from '../record/events.ts'
import { type Review, isPass } from '../record/review.ts'
import { askReader } from './ask-reader.ts'
import { deletedTests } from './deleted-tests.ts'
import { keepVerdicts, readVerdicts } from './kept-verdicts.ts'
import { checkQuotes } from './quotes.ts'
import { MOST_PATCH, reviewPrompt } from './review-prompt.ts'
import { openReviewRoom } from './review-room.ts'

export interface RangeAsked {
  /** In a person's words: branch, tag or commit; null: HEAD. */
  readonly work: string | null
  /** The same; null: the target of the config, or main. */
  readonly base: string | null
  /** Names of agents; null: those of the role. */
  readonly by: readonly string[] | null
}

/** What one reviewer came to. */
export type Reviewed =
  | { readonly agent: string; readonly kind: 'verdict'; readonly review: Review; readonly kept: boolean }
  | { readonly agent: string; readonly kind: 'quota'; readonly until: number | null }
  | {
      readonly agent: string
      readonly kind: 'failed'
      /** Also what keeps anybody on this machine from asking it for a while. */
      readonly outcome: Outcome<never>['kind']
      readonly said: string | null
    }

export interface RangeReview {
  readonly base: string
  readonly commit: string
  readonly changed: readonly string[]
  /** Ours: no agent was asked about them. */
  readonly findings: readonly Finding[]
  readonly reviews: readonly Reviewed[]
}

/** Everybody passed it, and we found nothing. Pure. */
export function isPassed({ findings, reviews }: RangeReview): boolean {
  return findings.length === 0 && reviews.every((one) => one.kind === 'verdict' && isPass(one.review))
}

const ITEM = 'review'
const USUAL = ['main', 'master', 'trunk']

/**
 * Asks reviewers about all that a commit has more than a base, as a batch asks them about an item. Nothing is integrated, and nothing is
 * written in the person's repository. `show`: what is waited for. Codes: review-range, batch-config, interrupted, and those of namedReady,
 * of trees and of the review room.
 */
export async function reviewRange(
  ground: BaseGround,
  asked: RangeAsked,
  show: (what: string) => void,
): Promise<Result<RangeReview>> {
  const { context, own, opened, settings, repo, signals } = ground
  const names = namesOf(ground, asked.by)
  if (!names.ok) return names
  const range = await rangeOf(ground, asked)
  if (!range.ok) return range
  const { base, commit } = range.value
  const differs = await differencesOf(own, base, commit)
  if (!differs.ok) return differs
  const changed = differs.value.map((one) => one.path)
  if (changed.length === 0)
    return fail('review-range', `${asked.work ?? 'HEAD'} has nothing that its base does not have`, {
      fix: 'autonomous-loop review --base <branch it was made from>',
    })
  const removed = differs.value.filter(({ after }) => after === null).map((one) => one.path)
  const findings = deletedTests(removed, [], '')
  const ready = namedReady(context, settings.agents, names.value, opened.gatePath)
  if (!ready.ok) return ready
  const hidden = await hiddenFromAgents(ground)
  if (!hidden.ok) return hidden
  const agents = agentsOf(context, own, opened, settings, hidden.value)
  const missing = names.value.find((name) => !agents.has(name))
  if (missing !== undefined)
    return fail('agent-missing', `the agent "${missing}" cannot be started by this version`)
  const patch = await readablePatch(own, base, commit, MOST_PATCH)
  if (!patch.ok && patch.error.code !== 'git-output-too-large') return patch
  const room = await openReviewRoom(own, ITEM, { base, tree: commit })
  if (!room.ok) return room
  const seats = room.value
  const prompt = reviewPrompt({
    task: null,
    gates: [],
    output: [],
    changed,
    patch: patch.ok ? patch.value.toString('utf8') : null,
    after: room.value.after,
    before: room.value.before,
  })
  const key = { dir: repo.dir, prompt: `${base} ${commit}\n${prompt}` }
  const known = readVerdicts(key)
  try {
    show(
      `${names.value.join(', ')} read ${changed.length === 1 ? 'one changed file' : `${changed.length} changed files`}`,
    )
    const all = await withReaders({ signals, atWork: new Map() }, 0, (readers) =>
      Promise.all(names.value.map((name) => reviewBy(name, readers))),
    )
    const failed = all.find((one) => !one.ok)
    if (failed?.ok === false) return failed
    if (signals.endAgents.aborted) return fail('interrupted', 'the review was stopped')
    const reviews = all.flatMap((one) => (one.ok ? [one.value] : []))
    const given = reviews.flatMap((one) => (one.kind === 'verdict' ? [[one.agent, one.review] as const] : []))
    keepVerdicts(key, given.length === reviews.length ? new Map() : new Map(given))
    return ok({ base, commit, changed, findings, reviews })
  } finally {
    removeOwned(room.value.dir)
  }

  async function reviewBy(agent: string, readers: Readers): Promise<Result<Reviewed>> {
    const had = known.get(agent)
    if (had !== undefined) return ok({ agent, kind: 'verdict', review: had, kept: true })
    const { home } = context.env
    const provider = providerOf(agent, settings.agents[agent]!, context)
    const held = readSuspension(home, provider, context.clock())
    if (held !== null && held.until > context.clock())
      return held.why === 'quota'
        ? ok({ agent, kind: 'quota', until: held.until })
        : ok({
            agent,
            kind: 'failed',
            outcome: held.why,
            said: `nobody asks it before ${new Date(held.until).toISOString()}`,
          })
    const { silentMinutes, turnMinutes } = settings.limits
    const { outcome, said = null } = await askReader({
      role: 'review',
      form: reviewForm,
      agent: agents.get(agent)!,
      seat: seats.seat(agent),
      readable: [seats.after, seats.before],
      prompt,
      dir: path.join(ground.batch.dir, 'reviews', agent),
      item: ITEM,
      attempt: 1,
      round: 1,
      limits: { silentMs: silentMinutes * 60_000, lengthMs: turnMinutes * 60_000, graceMs: 5000 },
      running: (one) => {
        readers.begun(one)
        if (signals.endAgents.aborted) one.stop('soft')
      },
    })
    const now = context.clock()
    if (outcome.kind === 'quota') {
      suspendProgram(home, provider, 'quota', (probes) => quotaUntil(outcome.resetsAt, probes, now), now)
      return ok({ agent, kind: 'quota', until: outcome.resetsAt })
    }
    if (outcome.kind !== 'finished')
      return ok({ agent, kind: 'failed', outcome: outcome.kind, said: wordsOf(outcome) ?? said })
    endSuspension(home, provider, now)
    const { verdict, findings: claimed } = outcome.answer
    const checked = await checkQuotes(own, [commit, base], claimed, opened.prefix)
    return checked.ok
      ? ok({
          agent,
          kind: 'verdict',
          review: { tree: commit, verdict, findings: checked.value },
          kept: false,
        })
      : checked
  }
}

function wordsOf(outcome: Outcome<never>): string | null {
  if (outcome.kind === 'could-not-start') return outcome.why.message
  return outcome.kind === 'unreadable' ? outcome.why : null
}

function namesOf({ settings }: BaseGround, by: readonly string[] | null): Result<readonly string[]> {
  const names = [...new Set(by ?? settings.roles.review)]
  const known = Object.keys(settings.agents)
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined)
    return fail(
      'batch-config',
      `the config names no agent "${unknown}"; it has ${known.join(', ') || 'none'}`,
      {
        fix: 'add it to supervisor.agents, then: autonomous-loop allow',
      },
    )
  return names.length > 0
    ? ok(names)
    : fail('batch-config', 'nobody is named who reviews', {
        fix:
          known.length > 0
            ? `autonomous-loop review --by ${known[0]}`
            : 'add an agent to supervisor.agents, then: autonomous-loop allow',
      })
}

/** From where the histories meet, as a pull request has it. */
async function rangeOf(
  { own, opened, settings }: BaseGround,
  asked: RangeAsked,
): Promise<Result<{ readonly base: string; readonly commit: string }>> {
  const commit = asked.work === null ? ok(opened.base) : await named(asked.work)
  if (!commit.ok) return commit
  const candidates =
    asked.base === null ? [settings.target, ...USUAL].filter((one) => one !== null) : [asked.base]
  for (const words of candidates) {
    const found = await personCommit(own, words)
    if (!found.ok) return found
    if (found.value === null && asked.base === null) continue
    const base = await named(words)
    if (!base.ok) return base
    const meets = await mergeBase(own, base.value, commit.value)
    return meets.ok ? ok({ base: meets.value, commit: commit.value }) : meets
  }
  return fail('review-range', `no branch is named ${USUAL.join(', ')}`, {
    fix: 'autonomous-loop review --base <branch it was made from>',
  })

  async function named(words: string): Promise<Result<string>> {
    const found = await personCommit(own, words)
    if (!found.ok) return found
    if (found.value === null)
      return fail('review-range', `${words} names no commit here`, { fix: 'git branch -a' })
    const brought = await bringIn(own, found.value)
    return brought.ok ? ok(found.value) : brought
  }
}
