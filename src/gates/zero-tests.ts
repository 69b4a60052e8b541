import { StringDecoder } from 'node:string_decoder'
import { stripVTControlCharacters } from 'node:util'
import { type TestRunner, testRunners } from './test-runners.ts'

/** Summaries are short; what is longer is looked at as far as this. */
const MOST_LINE = 2_000

/**
 * Reads the whole output of a gate for what its test runners say of themselves. One that ends with 0 and ran nothing has
 * proved nothing. Every runner that spoke must say so, in every summary: a package without tests beside one with is fine.
 */
export class ZeroTests {
  private readonly runners: readonly TestRunner[]
  private readonly decoder = new StringDecoder('utf8')
  private readonly silent = new Set<string>()
  private readonly busy = new Set<string>()
  private line = ''

  /** `commands`: those the gate consists of, as `gateWords` gives them. */
  constructor(commands: readonly (readonly string[])[]) {
    this.runners = testRunners.filter((runner) => commands.some((words) => runner.startedBy(words)))
  }

  push(bytes: Buffer): void {
    if (this.runners.length > 0) this.take(this.decoder.write(bytes))
  }

  /** Whether nothing was tested; once, when the output has ended. */
  ranNone(): boolean {
    this.look(this.line + this.decoder.end())
    return this.silent.size > 0 && this.busy.size === 0
  }

  private take(text: string): void {
    const lines = text.split('\n')
    for (const [at, part] of lines.entries()) {
      this.line = (this.line + part).slice(0, MOST_LINE)
      if (at === lines.length - 1) return
      this.look(this.line)
      this.line = ''
    }
  }

  private look(raw: string): void {
    const line = stripVTControlCharacters(raw).trimEnd()
    for (const { id, none, some } of this.runners) {
      if (none.test(line)) this.silent.add(id)
      if (some.test(line)) this.busy.add(id)
    }
  }
}
