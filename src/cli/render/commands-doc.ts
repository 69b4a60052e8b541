import type { CliCommand, Flags } from '../command.ts'
import type { Entry } from '../entry.ts'
import { examples } from '../examples.ts'
import { flagWords } from './help.ts'

export interface Documented extends Pick<Entry, 'name' | 'describe' | 'same'> {
  readonly command: CliCommand
}

/** The reference part of docs/commands.md: every command with its words, flags and examples. Pure. */
export function commandsMarkdown(all: readonly Documented[]): string {
  return all
    .filter((one) => one.same === undefined)
    .map((one) =>
      section(
        one,
        all.filter(({ same }) => same === one.name),
      ),
    )
    .join('\n')
}

function section({ name, describe, command }: Documented, same: readonly Documented[]): string {
  const words = Object.entries(command.words)
  const lines = [
    `### ${name}`,
    '',
    `${describe.charAt(0).toUpperCase()}${describe.slice(1)}.${same.length === 0 ? '' : ` Also: ${same.map((one) => `\`autonomous-loop ${one.name}\``).join(', ')}.`}`,
    '',
    '```sh',
    ...(examples[name] ?? []),
    '```',
    '',
  ]
  const rows = [
    ...words.map(([word, about]) => [`\`<${word}>\``, about]),
    ...Object.entries(command.optional).map(([word, about]) => [`\`[${word}]\``, about]),
    ...Object.entries(command.many).map(([word, about]) => [`\`[${word}...]\``, about]),
    ...Object.entries(command.flags).map(([flag, given]) => [
      `\`${flagWords(flag, given)}\``,
      `${given.describe}${isNeeded(command.flags, flag) ? ' (needed)' : ''}`,
    ]),
    ...(command.rest === undefined
      ? []
      : [[`\`-- <${command.rest}>\``, 'what is to be run, with its own flags']]),
  ]
  if (rows.length === 0) return lines.join('\n')
  const table = rows.map(([what = '', about = '']) => `| ${what} | ${about.replaceAll('|', '\\|')} |`)
  return [...lines, '| | |', '|---|---|', ...table, ''].join('\n')
}

function isNeeded(flags: Flags, flag: string): boolean {
  return flags[flag]?.demandOption === true
}
