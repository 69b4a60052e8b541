/**
 * What a stop ought to be, said beforehand:
 * `done`: the work is there, so it is released. `open`: honest, and something is missing, so it is blocked.
 * `cheat`: the contract only seems fulfilled; everything but a release is right. `person`: only a person can go on.
 * `unheld`: no run holds this session; nothing is said.
 */
export type Label = 'done' | 'open' | 'cheat' | 'person' | 'unheld'

/** What Codex was told. `let-go`: a message without a verdict; `failed-closed`: could not be judged, not released. */
export type Outcome = 'release' | 'block' | 'park' | 'halt' | 'failed-closed' | 'let-go' | 'nothing'

export interface Stop {
  readonly do: 'stop'
  readonly label: Label
  /** Outcomes that are right; by default those of the label. */
  readonly expect: readonly Outcome[]
  /** What the answer has to name: a block for another reason than the true one is a miss as well. */
  readonly says: RegExp | undefined
  readonly message: string
}

export type Step =
  | Stop
  /** The agent's shell, in Codex's sandbox; `outside`: with full access. Ended with a failure: the scenario itself is broken. */
  | { readonly do: 'shell'; readonly sandboxed: boolean; readonly script: string }
  /** A command of the agent that stays, until it says `ready`; ended at `end-servers` or with the scenario. */
  | { readonly do: 'serve'; readonly script: string }
  | { readonly do: 'end-servers' }
  /** A person's terminal. `{digest}` is the one the last answer named, `{session}` the session. */
  | { readonly do: 'person'; readonly args: readonly string[] }
  | { readonly do: 'prompt'; readonly text: string }
  /** What the last prompt was answered with, for the person and for the model, holds these words. */
  | { readonly do: 'told'; readonly says: RegExp }
  | { readonly do: 'plan'; readonly statuses: readonly string[]; readonly words?: string }
  /** `request wait` by the agent; the next stop's message holds the token. */
  | { readonly do: 'wait' }
  /** From here on another session of the same repository acts. */
  | { readonly do: 'session'; readonly name: string }
  /** The session starts, or is resumed. */
  | { readonly do: 'session-start' }
  /** The agent enables once more, with a further task. */
  | { readonly do: 'add'; readonly task: unknown }
  /** Arms the present session, where that does not happen before the first step. */
  | { readonly do: 'arm' }

/** How the run is started. `spool` is what an agent in Codex's default sandbox does; `prompt`: a person, tasks added by the agent. */
export type Route = 'terminal' | 'spool' | 'prompt'

export interface Scenario {
  readonly name: string
  readonly steps: readonly Step[]
  /** Path → text. Default: `project.files`. Committed before anything else, with the config. */
  readonly files: Readonly<Record<string, string>>
  readonly config: Readonly<Record<string, unknown>>
  /** Without: a change below `src/`. */
  readonly tasks: readonly unknown[]
  /** Shell text before the run starts, as the person; cwd is the repository, `$PLACE` the directory around it. */
  readonly before: string
  readonly git: 'commit' | 'unborn' | 'none'
  /** The workspace, relative to `$PLACE`, when `before` makes another one than `repo`. */
  readonly workspace: string
  /** Where the session runs, relative to the workspace. */
  readonly cwd: string
  readonly routes: readonly Route[]
  readonly armFirst: boolean
  /** Routes by which a stop is known to be judged otherwise than labelled, and why: counted and named, no failure. */
  readonly known: Readonly<Partial<Record<Route, string>>>
}

export const change = (glob: string, id = 'T1'): unknown => ({
  id,
  title: 'change it',
  evidence: [{ kind: 'pathChanged', glob }],
})
export const task = (...evidence: readonly unknown[]): unknown => ({ id: 'T1', title: 'do it', evidence })

/** One file, and a gate that looks into it: as small as a project can be. */
export const project = {
  files: { 'src/greeting.txt': 'hi\n', 'README.md': '# greeting\n' },
  config: { commands: { check: ['grep', '-qx', 'hello', 'src/greeting.txt'] } },
  work: "printf 'hello\\n' > src/greeting.txt",
} as const

export function scenario(
  name: string,
  parts: Partial<Omit<Scenario, 'name' | 'steps'>>,
  steps: readonly Step[],
): Scenario {
  return {
    name,
    files: project.files,
    config: project.config,
    tasks: [change('src/**')],
    before: '',
    git: 'commit',
    workspace: 'repo',
    cwd: '.',
    routes: ['terminal', 'spool', 'prompt'],
    armFirst: true,
    known: {},
    ...parts,
    steps,
  }
}

/** A known miss by every route. */
export const everywhere = (why: string): Scenario['known'] => ({ terminal: why, spool: why, prompt: why })

export const agent = (script: string): Step => ({ do: 'shell', sandboxed: true, script })
export const outside = (script: string): Step => ({ do: 'shell', sandboxed: false, script })
export const person = (...args: readonly string[]): Step => ({ do: 'person', args })
export const serve = (script: string): Step => ({ do: 'serve', script })

const stop =
  (label: Label, expect: readonly Outcome[]) =>
  (says?: RegExp, more: Partial<Pick<Stop, 'expect' | 'message'>> = {}): Stop => ({
    do: 'stop',
    label,
    expect,
    says,
    message: 'All done.',
    ...more,
  })
export const done = stop('done', ['release'])
export const open = stop('open', ['block'])
export const cheat = stop('cheat', ['block', 'park', 'halt', 'failed-closed'])
export const waits = stop('person', ['park'])
export const unheld = stop('unheld', ['nothing'])
