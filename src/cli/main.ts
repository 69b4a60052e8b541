import { getEventListeners } from 'node:events'
import { plainJson } from '../base/text.ts'
import { type Env, readEnv } from '../base/env.ts'
import { realContext } from '../records/context.ts'
import { table } from './commands.ts'
import { logBug } from './bug.ts'
import { withChoices } from './choices.ts'
import type { Entry } from './entry.ts'
import { helpOf } from './help-of.ts'
import { didYouMean, nearest } from '../base/nearest.ts'
import { type CliOutcome, interruptedCode, plainText } from './outcome.ts'
import { chooseOutput, outputFlags, outputProblem, outputVariable } from './output.ts'
import { parse } from './parse.ts'
import { printDoc } from './render/doc.ts'
import { failureOutcome } from './render/failure.ts'
import { overviewDoc, programName } from './render/help.ts'
import { screenWidth } from './screen.ts'
import { version } from './version.ts'

const { actionsOf, entries, findEntry, findGroup, groups } = table

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
const output = chooseOutput(ours, process.env[outputVariable], process.stdout.isTTY)
const asJson = output.form === 'json'

/** Another program was started, which got the signal too and takes the time it needs. */
let waitsForAnother = false
/** The command answers signals itself. */
let ownSignals = false

async function outcomeOf(env: Env, interrupted: AbortSignal): Promise<CliOutcome> {
  const named = ours.filter((word) => !outputFlags.includes(word))
  const [first, second] = named
  if (first === undefined || isHelp(first)) return plainText(overviewDoc(entries, groups))
  if (first === '--version' || first === '-v') return plainText([version])
  const entry = findEntry(named)
  if (!entry) {
    const group = findGroup(first)
    return group && (isHelp(second) || second === 'help')
      ? plainText(await helpOf(table, group))
      : unknown(named)
  }

  const command = await entry.load()
  waitsForAnother = command.rest !== undefined
  ownSignals = command.ownSignals === true
  const parsed = parse(afterName(entry), entry, command)
  if (parsed.kind === 'help') return plainText(await helpOf(table, entry))
  const problem = entry.hidden ? undefined : outputProblem(ours, process.env[outputVariable])
  if (parsed.kind === 'usage' || problem !== undefined)
    return usageOutcome(
      parsed.kind === 'usage' ? parsed.message : (problem ?? ''),
      `${programName} ${entry.name} --help`,
      codeOfUsage(entry),
    )
  const answer = await command.run(parsed.args, {
    context: realContext(env),
    interactive: !asJson && process.stdin.isTTY && process.stdout.isTTY,
    json: asJson,
    formAsked: output.asked,
    interrupted,
  })
  if (answer.ok) return answer.value
  const failure = withChoices(answer.error, entry.name, afterName(entry), parsed.args)
  return failureOutcome(failure, codeOf(failure.code, entry))
}

function isHelp(word: string | undefined): boolean {
  return word === '--help' || word === '-h'
}

/** What follows the command's name; a `--json` before the name counts as one after it. */
function afterName(entry: Entry): string[] {
  const count = entry.name.split(' ').length
  const at = words.findIndex((word) => !outputFlags.includes(word))
  return [...words.slice(0, at), ...words.slice(at + count)]
}

function unknown([first = '', second]: readonly string[]): CliOutcome {
  const actions = actionsOf(first).map((entry) => entry.name.split(' ')[1] ?? '')
  if (actions.length > 0) {
    const all = `${first} wants one of: ${actions.join(', ')}`
    const near = second === undefined ? '' : didYouMean(second, actions)
    return usageOutcome(
      near === '' ? all : `there is no "${first} ${second}"${near}`,
      `${programName} ${first} --help`,
      usageCode,
    )
  }
  if (first.startsWith('-'))
    return usageOutcome(`the command comes first, then ${first}`, `${programName} help`, usageCode)
  const known = [
    ...entries.flatMap(({ name, hidden }) => (hidden ? [] : [name])),
    ...groups.map(({ name }) => name),
  ]
  return usageOutcome(
    `there is no command "${first}"${didYouMean(first, known)}`,
    `${programName} ${nearest(first, known) === undefined ? 'help' : `${nearest(first, known)} --help`}`,
    usageCode,
  )
}

function usageOutcome(message: string, fix: string, code: number): CliOutcome {
  return failureOutcome({ code: 'usage', message, fix }, code)
}

/** Codes of words on the command line that only the command itself can tell are wrong. */
const wrongWords: ReadonlySet<string> = new Set([
  'bad-since',
  'stop-timeout',
  'unknown-shell',
  'invalid_package_manager_override',
  'invalid_preferred_script',
  'no-help',
])

function codeOf(error: string, entry: Entry): number {
  if (error === 'unanswered') return interruptedCode
  return wrongWords.has(error) ? codeOfUsage(entry) : 1
}

/** A hook that exits with 2 blocks Codex for ever; old hooks.json files still call `autonomous-loop hook stop`. */
function codeOfUsage(entry: Entry): number {
  return entry.name === 'hook' ? 1 : usageCode
}

function print(outcome: CliOutcome): void {
  const toError = outcome.stderr === true || (outcome.failed === true && !asJson)
  const stream = toError ? process.stderr : process.stdout
  const colour = stream.isTTY && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb'
  const asIs = outcome.plain === true || outcome.asIs === true
  const text =
    asJson && outcome.plain !== true
      ? `${plainJson(outcome.data, 2)}\n`
      : printDoc(outcome.text(), colour, asIs ? null : screenWidth(stream))
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
  if (ownSignals) return
  // Only gates are worth waiting for: they listen, and end what they started.
  if (interrupt.signal.aborted || getEventListeners(interrupt.signal, 'abort').length === 0)
    process.exit(interruptedCode)
  interrupt.abort('SIGINT')
  if (waitsForAnother) return
  setTimeout(() => process.exit(interruptedCode), interruptGraceMs)
})
process.stdout.on('error', () => {
  if (!ownSignals) process.exit(0)
})
process.on('uncaughtException', bug)
process.on('unhandledRejection', bug)

try {
  const outcome = await outcomeOf(readEnv(), interrupt.signal)
  print(interrupt.signal.aborted ? { ...outcome, code: interruptedCode } : outcome)
} catch (error) {
  bug(error)
}
