import { mask } from '../base/mask.ts'
import type { LikelyCause } from './likely-cause.ts'
import type { MixedWhy } from '../contract/steps.ts'
import type { GateBox, GateOutcome, GateResult, Lack, StepResult } from './types.ts'

/**
 * A gate's result as the ledger keeps it: what happened as data, the output's end, the log for the rest. What
 * looks like a secret stays in the log, which only its owner can read.
 */
export interface CommandRecord {
  readonly name: string
  readonly argv: readonly string[]
  readonly outcome: 'passed' | 'failed' | 'could-not-run'
  /** How a failed one ended, also one that the start makes could-not-run; null for the others, and where an older release did not keep it. */
  readonly cause: Extract<GateOutcome, { kind: 'failed' }>['cause'] | null
  readonly exitCode: number | null
  readonly signal: string | null
  /** Why it did not start, as the machine or the sandbox said it; null otherwise. */
  readonly why: string | null
  /** The command or step that helps then. */
  readonly fix: string | null
  /** What the machine may lack, as the output of a failed one has it. Absent where it says nothing, and for format version 1. */
  readonly likely?: LikelyCause
  /** It ended in the same way before there was any work. */
  readonly asAtStart?: true
  /** What it gets at the stop and did not get here. */
  readonly lacks?: Lack
  readonly durationMs: number
  readonly tail: string
  readonly logFile: string | null
  readonly sandboxed: boolean
  /** Null for one that asked for no box. */
  readonly box: GateBox | null
  /** The steps that were run, in order; absent for a command that is one, and in records of an older version. */
  readonly steps?: readonly StepRecord[]
  /** How many steps the command has. */
  readonly of?: number
  /** Why several programs of it shared one process tree; absent where they did not, and where nobody looked. */
  readonly mixed?: MixedWhy
  /** Files of the definition that the last step of `steps` changed, where that is the cause. */
  readonly changed?: readonly string[]
}

export interface StepRecord {
  readonly label: string
  readonly outcome: GateOutcome['kind']
  readonly exitCode: number | null
  readonly durationMs: number
  readonly logFile: string | null
  readonly mixed: MixedWhy | null
}

const maxTailCharacters = 6_000

export function commandRecord(result: GateResult): CommandRecord {
  const { outcome } = result
  const failed = outcome.kind === 'failed' ? outcome : null
  const stuck = outcome.kind === 'could-not-run' ? outcome : null
  const text = result.tail === '' ? result.head : result.tail
  return {
    name: result.name,
    argv: result.argv,
    outcome: outcome.kind,
    cause: failed?.cause ?? null,
    exitCode: outcome.kind === 'passed' ? 0 : (failed?.exitCode ?? null),
    signal: failed?.signal ?? null,
    why: stuck ? mask(stuck.why) : null,
    fix: stuck?.fix ?? null,
    ...(failed && 'likely' in failed && failed.likely ? { likely: failed.likely } : {}),
    ...(stuck?.lacks ? { lacks: stuck.lacks } : {}),
    durationMs: result.durationMs,
    tail: mask(text).slice(-maxTailCharacters),
    logFile: result.logFile,
    sandboxed: result.sandboxed,
    box: result.box,
    ...(result.steps === undefined
      ? {}
      : { steps: result.steps.map(stepRecord), of: result.of ?? result.steps.length }),
    ...(result.mixed === undefined ? {} : { mixed: result.mixed }),
    ...(failed?.cause === 'changed' ? { changed: failed.changed } : {}),
  }
}

function stepRecord({ label, outcome, durationMs, logFile, mixed: why }: StepResult): StepRecord {
  const exitCode = outcome.kind === 'passed' ? 0 : outcome.kind === 'failed' ? outcome.exitCode : null
  return { label: mask(label), outcome: outcome.kind, exitCode, durationMs, logFile, mixed: why }
}
