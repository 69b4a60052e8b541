import type { Command } from '../contract/types.ts'
import { gateWords } from './gate-words.ts'
import { likelyCause } from './likely-cause.ts'
import { ZERO_TESTS } from './outcome.ts'
import type { GateOutcome } from './types.ts'
import { ZeroTests } from './zero-tests.ts'

/**
 * What a gate's output says beside its exit code. Nothing for format version 1 of the config, which asks for the exit
 * code alone.
 */
export class Signs {
  private readonly commands: readonly (readonly string[])[]
  private readonly asked: boolean
  private readonly tests: ZeroTests

  constructor({ argv, network }: Command, cwd: string) {
    this.asked = typeof network !== 'boolean'
    this.commands = this.asked ? gateWords(argv, cwd) : []
    this.tests = new ZeroTests(this.commands)
  }

  push(bytes: Buffer): void {
    this.tests.push(bytes)
  }

  /** `text`: the first and the last output. */
  readInto(outcome: GateOutcome, text: string): GateOutcome {
    if (!this.asked) return outcome
    if (outcome.kind === 'passed') return this.tests.ranNone() ? ZERO_TESTS : outcome
    if (outcome.kind !== 'failed' || outcome.cause !== 'exit') return outcome
    const likely = likelyCause(text, outcome.exitCode, this.commands)
    return likely === null ? outcome : { ...outcome, likely }
  }
}
