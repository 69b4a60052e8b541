import { getEventListeners } from 'node:events'
import { type Env, readEnv } from '../base/env.ts'
import { realContext } from '../records/context.ts'
import type { Entry } from './command.ts'
import { entries, findEntry } from './commands.ts'
import { logBug } from './bug.ts'
import { type Outcome, interruptedCode } from './outcome.ts'
import { overview, parse, programName } from './parse.ts'
import { printDoc } from './render/doc.ts'
import { failureOutcome } from './render/failure.ts'
import { version } from './version.ts'

/*
 * The boundary: words in, one answer out.
 *
 *   find the command ─► load it ─► parse ─► run ─► Outcome ─► print, exit
 *         └─ unknown ──────────────┴─ wrong ─► 2     └─ Failure ─► 1     anything thrown is our bug ─► log, 3
 */

const usageCode = 2
const bugCode = 3
/** How long gates may take to end after SIGINT. */
const interruptGraceMs = 5_000

const words = process.argv.slice(2)
// What follows `--` is another program's.
const ours = words.includes('--') ? words.slice(0, words.indexOf('--')) : words
// Known before anything is parsed, because a wrong flag must be answered in the right form too.
const asJson = ours.includes('--json') || !process.stdout.isTTY

/** Another program was started, which got the signal too and takes the time it needs. */
let waitsForAnother = false

async function outcomeOf(env: Env, interrupted: AbortSignal): Promise<Outcome> {
  const [first] = ours.filter((word) => word !== '--json')
  const width = process.stdout.columns ?? 100
  if (first === undefined || first === 'help' || first === '--help') return plainText(overview(width))
  if (first === '--version') return plainText(version)
  const named = ours.filter((word) => word !== '--json')
  const entry = findEntry(named)
  if (!entry) return unknownCommand(named)

  const command = await entry.load()
  waitsForAnother = command.rest !== undefined
  const parsed = parse(afterName(entry), entry, command, width)
  if (parsed.kind === 'help') return plainText(parsed.text)
  if (parsed.kind === 'usage')
    return failureOutcome({ code: 'usage', message: parsed.message, fix: parsed.help }, codeOfUsage(entry))
  const answer = await command.run(parsed.args, {
    context: realContext(env),
    interactive: !asJson && process.stdin.isTTY,
    json: asJson,
    interrupted,
  })
  return answer.ok ? answer.value : failureOutcome(answer.error, codeOf(answer.error.code, entry))
}

/** What follows the command's name; a `--json` before the name counts as one after it. */
function afterName(entry: Entry): string[] {
  const count = entry.name.split(' ').length
  const at = words.findIndex((word) => word !== '--json')
  return [...words.slice(0, at), ...words.slice(at + count)]
}

function unknownCommand(named: readonly string[]): Outcome {
  const group = entries.filter((entry) => entry.name.startsWith(`${named[0]} `))
  const message =
    group.length > 0
      ? `${named[0]} wants one of: ${group.map((entry) => entry.name.split(' ')[1]).join(', ')}`
      : named[0]?.startsWith('-')
        ? `the command comes first, then ${named[0]}`
        : `there is no command "${named[0]}"`
  return failureOutcome({ code: 'usage', message, fix: `${programName} help` }, usageCode)
}

/** Codes of words on the command line that only the command itself can tell are wrong. */
const wrongWords: ReadonlySet<string> = new Set([
  'bad-since',
  'stop-timeout',
  'unknown-shell',
  'invalid_package_manager_override',
  'invalid_preferred_script',
])

function codeOf(error: string, entry: Entry): number {
  if (error === 'unanswered') return interruptedCode
  return wrongWords.has(error) ? codeOfUsage(entry) : 1
}

/** A hook that exits with 2 blocks Codex for ever; old hooks.json files still call `autonomous-loop hook stop`. */
function codeOfUsage(entry: Entry): number {
  return entry.name === 'hook' ? 1 : usageCode
}

function plainText(text: string): Outcome {
  return { code: 0, data: { text }, text: () => text.trimEnd().split('\n'), plain: true }
}

function print(outcome: Outcome): void {
  const toError = outcome.stderr === true || (outcome.failed === true && !asJson)
  const stream = toError ? process.stderr : process.stdout
  const colour = stream.isTTY && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb'
  const text =
    asJson && outcome.plain !== true
      ? `${JSON.stringify(outcome.data, null, 2)}\n`
      : printDoc(outcome.text(), colour)
  // The callback comes when everything is out, also into a slow pipe; what still runs then is an abandoned read.
  stream.write(text, () => process.exit(outcome.code))
}

function bug(error: unknown): void {
  const log = logBug(error, words, version)
  print(
    failureOutcome(
      {
        code: 'internal-error',
        message: `this is a mistake in ${programName} itself: ${error instanceof Error ? error.message : String(error)}`,
        fix: log === null ? `repeat it with the home writable to get a log` : `report it with the log ${log}`,
        data: { log },
      },
      bugCode,
    ),
  )
}

const interrupt = new AbortController()
process.on('SIGINT', () => {
  // Only gates are worth waiting for: they listen, and end what they started.
  if (interrupt.signal.aborted || getEventListeners(interrupt.signal, 'abort').length === 0)
    process.exit(interruptedCode)
  interrupt.abort('SIGINT')
  if (waitsForAnother) return
  setTimeout(() => process.exit(interruptedCode), interruptGraceMs)
})
process.stdout.on('error', () => process.exit(0))
process.on('uncaughtException', bug)
process.on('unhandledRejection', bug)

try {
  const outcome = await outcomeOf(readEnv(), interrupt.signal)
  print(interrupt.signal.aborted ? { ...outcome, code: interruptedCode } : outcome)
} catch (error) {
  bug(error)
}
