import type { Step } from '../contract/steps.ts'
import type { Command } from '../contract/types.ts'
import { stepArgv } from './step-argv.ts'
import { GateRow } from './row.ts'
import type { GateBox, GateResult, StepResult } from './types.ts'

/** What was looked at between two steps; `changed` names the files of the definition that are not as they were frozen. */
export type BetweenSteps =
  | { readonly kind: 'go-on' }
  | { readonly kind: 'end'; readonly changed: readonly string[] }

export interface StepsRun {
  readonly command: Command
  readonly steps: readonly Step[]
  /** What earlier gates keep for it, and where it keeps something itself. */
  readonly outer: GateRow
  /** Runs one step as a gate of its own; `nth` from 1. */
  readonly run: (command: Command, nth: number, row: GateRow) => Promise<GateResult>
  readonly between: (row: GateRow) => Promise<BetweenSteps>
}

/**
 * Runs the steps of a command in order, each as a gate of its own, until one does not pass. The command's time limit
 * holds for all of them together.
 */
export async function runSteps(given: StepsRun): Promise<GateResult> {
  const row = new GateRow(given.outer)
  let keeps: readonly string[] = []
  try {
    const result = await inOrder(given, row)
    if (result.outcome.kind === 'passed') keeps = given.command.keeps ?? []
    return result
  } finally {
    row.end(keeps)
  }
}

async function inOrder({ command, steps, run, between }: StepsRun, row: GateRow): Promise<GateResult> {
  const begin = performance.now()
  const done: StepResult[] = []
  const boxes: (GateBox | null)[] = []
  let bytes = 0
  for (const [at, step] of steps.entries()) {
    const left = command.timeoutSeconds - (performance.now() - begin) / 1000
    const part = { ...command, argv: stepArgv(step), cwd: step.cwd, timeoutSeconds: Math.max(0.001, left) }
    const result = await run(part, at + 1, row)
    bytes += result.outputBytes
    boxes.push(result.box)
    const { outcome, durationMs, logFile } = result
    done.push({ label: step.label, outcome, durationMs, logFile, mixed: step.mixed ?? null })
    const whole: GateResult = {
      ...result,
      name: command.name,
      argv: command.argv,
      durationMs: Math.round(performance.now() - begin),
      outputBytes: bytes,
      box: boxOf(boxes),
      steps: done,
      of: steps.length,
      ...mixedOf(steps),
    }
    if (outcome.kind !== 'passed' || at === steps.length - 1) return whole
    const found = await between(row)
    if (found.kind === 'end') return { ...whole, outcome: changedBy(found.changed) }
  }
  throw new Error('a command of no step')
}

/** That of the last step, with what all of them wrote to; sealed only if each was. */
function boxOf(boxes: readonly (GateBox | null)[]): GateBox | null {
  const last = boxes.at(-1) ?? null
  const seals = boxes.flatMap((box) => box?.seal ?? [])
  if (last?.seal === undefined) return last
  const rewrote = [...new Set(seals.flatMap((seal) => seal.rewrote))].sort()
  const worst = seals.find((seal) => seal.kind === 'not-sealed') ?? last.seal
  return { ...last, seal: { ...worst, rewrote } }
}

function changedBy(changed: readonly string[]): GateResult['outcome'] {
  return { kind: 'failed', exitCode: null, signal: null, cause: 'changed', changed }
}

function mixedOf(steps: readonly Step[]): Pick<GateResult, 'mixed'> {
  const why = steps.find((step) => step.mixed !== undefined)?.mixed
  return why === undefined ? {} : { mixed: why }
}
