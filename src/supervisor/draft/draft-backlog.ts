import path from 'node:path'
import { lookAtBacklog, readBacklogFiles } from '../../backlog/read-backlog.ts'
import { type Failure, type Result, fail, ok } from '../../base/result.ts'
import { makeWorktree, removeWorktree } from '../../workspace/trees/worktree.ts'
import { namedReady } from '../batch/agents-ready.ts'
import type { BaseGround } from '../batch/base-ground.ts'
import { type RunAtBase, runAtBase } from '../batch/lint-run.ts'
import { agentsOf, hiddenFromAgents } from '../effects/agents-of.ts'
import { type CriticFinding, type PlanAnswer, criticForm, planForm } from './answers.ts'
import { askAgent } from './ask-agent.ts'
import { type DraftAim, type LastRound, type PlanGround, criticPrompt, planPrompt } from './prompts.ts'
import { type DraftProblem, type SettledDrafts, settleDrafts } from './settle-drafts.ts'

/** Drafts that a person may be shown: lint finds nothing wrong with them. */
export interface Drafted extends Omit<SettledDrafts, 'problems'> {
  readonly rounds: number
  /** What the critic still says; empty: it let them pass without a word. */
  readonly findings: readonly CriticFinding[]
  readonly isPassed: boolean
  /** Checks that no command of the config makes. */
  readonly lacking: readonly string[]
  /** What proves them, run on HEAD; a failure: it could not be run. */
  readonly seen: Result<RunAtBase>
}

export interface DraftAsked {
  readonly aim: DraftAim
  /** What a person allows; null: a person looks at what was drafted. */
  readonly scope: readonly string[] | null
}

const ROUNDS = 3
/** Of the worktree that planner and critic read. */
const READ = 'draft'

/**
 * A planner drafts, we lint, and a critic in a fresh process reads; what is wrong goes back to a planner that begins anew, up to
 * three times. Nothing is written in the person's checkout.
 *
 *   plan ─► lint ─► criticism ─► what proves them, run on HEAD ─► drafts
 *    ▲       │ problems  │ fail                   │ holds already
 *    └───────┴───────────┴────────────────────────┘
 *
 * `show`: what is waited for. Codes: batch-config, plan-unsettled, and those of askAgent, namedReady, and trees.
 */
export async function draftBacklog(
  ground: BaseGround,
  { aim, scope }: DraftAsked,
  show: (what: string) => void,
): Promise<Result<Drafted>> {
  const { context, own, opened, config, settings } = ground
  const { work, plan, planReview } = settings.roles
  const planner = plan[0] ?? work[0]
  if (planner === undefined)
    return fail('batch-config', 'the config names no agent that could draft items', {
      fix: 'add an agent to supervisor.agents, then: autonomous-loop allow',
    })
  const critic = planReview[0] ?? planner
  const ready = namedReady(context, settings.agents, [planner, critic], opened.gatePath)
  if (!ready.ok) return ready
  const hidden = await hiddenFromAgents(ground)
  if (!hidden.ok) return hidden
  const agents = agentsOf(context, own, opened, settings, hidden.value)
  const files = readBacklogFiles(path.join(opened.top, opened.prefix))
  const asked: PlanGround = { aim, config, there: lookAtBacklog(files, config).items, scope }
  // One that was left by a process that was killed.
  const gone = removeWorktree(own, READ)
  if (!gone.ok) return gone
  const tree = await makeWorktree(own, READ, opened.base)
  if (!tree.ok) return tree
  try {
    return await rounds(path.join(tree.value.dir, opened.prefix))
  } finally {
    removeWorktree(own, READ)
  }

  async function rounds(workspace: string): Promise<Result<Drafted>> {
    let last: LastRound | null = null
    for (let round = 1; ; round += 1) {
      const isLast = round === ROUNDS
      show(`${planner} drafts items (round ${round} of at most ${ROUNDS})`)
      const answer: Result<PlanAnswer> = await askAgent(ground, agents, {
        agent: planner ?? '',
        role: 'plan',
        round,
        turn: 1,
        workspace,
        prompt: planPrompt(asked, last),
        form: planForm,
      })
      if (!answer.ok) return answer
      const { problems, ...settled } = settleDrafts(answer.value, { files, config, scope })
      last = { answer: answer.value, problems, findings: [] }
      if (problems.length > 0 && isLast) return unsettled(problems)
      if (problems.length > 0) continue
      show(`${critic} reads them`)
      const said = await askAgent(ground, agents, {
        agent: critic,
        role: 'planReview',
        round,
        turn: 2,
        workspace,
        prompt: criticPrompt(asked, settled.files),
        form: criticForm,
      })
      if (!said.ok) return said
      const { verdict, findings } = said.value
      last = { ...last, findings }
      const isPassed = verdict === 'pass'
      if (!isPassed && !isLast) continue
      const seen = await runAtBase(ground, settled.items)
      if (!seen.ok && seen.error.code === 'interrupted') return seen
      const held = seen.ok ? heldProblems(seen.value, settled) : []
      last = { ...last, problems: held }
      if (held.length > 0 && !isLast) continue
      return ok({ ...settled, rounds: round, findings, isPassed, lacking: answer.value.lacking, seen })
    }
  }
}

/** Evidence that holds already, as the planner is told of it. */
function heldProblems(
  { problems }: RunAtBase,
  { files }: Pick<SettledDrafts, 'files'>,
): readonly DraftProblem[] {
  return problems.map(({ file, path: place, found, allowed }) => ({
    key: files.find((one) => file.endsWith(`/${one.name}`))?.key ?? null,
    text: `${place}: found ${found}; allowed: ${allowed}`,
  }))
}

function unsettled(problems: readonly DraftProblem[]): { readonly ok: false; readonly error: Failure } {
  const lines = problems.map((one) => `  ${one.key ?? ''}: ${one.text}`)
  return fail('plan-unsettled', `after ${ROUNDS} rounds the drafts are no backlog yet\n${lines.join('\n')}`, {
    fix: 'say more of what is wanted, or write the items by hand',
    data: { problems },
  })
}
