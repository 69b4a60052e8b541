import { oneLine } from '../base/text.ts'

/** What is shown of a session that is held. */
const ofSessions = {
  untrusted: 'installed but not trusted: reported as not enforced',
  trusted: 'trusted: by Codex’s own word',
  enable: 'enabled from inside Codex’s sandbox',
  'first-stop': 'first early stop: blocked, naming the missing task',
  'second-stop': 'second early stop: blocked with the gate’s output',
  'tampered-gate': 'a gate the agent changed: held, nothing of it run',
  'ignored-file': 'an ignored file that makes the tests pass: held, not in the room',
  'swapped-tool': 'a tool exchanged in node_modules: held, the room has its own',
  'swapped-step': 'a step that swaps the next: held, the next is the frozen one',
  'hostile-gate': 'a gate that attacks the controller: changes nothing',
  release: 'released, and only after the work',
  'idle-stop': 'a stop without a run: silent, and what it costs',
} as const

/** What is shown of a backlog that is worked through. */
const ofBacklog = {
  'run-accepted': 'a backlog: nothing runs before a person accepted it',
  'run-honest': 'an item that is worked on: proved in a clean room, then done',
  'run-claimed': 'an item only said to be done: told what is missing, then done',
  'run-scope': 'an item that leaves its scope: told so, then parked for a person',
} as const

/** What is shown of it only where there is time. */
const ofMisfortune = {
  'run-killed': 'killed while its agents worked: goes on, to the same end',
  'run-quota': 'a quota in the middle: waited for, no attempt counted',
} as const

const ofItsEnd = {
  'run-untouched': 'the person’s checkout before landing: not touched',
  'run-landed': 'landed: what is done, and nothing else',
  'run-left': 'left running at the end: nothing',
} as const

const always = { versions: 'the real Codex, in a home of its own' } as const

const claims = { ...always, ...ofSessions, ...ofBacklog, ...ofMisfortune, ...ofItsEnd } as const
export type ClaimId = keyof typeof claims

/** What is proved, in the order in which a person reads it: all of it in short, or the backlog alone and whole. */
export const stories = {
  short: { ...always, ...ofSessions, ...ofBacklog, ...ofItsEnd },
  run: { ...always, ...ofBacklog, ...ofMisfortune, ...ofItsEnd },
} as const satisfies Readonly<Record<string, Partial<Record<ClaimId, string>>>>
export type Story = keyof typeof stories

/** What was seen of one claim. */
export interface Observation {
  readonly id: ClaimId
  readonly ok: boolean
  /** One line: what was seen, or what was seen instead. */
  readonly seen: string
  /** What it took: the setup command, or the wait of the agent for this answer. null: nothing to time. */
  readonly ms: number | null
}

export interface ClaimRow extends Observation {
  readonly claim: string
}

/** Every claim of a story as a row; one that was not looked at says so, and a proof without all rows is none. */
export function rowsOf(story: Story, observations: readonly Observation[]): ClaimRow[] {
  return (Object.keys(stories[story]) as ClaimId[]).map((id) => ({
    ...(observations.find((one) => one.id === id) ?? { id, ok: false, seen: 'not reached', ms: null }),
    claim: claims[id],
  }))
}

/** One line of at most 160 characters, without what a terminal would obey. */
export function seenLine(text: string): string {
  return oneLine(text.replaceAll(/\p{Cc}+/gu, ' '), 160)
}
