import yargs, { type Argv } from 'yargs'
import type { Command, Entry, Flag } from './command.ts'
import { entries } from './commands.ts'
import { examples } from './examples.ts'

export type Parsed =
  | { readonly kind: 'args'; readonly args: Readonly<Record<string, unknown>> }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'usage'; readonly message: string; readonly help: string }

export const programName = 'autonomous-loop'

const jsonFlag = {
  type: 'boolean',
  describe: 'answer as JSON (the default when stdout is no terminal)',
} as const satisfies Flag

/** Help that lists all commands. */
export function overview(width: number): string {
  let text = ''
  const all = base(width)
    .usage('$0 <command>\n\nMakes a coding agent\'s "done" a fact.')
    .epilogue(`${programName} <command> --help says more.`)
  // The same as another command, and so left out: the overview is for finding one's way.
  for (const { name, describe } of entries.filter(
    (one) => !one.hidden && !one.describe.startsWith('same as'),
  ))
    all.command(name, describe)
  all.showHelp((help) => (text = help))
  return text
}

/**
 * Reads the words after a command's name. Every wrong flag, missing value and doubled flag is a usage error; nothing is
 * guessed, because a flag that is silently ignored is a promise silently broken.
 */
export function parse(all: readonly string[], from: Entry, command: Command, width: number): Parsed {
  const help = `${programName} ${from.name} --help`
  const cut = command.rest === undefined ? -1 : all.indexOf('--')
  const words = cut < 0 ? all : all.slice(0, cut)
  const rest = cut < 0 ? [] : all.slice(cut + 1)
  const positions = Object.keys(command.words)
  // Before yargs sees them: a flag such as --constructor is too much for it.
  const unknown = unknownFlag(words, command)
  if (unknown !== undefined) return { kind: 'usage', message: unknown, help }
  const parser = base(width)
    .usage(
      [
        `$0 ${[from.name, ...positions.map((name) => `<${name}>`)].join(' ')} [flags]${command.rest === undefined ? '' : ` -- <${command.rest}>`}\n\n${from.describe}`,
        ...positions.map((name) => `\n  <${name}>  ${command.words[name]}`),
      ].join(''),
    )
    .options(command.flags)
  let error: string | undefined
  let text = ''
  let args: Readonly<Record<string, unknown>> = {}
  // Synchronous, because neither commands nor checks are registered: the callback has run when this returns.
  void parser.parse([...words], {}, (problem, found, output) => {
    error = problem?.message
    args = found
    text = output
  })
  if (args['help'] === true) return { kind: 'help', text: `${text}${exampleText(from.name)}` }
  const problem =
    wrongFlag(words, args, command) ??
    surplus(args, command) ??
    missingRest(rest, command) ??
    error ??
    command.usage?.(args)
  if (problem !== undefined) return { kind: 'usage', message: firstLine(problem), help }
  const given = args['_'] as readonly unknown[]
  return {
    kind: 'args',
    args: {
      ...args,
      rest,
      ...Object.fromEntries(positions.map((name, index) => [name, String(given[index])])),
    },
  }
}

function base(width: number): Argv {
  return yargs([])
    .scriptName(programName)
    .locale('en')
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-positional-numbers': false,
      'short-option-groups': false,
    })
    .option('json', jsonFlag)
    .help('help')
    .version(false)
    .exitProcess(false)
    .wrap(Math.min(width, 100))
}

function surplus(args: Readonly<Record<string, unknown>>, command: Command): string | undefined {
  const given = args['_'] as readonly unknown[]
  const wanted = Object.keys(command.words)
  const missing = wanted[given.length]
  if (missing !== undefined) return `<${missing}> is missing: ${command.words[missing]}`
  return given.length > wanted.length
    ? `what is "${String(given[wanted.length])}"? Flags begin with --`
    : undefined
}

/** Not through yargs, which would break lines that are there to be copied. */
function exampleText(name: string): string {
  const some = examples[name] ?? []
  return some.length === 0 ? '' : ['\n\nExamples:', ...some.map((one) => `  ${one}`)].join('\n')
}

function missingRest(rest: readonly string[], command: Command): string | undefined {
  return command.rest !== undefined && rest.length === 0
    ? `what is to be run? It comes after --: <${command.rest}>`
    : undefined
}

function unknownFlag(words: readonly string[], command: Command): string | undefined {
  const known = ['json', 'help', ...Object.keys(command.flags)]
  return words
    .filter((word) => /^-[^0-9]/.test(word))
    .map((word) => word.split('=')[0] ?? word)
    .filter((flag) => !known.some((name) => flag === `--${name}`))
    .map((flag) => `there is no flag ${flag} here`)[0]
}

/** In our own words, and also what yargs lets through: a flag given twice, an empty value, a number that is none. */
function wrongFlag(
  words: readonly string[],
  args: Readonly<Record<string, unknown>>,
  command: Command,
): string | undefined {
  const flags: Readonly<Record<string, Flag>> = { ...command.flags, json: jsonFlag }
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
