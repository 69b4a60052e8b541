import type { Sha256 } from '../base/hash.ts'
import { mask } from '../base/mask.ts'
import type { LikelyCause } from './likely-cause.ts'
import type { MixedWhy } from '../contract/steps.ts'
import type { GateBox, GateOutcome, GateResult, GateRunResult, Lack, StepResult } from './types.ts'

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
  /** All its runs of this stop in order, where one was not enough; `outcome` is what they come to. */
  readonly runs?: readonly RunRecord[]
  /** A digest of all that its word in the clean room rests on. Absent: it stands for this run alone. */
  readonly passKey?: Sha256
  /** The stop of this run whose pass it is: nothing that it rests on has changed since. */
  readonly reused?: { readonly stop: number }
  /** It passed with the tests of the work, and this is how it went with those of the start. Absent: with those of the work. */
  readonly tests?: 'start'
  /** It passed with the tests of the start as well. Absent where it did not have to. */
  readonly startTests?: StartTests
  /** How it went in the workspace, where it did not pass in the clean room. */
  readonly inPlace?: InPlace
  /** A step of `prepare`, which makes what gates find in the clean room. `work`: it reads something that differs from the start. */
  readonly prepares?: { readonly work: boolean }
}

/** One of several runs of a gate. */
export interface RunRecord {
  readonly outcome: GateOutcome['kind']
  readonly exitCode: number | null
  readonly durationMs: number
  /** Of a failed one that is not the last. */
  readonly tail?: string
  readonly logFile: string | null
}

/** A pass with the tests of the start. */
export interface StartTests {
  readonly durationMs: number
  readonly logFile: string | null
  readonly passKey: Sha256
  /** Nothing was run: the same passed at an earlier stop. */
  readonly reused?: true
}

export interface InPlace {
  readonly outcome: GateOutcome['kind']
  /** What only the workspace has and the gate's output speaks of; empty where it does not pass there either. */
  readonly lacks: readonly RoomLack[]
}

/** What a gate may miss in the clean room. `path`: ignored by git. `dependencies`: a directory of them. `package`: one of them, put in by hand. */
export interface RoomLack {
  readonly kind: 'path' | 'dependencies' | 'package'
  readonly name: string
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
const maxRunTail = 2_000

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
    exitCode: exitCodeOf(outcome),
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
    ...(result.runs === undefined ? {} : { runs: result.runs.map(runRecord) }),
  }
}

function runRecord(
  { outcome, durationMs, head, tail, logFile }: GateRunResult,
  at: number,
  all: readonly GateRunResult[],
): RunRecord {
  const said = outcome.kind !== 'passed' && at < all.length - 1
  return {
    outcome: outcome.kind,
    exitCode: exitCodeOf(outcome),
    durationMs,
    ...(said ? { tail: mask(tail === '' ? head : tail).slice(-maxRunTail) } : {}),
    logFile,
  }
}

function exitCodeOf(outcome: GateOutcome): number | null {
  return outcome.kind === 'passed' ? 0 : outcome.kind === 'failed' ? outcome.exitCode : null
}

function stepRecord({ label, outcome, durationMs, logFile, mixed: why }: StepResult): StepRecord {
  return {
    label: mask(label),
    outcome: outcome.kind,
    exitCode: exitCodeOf(outcome),
    durationMs,
    logFile,
    mixed: why,
  }
}
