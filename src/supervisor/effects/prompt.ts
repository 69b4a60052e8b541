import type { Proposal } from '../../agents/answer.ts'
import { type Result, ok } from '../../base/result.ts'
import { never } from '../../base/result.ts'
import type { AttemptState, Told } from '../record/state.ts'
import { isGoal } from '../record/fold-goal.ts'
import { accountOf } from './earlier.ts'
import { GOAL_ENDING, GOAL_FIRST_LINE, NOT_COMPLETED, goalWords } from './goal-prompt.ts'
import type { World } from '../world.ts'
import { factsWords } from './facts.ts'
import { planForWorker } from '../planning/plan-words.ts'
import { saidWords } from './said-words.ts'

/** The first line of every prompt of ours about an item. */
export const FIRST_LINE = 'You work on one item of a backlog, supervised by autonomous-loop.'

const REOPENED =
  'This item was done once, and what came of that is in the files. A person opened it again: look at what it lacks.'

/** What the worker is told at its next turn. Codes: those of the attempt's ledger, and of factsWords. */
export async function promptFor(world: World, attempt: AttemptState): Promise<Result<string>> {
  const { stage } = attempt
  const told: Told = stage.at === 'ready' || stage.at === 'working' ? stage.told : { kind: 'item' }
  const facts = told.kind === 'facts' ? await factsWords(world, attempt) : ok(null)
  if (!facts.ok) return facts
  const last = told.kind === 'facts' ? told.last : told
  const said = saidWords(world, attempt, last)
  if (!said.ok) return said
  const item = [itemWords(world, attempt), ...planWords(attempt)].join('\n\n')
  const [first, end] = isGoal(world.ledger.state(), attempt.item)
    ? [GOAL_FIRST_LINE, GOAL_ENDING]
    : [FIRST_LINE, ending]
  return ok(
    [
      first,
      ...(facts.value === null ? [] : [facts.value]),
      ...(attempt.claim?.completed === true && last.kind !== 'item' ? [NOT_COMPLETED] : []),
      ...(last.kind === 'item' ? [item] : [said.value, item]),
      end,
    ].join('\n\n') + '\n',
  )
}

/** A conversation is told once. */
function planWords({ conversation, planning: { given } }: AttemptState): readonly string[] {
  return conversation === null && given !== null ? [planForWorker(given.text)] : []
}

const ending =
  'Do not commit. Work in this directory only. When all of it is done, end with the answer "complete"; what you say is checked.'

/** The item as an agent is to see it, with what earlier attempts met. */
export function itemWords(world: World, { item: id, attempt }: AttemptState): string {
  const { item, ledger } = world
  const { title, prompt, scope } = item(id)
  const state = ledger.state().items.get(id)
  const earlier = earlierWords(world, id)
  if (state?.goal && state.frozen.goal)
    return [
      goalWords(item(id), state.frozen.goal, state.goal, attempt),
      ...(earlier === '' ? [] : [earlier]),
    ].join('\n\n')
  return [
    ...(prompt.trimStart().startsWith('#') ? [] : [`# ${title}`]),
    ...(prompt.trim() === '' ? [] : [prompt.trim()]),
    `Only these may change:\n${scope.map((glob) => `- ${glob}`).join('\n')}`,
    ...(earlier === '' ? [] : [earlier]),
  ].join('\n\n')
}

/** What earlier attempts met, and what a person said of it. */
function earlierWords(world: World, id: string): string {
  const { proposal, reopened } = world.ledger.state().items.get(id) ?? {}
  const account = accountOf(world, id)
  return [
    ...(account === null ? [] : [account]),
    ...(proposal?.refused
      ? [
          `A person refused what attempt ${proposal.attempt} proposed (${proposalWords(proposal.proposal.kind)}). Do the item as it stands above.`,
        ]
      : []),
    ...(reopened ? [REOPENED] : []),
  ].join('\n\n')
}

export function proposalWords(kind: Proposal['kind']): string {
  switch (kind) {
    case 'widen-scope':
      return 'a wider scope'
    case 'split':
      return 'several items in its place'
    case 'add-dependency':
      return 'another item before it'
    default:
      return never(kind, 'kind of a proposal')
  }
}
