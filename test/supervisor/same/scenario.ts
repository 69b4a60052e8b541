/* What an agent does and what comes of it, in words of no vendor. A driver says the steps in those of one. */

export const agentNames = ['codex', 'claude', 'gemini', 'command'] as const
export type AgentName = (typeof agentNames)[number]

/** One step of an agent. `{person}`, `{home}` and `{data}` in a command are places of the site. */
export type Step =
  | { readonly do: 'shell'; readonly run: string }
  /** How its turn ends, in the form that is asked for. */
  | {
      readonly do: 'answer'
      readonly status: 'complete' | 'continue' | 'blocked'
      readonly summary?: string
    }
  /** It ends in words instead. */
  | { readonly do: 'prose'; readonly text: string }
  /** `inSeconds`: until it opens again, from now on. */
  | { readonly do: 'quota'; readonly inSeconds: number }
  | { readonly do: 'fail'; readonly how: 'signed-out' | 'overloaded' | 'network' }
  /** Its service says nothing any more. */
  | { readonly do: 'hang' }

/** What one start of the program does. A step after the last one repeats that. */
export type AgentTurn = readonly Step[]

/** What a person does while a batch runs, once `at` is there in the worktree. */
export type Meanwhile =
  | { readonly at: string; readonly does: 'ctrl-c' | 'kill-supervisor' | 'kill-agent' }
  /** `stop` waits for the turn, which ends once `makes` is there in the worktree. */
  | { readonly at: string; readonly does: 'stop'; readonly makes: string }
  /** Once the quota of an agent is used up. */
  | { readonly does: 'end-suspension' }

export interface Call {
  /** Default `['run']`. */
  readonly args?: readonly string[]
  readonly meanwhile?: Meanwhile
  /** Of its exit; null: it was killed. */
  readonly code: number | null
  /** The person ends the suspension of the agent before it. */
  readonly endsSuspension?: true
}

/** What is on record in the end, of all calls together. */
export interface Comes {
  /** How each turn ended: the kind of its outcome, or the status that the agent gave. */
  readonly turns: readonly string[]
  /** How each attempt ended that is over: `done`, or why not, with `counted` and `rescued` where it is so. */
  readonly attempts: readonly string[]
  /** `done`, `open`, or `parked: <code>`. */
  readonly item: string
  /** Conversations that were begun; 0 of a program that has none. */
  readonly conversations: number
  /** Kinds of what the worker was told, in order. */
  readonly found?: readonly string[]
  /** Of the head; null: not there. */
  readonly head?: Readonly<Record<string, string | null>>
  /** Of the last rescue. */
  readonly rescued?: Readonly<Record<string, string>>
  /** Until when a used up quota is waited for, in seconds from then. */
  readonly suspendedFor?: number
}

export interface Scenario {
  readonly name: string
  /** By starts of the program, from the first one on; a start after the last one repeats that. */
  readonly turns: readonly AgentTurn[]
  /** Of the config. */
  readonly supervisor?: Readonly<Record<string, unknown>>
  readonly calls: readonly Call[]
  readonly comes: Comes
  /** What the nth start hears, from 1: in its prompt, whatever the program. */
  readonly hears?: Readonly<Record<number, string>>
  /** What the nth start knows by its conversation, where it has one. */
  readonly remembers?: Readonly<Record<number, string>>
  /** Where a program cannot do it: why, and what comes instead. */
  readonly except?: Readonly<Partial<Record<AgentName, Except>>>
}

export interface Except {
  readonly why: string
  readonly comes?: Partial<Comes>
  readonly calls?: readonly Call[]
}
