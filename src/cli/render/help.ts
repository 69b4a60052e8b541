import type { CliCommand, Flag } from '../command.ts'
import { type Entry, type Group, type Section, sections } from '../entry.ts'
import { type Doc, type Line, quiet, strong } from './doc.ts'

export const programName = 'autonomous-loop'

/** Help is made for 80 columns: what is copied into mails and issues keeps its shape. */
const width = 80
const indent = 2

/** Flags that every command has; the keys are what is typed. */
const everywhere: readonly (readonly [string, string])[] = [
  ['--json', 'answer as JSON (the default when stdout is not a terminal)'],
  ['--text', 'answer in words, also into a pipe'],
  ['-h, --help', 'this text'],
]

/** All commands by section, a line each. */
export function overviewDoc(entries: readonly Entry[], groups: readonly Group[]): Doc {
  const shown = (section: Section) => [
    ...entries.filter(
      (one) => one.section === section && !one.hidden && !one.same && !one.name.includes(' '),
    ),
    ...groups.filter((one) => one.section === section),
  ]
  const widest = Math.max(
    ...[...entries, ...groups].map(({ name }) => (name.includes(' ') ? 0 : name.length)),
  )
  return [
    'Makes a coding agent\'s "done" a fact.',
    '',
    [strong('Usage: '), `${programName} <command> [flags]`],
    ...Object.entries(sections).flatMap(([section, title]): Doc => [
      '',
      [strong(`${title}:`)],
      ...pairs(
        shown(section as Section).map(({ name, describe }) => [name, describe]),
        widest,
      ),
    ]),
    '',
    [strong('Flags:')],
    ...pairs([...everywhere, ['-v, --version', 'the version of this program']], widest),
    '',
    [quiet(`${programName} <command> --help says more about a command,`)],
    [quiet(`${programName} help <code> what an error code means.`)],
  ]
}

/** The commands behind one first word. */
export function groupDoc(group: Group, actions: readonly Entry[]): Doc {
  const own = actions.filter((one) => one.same === undefined)
  const others = actions.filter((one) => one.same !== undefined)
  return [
    sentence(group.describe),
    '',
    [strong('Usage: '), `${programName} ${group.name} <command> [flags]`],
    '',
    ...(own.length === 0
      ? []
      : [[strong('Commands:')], ...pairs(own.map(({ name, describe }) => [secondWord(name), describe])), '']),
    ...(others.length === 0
      ? []
      : [
          [strong('Also under a name of their own:')],
          ...pairs(others.map(({ name, same = '' }) => [secondWord(name), `${programName} ${same}`])),
          '',
        ]),
    [quiet(`${programName} ${group.name} <command> --help says more.`)],
  ]
}

/** One command: what it is for, its words and flags, and what somebody would really type. */
export function commandDoc(
  entry: Entry,
  command: CliCommand,
  also: readonly string[],
  examples: readonly string[],
): Doc {
  const words = [
    ...Object.entries(command.words).map(([name, about]): Pair => [`<${name}>`, about]),
    ...Object.entries(command.optional).map(([name, about]): Pair => [`[${name}]`, about]),
    ...Object.entries(command.many).map(([name, about]): Pair => [`[${name}...]`, about]),
  ]
  const flags = [
    ...Object.entries(command.flags).map(([name, flag]): Pair => [flagWords(name, flag), aboutFlag(flag)]),
    ...everywhere,
  ]
  const rest = command.rest === undefined ? '' : ` -- <${command.rest}>`
  return [
    sentence(entry.describe),
    '',
    [
      strong('Usage: '),
      `${[programName, entry.name, ...words.map(([word]) => word)].join(' ')} [flags]${rest}`,
    ],
    ...(also.length === 0
      ? []
      : [[strong('Also:  '), also.map((name) => `${programName} ${name}`).join(', ')]]),
    ...(words.length === 0 ? [] : ['', [strong('Arguments:')], ...pairs(words)]),
    '',
    [strong('Flags:')],
    ...pairs(flags),
    ...(examples.length === 0
      ? []
      : ['', [strong('Examples:')], ...examples.map((one) => `${' '.repeat(indent)}${one}`)]),
  ]
}

type Pair = readonly [left: string, right: string]

/** Two columns, the right one wrapped where it stands. A left side that is far too long gets a line of its own. */
function pairs(rows: readonly Pair[], least = 0): Line[] {
  const room = 30
  const left = Math.max(least, ...rows.map(([word]) => (word.length > room ? 0 : word.length)))
  return rows.flatMap(([word, about]): Line[] => {
    const lines = wrap(about, width - indent - left - 2)
    const beside = word.length > left ? ['', ...lines] : lines
    return beside.map((line, index) => [' '.repeat(indent), (index === 0 ? word : '').padEnd(left + 2), line])
  })
}

/** Lines of at most `most` characters; a word that is longer keeps to one line. */
export function wrap(text: string, most: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > most) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

/** A flag as it is typed. */
export function flagWords(name: string, flag: Flag): string {
  if (flag.type === 'boolean') return `--${name}`
  if (flag.bare !== undefined) return `--${name}[=${flag.value ?? 'text'}]`
  return `--${name} <${flag.type === 'number' ? 'n' : (flag.value ?? 'text')}>`
}

function aboutFlag(flag: Flag): string {
  const more = flag.array === true ? ' (can be repeated)' : ''
  return `${flag.describe}${more}${flag.demandOption === true ? ' (needed)' : ''}`
}

function secondWord(name: string): string {
  return name.split(' ')[1] ?? name
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
