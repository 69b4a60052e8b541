import type { Step } from '../contract/steps.ts'
import type { Command } from '../contract/types.ts'
import { stepArgv } from './step-argv.ts'
import type { GateBox, GateResult, StepResult } from './types.ts'

/** What was looked at between two steps; `changed` names the files of the definition that are not as they were frozen. */
export type BetweenSteps =
  | { readonly kind: 'go-on' }
  | { readonly kind: 'end'; readonly changed: readonly string[] }

export interface StepsRun {
  readonly command: Command
  readonly steps: readonly Step[]
  /** Runs one step as a gate of its own; `nth` from 1. */
  readonly run: (command: Command, nth: number) => Promise<GateResult>
  readonly between: () => Promise<BetweenSteps>
}

/**
 * Runs the steps of a command in order, each as a gate of its own, until one does not pass. The command's time limit
 * holds for all of them together.
 */
export async function runSteps({ command, steps, run, between }: StepsRun): Promise<GateResult> {
  const begin = performance.now()
  const done: StepResult[] = []
  const rewrote = new Set<string>()
  let bytes = 0
  for (const [at, step] of steps.entries()) {
    const left = command.timeoutSeconds - (performance.now() - begin) / 1000
    const part = { ...command, argv: stepArgv(step), cwd: step.cwd, timeoutSeconds: Math.max(0.001, left) }
    const result = await run(part, at + 1)
    for (const file of result.box?.seal?.rewrote ?? []) rewrote.add(file)
    bytes += result.outputBytes
    const { outcome, durationMs, logFile } = result
    done.push({ label: step.label, outcome, durationMs, logFile, mixed: step.mixed ?? null })
    const whole: GateResult = {
      ...result,
      box: boxOfAll(result.box, rewrote),
      name: command.name,
      argv: command.argv,
      durationMs: Math.round(performance.now() - begin),
      outputBytes: bytes,
      steps: done,
      of: steps.length,
      ...mixedOf(steps),
    }
    if (outcome.kind !== 'passed' || at === steps.length - 1) return whole
    const found = await between()
    if (found.kind === 'end') return { ...whole, outcome: changedBy(found.changed) }
  }
  throw new Error('a command of no step')
}

/** What any of them rewrote, the command rewrote. */
function boxOfAll(box: GateBox | null, rewrote: ReadonlySet<string>): GateBox | null {
  return box?.seal ? { ...box, seal: { ...box.seal, rewrote: [...rewrote].sort() } } : box
}

function changedBy(changed: readonly string[]): GateResult['outcome'] {
  return { kind: 'failed', exitCode: null, signal: null, cause: 'changed', changed }
}

function mixedOf(steps: readonly Step[]): Pick<GateResult, 'mixed'> {
  const why = steps.find((step) => step.mixed !== undefined)?.mixed
  return why === undefined ? {} : { mixed: why }
}
