import type { InferredOptionTypes, Options } from 'yargs'
import type { Result } from '../base/result.ts'
import type { Context } from '../records/context.ts'
import type { CliOutcome } from './outcome.ts'

/** What a command is given besides its arguments. */
export interface Io {
  readonly context: Context
  /** A person can be asked: terminals on both sides and no `--json`. */
  readonly interactive: boolean
  /** The answer goes to a machine. */
  readonly json: boolean
  /** Somebody said which form the answer is to have; where stdout is another's, or text is text for everybody, only that counts. */
  readonly formAsked: boolean
  /** Ends with SIGINT. */
  readonly interrupted: AbortSignal
}

export interface Flag extends Options {
  readonly type: 'string' | 'number' | 'boolean'
  readonly describe: string
  /** What its value is called in the help, where `text` says too little. */
  readonly value?: string
  /** Its value where none is given; one is given with `=` only. */
  readonly bare?: string
}
export type Flags = Readonly<Record<string, Flag>>

/** One command, loaded only when it was called. */
export interface CliCommand {
  readonly flags: Flags
  /** Words without dashes, in order, all required. */
  readonly words: Readonly<Record<string, string>>
  /** Words that may follow them. */
  readonly optional: Readonly<Record<string, string>>
  /** One word that may stand there any number of times, after all others; it arrives as a list. */
  readonly many: Readonly<Record<string, string>>
  /** What the words after `--` are; they arrive as `rest`. Absent: there are none. */
  readonly rest?: string
  /** It answers SIGINT and SIGTERM itself, and says with which exit status it ends then. */
  readonly ownSignals?: true
  /** What is wrong with these flags taken together, in words. */
  usage?(args: Readonly<Record<string, unknown>>): string | undefined
  run(args: Readonly<Record<string, unknown>>, io: Io): Promise<Result<CliOutcome>> | Result<CliOutcome>
}

export type Args<
  F extends Flags,
  W extends string,
  O extends string,
  M extends string,
> = InferredOptionTypes<{
  [K in keyof F]: F[K]
}> &
  Readonly<Record<W, string>> &
  Readonly<Partial<Record<O, string>>> &
  Readonly<Record<M, readonly string[]>>

/** Gives `run` its arguments typed by the flags and words beside it; parse.ts has checked them. */
export function command<
  const F extends Flags,
  const W extends string = never,
  const O extends string = never,
  const M extends string = never,
>(spec: {
  readonly flags: F
  readonly words?: Readonly<Record<W, string>>
  readonly optional?: Readonly<Record<O, string>>
  readonly many?: Readonly<Record<M, string>>
  readonly rest?: string
  readonly ownSignals?: true
  usage?(args: NoInfer<Args<F, W, O, M>>): string | undefined
  run(
    args: Args<F, W, O, M> & { readonly rest: readonly string[] },
    io: Io,
  ): Promise<Result<CliOutcome>> | Result<CliOutcome>
}): CliCommand {
  return {
    flags: spec.flags,
    words: spec.words ?? {},
    optional: spec.optional ?? {},
    many: spec.many ?? {},
    ...(spec.rest === undefined ? {} : { rest: spec.rest }),
    ...(spec.ownSignals ? { ownSignals: true as const } : {}),
    usage: (args) => spec.usage?.(args as Args<F, W, O, M>),
    run: (args, io) => spec.run(args as Args<F, W, O, M> & { readonly rest: readonly string[] }, io),
  }
}

/** Flags that many commands share. */
export const cwdFlag = {
  cwd: { type: 'string', value: 'dir', describe: 'directory in the repository (default: here)' },
} as const satisfies Flags
export const sessionFlag = {
  'session-id': { type: 'string', value: 'id', describe: "Codex's id of the session" },
} as const satisfies Flags
export const reasonFlag = {
  reason: { type: 'string', describe: 'goes into the ledger' },
} as const satisfies Flags
