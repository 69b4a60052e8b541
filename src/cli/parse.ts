import yargs from 'yargs'
import type { CliCommand, Flag } from './command.ts'
import type { Entry } from './entry.ts'
import { didYouMean } from '../base/nearest.ts'
import { programName } from './render/help.ts'

export type ParsedArgs =
  | { readonly kind: 'args'; readonly args: Readonly<Record<string, unknown>> }
  | { readonly kind: 'help' }
  | { readonly kind: 'usage'; readonly message: string; readonly help: string }

const formFlags = {
  json: { type: 'boolean', describe: 'answer as JSON' },
  text: { type: 'boolean', describe: 'answer in words' },
} as const satisfies Readonly<Record<string, Flag>>

/**
 * Reads the words after a command's name. Every wrong flag, missing value and doubled flag is a usage error; nothing is
 * guessed, because a flag that is silently ignored is a promise silently broken.
 */
export function parse(typed: readonly string[], from: Entry, command: CliCommand): ParsedArgs {
  const help = `${programName} ${from.name} --help`
  const all = typed.map((word) => {
    const bare = word.startsWith('--') ? command.flags[word.slice(2)]?.bare : undefined
    return bare === undefined ? word : `${word}=${bare}`
  })
  const cut = command.rest === undefined ? -1 : all.indexOf('--')
  const words = cut < 0 ? all : all.slice(0, cut)
  const rest = cut < 0 ? [] : all.slice(cut + 1)
  const flags: Readonly<Record<string, Flag>> = { ...command.flags, ...formFlags }
  if (asksForHelp(words, flags)) return { kind: 'help' }
  // Before yargs sees them: a flag such as --constructor is too much for it.
  const unknown = unknownFlag(words, flags)
  if (unknown !== undefined) return { kind: 'usage', message: unknown, help }
  let error: string | undefined
  let args: Readonly<Record<string, unknown>> = {}
  // Synchronous, because neither commands nor checks are registered: the callback has run when this returns.
  void yargs([])
    .locale('en')
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-positional-numbers': false,
      'short-option-groups': false,
    })
    .options(flags)
    .help(false)
    .version(false)
    .exitProcess(false)
    .parse([...words], {}, (problem, found) => {
      error = problem?.message
      args = found
    })
  const names = positions(command)
  const typedWords = (args['_'] as readonly unknown[]).map(String)
  const given = typedWords.slice(0, names.length).map((word, at) => [names[at] ?? '', word])
  const lists = Object.keys(command.many).map((name) => [name, typedWords.slice(names.length)])
  const named = { ...args, rest, ...(Object.fromEntries([...given, ...lists]) as object) }
  const problem =
    wrongFlag(words, args, flags) ??
    surplus(args, command) ??
    missingRest(rest, command) ??
    error ??
    command.usage?.(named)
  if (problem !== undefined) return { kind: 'usage', message: firstLine(problem), help }
  return { kind: 'args', args: named }
}

/** The words without dashes that may be given, in order. */
function positions(command: CliCommand): readonly string[] {
  return [...Object.keys(command.words), ...Object.keys(command.optional)]
}

/** Whatever else is wrong: who asks for help gets it. */
function asksForHelp(words: readonly string[], flags: Readonly<Record<string, Flag>>): boolean {
  const takesValue = (word: string | undefined) =>
    Object.entries(flags).some(([name, { type }]) => type !== 'boolean' && word === `--${name}`)
  return words.some((word, at) => word === '--help' || (word === '-h' && !takesValue(words[at - 1])))
}

function surplus(args: Readonly<Record<string, unknown>>, command: CliCommand): string | undefined {
  const given = args['_'] as readonly unknown[]
  const missing = Object.keys(command.words)[given.length]
  if (missing !== undefined) return `<${missing}> is missing: ${command.words[missing]}`
  const most = positions(command).length
  return given.length > most && Object.keys(command.many).length === 0
    ? `what is "${String(given[most])}"? Flags begin with --`
    : undefined
}

function missingRest(rest: readonly string[], command: CliCommand): string | undefined {
  return command.rest !== undefined && rest.length === 0
    ? `what is to be run? It comes after --: <${command.rest}>`
    : undefined
}

function unknownFlag(words: readonly string[], flags: Readonly<Record<string, Flag>>): string | undefined {
  const known = Object.entries(flags).flatMap(([name, { alias }]) => [name, ...[alias ?? []].flat()])
  const wrong = words
    .filter((word) => /^-[^0-9]/.test(word))
    .map((word) => word.split('=')[0] ?? word)
    .find((flag) => !known.some((name) => flag === `--${name}`))
  if (wrong === undefined) return undefined
  const near = didYouMean(
    wrong,
    [...known, 'help'].map((name) => `--${name}`),
  )
  return `there is no flag ${wrong} here${near}`
}

/** In our own words, and also what yargs lets through: a flag given twice, an empty value, a number that is none. */
function wrongFlag(
  words: readonly string[],
  args: Readonly<Record<string, unknown>>,
  flags: Readonly<Record<string, Flag>>,
): string | undefined {
  for (const [name, flag] of Object.entries(flags)) {
    const value = args[name]
    if (flag.type !== 'boolean' && words.some((word, at) => word === `--${name}` && !isValue(words[at + 1])))
      return `--${name} wants a value`
    if (value === undefined && flag.demandOption) return `--${name} is missing: ${flag.describe}`
    if (Array.isArray(value) && !flag.array) return `--${name} was given twice`
    if (flag.type === 'boolean' && words.some((word) => word.startsWith(`--${name}=`)))
      return `--${name} takes no value`
    if (flag.type === 'number' && value !== undefined && !(Number.isFinite(value) && Number(value) >= 0))
      return `--${name} wants a number, 0 or more`
    if (flag.type === 'string' && (Array.isArray(value) ? value.includes('') : value === ''))
      return `--${name} wants a value`
  }
  return undefined
}

/** What looks like a flag is no value; `--objective=--so` says it is one all the same. */
function isValue(word: string | undefined): boolean {
  return word !== undefined && !word.startsWith('--')
}

/** yargs writes "Unknown argument: x" and puts hints on further lines. */
function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? text
}
