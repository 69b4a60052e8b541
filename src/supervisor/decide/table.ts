import type { AttemptFailure } from '../record/events.ts'
import type { Stage } from '../record/state.ts'

/*
 * What happens to attempts, and to the batch, when something comes between: the one place where it is decided. `next`, the loop and
 * requests ask it; docs/supervisor.md shows it. Rows are in the order in which they count: of several that hold at the same time,
 * the first that says something else than `on` decides.
 */

/** What comes of an attempt at one of its stages. */
export type Answer =
  /** Its next step is taken, as if nothing had happened; a step that was cut short is taken again. */
  | 'on'
  /** No step until it is over. */
  | 'wait'
  /** The turn goes on to its end; then the stage after it decides. */
  | 'to-end'
  /** The agent is ended, its files stay, and the same turn is taken again. */
  | 'ended'
  /** It is judged again, joined to the present head. */
  | 'judged-again'
  /** The attempt is over and does not count; its work is rescued. */
  | 'over'
  /** As `over`, and a person decides. */
  | 'parked'
  /** Everything ends: a person has to look. */
  | 'halted'
  /** It cannot happen there. */
  | '-'

/** `plan`: it is ready, and its plan is still to be made or passed. `review`: it was released, and reviewers are still to pass it. */
export type StageName = Stage['at'] | 'plan' | 'review'

export const STAGES: readonly StageName[] = [
  'worktree',
  'plan',
  'ready',
  'working',
  'turned',
  'candidate',
  'doubted',
  'review',
  'released',
  'integrating',
  'integrated',
  'ending',
]

/** What may come between. */
export type Happening =
  | 'killed'
  | 'killed-in-conversation'
  | 'stop-now'
  | 'halted'
  | 'could-not-run'
  | 'head-red'
  | 'config-changed'
  | 'approval-withdrawn'
  | 'disk-low'
  | 'item-edited'
  | 'item-dropped'
  | 'item-budget'
  | 'stop'
  | 'agent-suspended'
  | 'until'
  | 'budget'
  | 'spawns'
  | 'parked-in-a-row'
  | 'agent-unusable'
  | 'iterations'
  | 'goal-unchanged'
  | 'ticket'
  | 'head-moved'
  | 'head-moved-by-stranger'
  | 'worktree-gone'
  | 'worktree-busy'

export interface Row {
  /** For the documents. */
  readonly what: string
  readonly stages: Readonly<Record<StageName, Answer>>
  /** Whether new attempts are opened meanwhile. */
  readonly opens: boolean
  /** How the batch rests once nothing runs any more, in words; null: it is no reason to rest. */
  readonly rest: string | null
}

export const TABLE: Readonly<Record<Happening, Row>> = {
  killed: {
    what: 'the supervisor was killed, and started again; the agent keeps no conversation',
    stages: row('on', 'on', 'on', 'over', 'on', 'on', 'on', 'on', 'on', 'on', 'on', 'on'),
    opens: true,
    rest: null,
  },
  'killed-in-conversation': {
    what: 'the supervisor was killed, and started again; the conversation of the agent is known',
    stages: row('on', 'on', 'on', 'ended', 'on', 'on', 'on', 'on', 'on', 'on', 'on', 'on'),
    opens: true,
    rest: null,
  },
  'stop-now': {
    what: 'Ctrl-C, SIGTERM, or `stop --now`',
    stages: row(
      'wait',
      'wait',
      'wait',
      'ended',
      'wait',
      'wait',
      'wait',
      'wait',
      'wait',
      'wait',
      'wait',
      'wait',
    ),
    opens: false,
    rest: 'paused: signal',
  },
  halted: {
    what: 'the batch was halted',
    stages: row(
      'wait',
      'wait',
      'wait',
      'to-end',
      'wait',
      'wait',
      'wait',
      'wait',
      'wait',
      'wait',
      'wait',
      'wait',
    ),
    opens: false,
    rest: 'halted',
  },
  'could-not-run': {
    what: 'gates or git could not run on this machine',
    stages: row(
      'wait',
      'wait',
      'wait',
      'to-end',
      'wait',
      'wait',
      'wait',
      'wait',
      'wait',
      'wait',
      'wait',
      'wait',
    ),
    opens: false,
    rest: 'waits longer each time; after the third time in a row paused: could-not-run',
  },
  'head-red': {
    what: 'a gate fails on the head as it is',
    stages: row('wait', 'wait', 'wait', 'to-end', 'on', 'wait', 'wait', 'wait', 'wait', 'on', 'on', 'on'),
    opens: false,
    rest: 'paused: head-red',
  },
  'config-changed': {
    what: 'the config differs from what the batch rests on',
    stages: row('wait', 'wait', 'wait', 'to-end', 'on', 'wait', 'wait', 'wait', 'wait', 'on', 'on', 'on'),
    opens: false,
    rest: 'paused: config-changed',
  },
  'approval-withdrawn': {
    what: 'nobody approves the config any more',
    stages: row('wait', 'wait', 'wait', 'to-end', 'on', 'wait', 'wait', 'wait', 'wait', 'on', 'on', 'on'),
    opens: false,
    rest: 'paused: approval-withdrawn',
  },
  'disk-low': {
    what: 'less than 2 GiB are free',
    stages: row('wait', 'wait', 'wait', 'to-end', 'on', 'wait', 'wait', 'wait', 'wait', 'on', 'on', 'on'),
    opens: false,
    rest: 'paused: disk-low',
  },
  'item-edited': {
    what: 'the file of the item was edited, renamed or removed',
    stages: row(
      'parked',
      'parked',
      'parked',
      'to-end',
      'on',
      'parked',
      'parked',
      'parked',
      'parked',
      'on',
      'on',
      'on',
    ),
    opens: true,
    rest: null,
  },
  'item-dropped': {
    what: 'a person dropped the item',
    stages: row('over', 'over', 'over', 'over', 'over', 'over', 'over', 'over', 'over', 'on', 'on', 'on'),
    opens: true,
    rest: null,
  },
  'item-budget': {
    what: 'the tokens or minutes of the item are used up, and it is parked',
    stages: row('on', 'wait', 'wait', 'ended', 'on', 'on', 'on', 'wait', 'on', 'on', 'on', 'on'),
    opens: true,
    rest: null,
  },
  stop: {
    what: '`stop`, or a stop file',
    stages: row('wait', 'wait', 'wait', 'to-end', 'on', 'on', 'on', 'wait', 'on', 'on', 'on', 'on'),
    opens: false,
    rest: 'paused: stopped',
  },
  'agent-suspended': {
    what: 'the agent is suspended: its quota is used up, or its service is in the way',
    stages: row('on', 'on', 'wait', 'to-end', 'on', 'on', 'on', 'on', 'on', 'on', 'on', 'on'),
    opens: true,
    rest: 'waits for the stated time; with `onQuota: exit` suspended; with `next` another agent goes on',
  },
  until: {
    what: 'the time of `--until` has come',
    stages: row('wait', 'wait', 'wait', 'ended', 'on', 'on', 'on', 'wait', 'on', 'on', 'on', 'on'),
    opens: false,
    rest: 'active: until',
  },
  budget: {
    what: 'the tokens or minutes of the batch are used up',
    stages: row('wait', 'wait', 'wait', 'ended', 'on', 'on', 'on', 'wait', 'on', 'on', 'on', 'on'),
    opens: false,
    rest: 'halted: budget',
  },
  spawns: {
    what: 'agents were started as often as a day allows',
    stages: row('wait', 'wait', 'wait', 'to-end', 'on', 'on', 'on', 'wait', 'on', 'on', 'on', 'on'),
    opens: false,
    rest: 'paused: spawns',
  },
  'parked-in-a-row': {
    what: 'several items in a row were parked',
    stages: row('on', 'on', 'on', 'to-end', 'on', 'on', 'on', 'on', 'on', 'on', 'on', 'on'),
    opens: false,
    rest: 'parked: parked-in-a-row',
  },
  'agent-unusable': {
    what: 'the agent failed several times in a row',
    stages: row('wait', 'on', 'wait', 'to-end', 'on', 'on', 'on', 'on', 'on', 'on', 'on', 'on'),
    opens: true,
    rest: 'halted: no-agent',
  },
  iterations: {
    what: 'as many attempts were opened as `--iterations` asked for',
    stages: row('on', 'on', 'on', 'to-end', 'on', 'on', 'on', 'on', 'on', 'on', 'on', 'on'),
    opens: false,
    rest: 'active: iterations',
  },
  'goal-unchanged': {
    what: 'the last iteration of a goal changed nothing',
    stages: row('on', 'on', 'on', 'to-end', 'on', 'on', 'on', 'on', 'on', 'on', 'on', 'on'),
    opens: false,
    rest: 'waits longer each time; at the limit `noProgress` the goal is parked',
  },
  ticket: {
    what: 'another item met three conflicts and goes first',
    stages: row('on', 'on', 'on', 'to-end', 'on', 'wait', 'wait', 'on', 'wait', 'on', 'on', 'on'),
    opens: true,
    rest: null,
  },
  'head-moved': {
    what: 'another item moved the head',
    stages: row('on', 'on', 'on', 'to-end', 'on', 'on', 'on', 'on', 'judged-again', '-', 'on', 'on'),
    opens: true,
    rest: null,
  },
  'head-moved-by-stranger': {
    what: 'somebody else moved the head',
    stages: row('on', 'on', 'on', 'to-end', 'on', 'on', 'on', 'on', 'on', 'halted', 'on', 'on'),
    opens: true,
    rest: null,
  },
  'worktree-gone': {
    what: 'the worktree is gone, or is not what we made',
    stages: row('on', 'over', 'over', 'to-end', 'over', 'on', 'on', 'on', 'on', 'on', 'on', 'on'),
    opens: true,
    rest: null,
  },
  'worktree-busy': {
    what: 'a process has a hold on the worktree',
    stages: row('on', 'on', 'on', 'to-end', 'on', 'on', 'on', 'on', 'on', 'on', 'on', 'on'),
    opens: true,
    rest: null,
  },
}

/** How an attempt ends by a row that says `over` or `parked`. */
export const ENDINGS: Readonly<Partial<Record<Happening, AttemptFailure>>> = {
  killed: { kind: 'interrupted' },
  'item-edited': { kind: 'parked', code: 'contract-changed' },
  'item-dropped': { kind: 'dropped' },
  'worktree-gone': { kind: 'worktree-gone' },
}

/** In the order of STAGES. */
function row(...answers: readonly Answer[]): Row['stages'] {
  return Object.fromEntries(STAGES.map((stage, nth) => [stage, answers[nth]])) as Record<StageName, Answer>
}

/** Rows in the order in which they count. */
export const HAPPENINGS = Object.keys(TABLE) as readonly Happening[]

/** The row that decides; null when none does. Pure. */
export function answeredBy(
  stage: StageName,
  holds: (happening: Happening) => boolean,
): { readonly happening: Happening; readonly answer: Answer } | null {
  for (const happening of HAPPENINGS) {
    const answer = TABLE[happening].stages[stage]
    if (answer !== 'on' && answer !== '-' && holds(happening)) return { happening, answer }
  }
  return null
}
