import { never } from '../../base/result.ts'
import type { Flags } from '../command.ts'

export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

export interface Completed {
  readonly name: string
  readonly describe: string
  readonly flags: Flags
}

/** Flags whose value is a file or a directory; the shell completes those itself. */
const files = new Set(['contract', 'file', 'html'])
const directories = new Set(['cwd', 'repo'])

/** A script that completes commands, flags, and paths where a flag takes one. Pure. */
export function completionScript(shell: Shell, table: readonly Completed[]): string {
  switch (shell) {
    case 'bash':
      return bash(table)
    case 'zsh':
      return `#compdef autonomous-loop\n# Uses the bash completion below.\nautoload -U +X bashcompinit && bashcompinit\n${bash(table)}`
    case 'fish':
      return fish(table)
    default:
      return never(shell, 'shell')
  }
}

/** First words, and for each group the words that may follow. */
function words(table: readonly Completed[]): { first: string[]; second: Map<string, string[]> } {
  const first = [...new Set(table.map(({ name }) => name.split(' ')[0] ?? name)), 'help']
  const second = new Map<string, string[]>()
  for (const { name } of table) {
    const [group = '', action] = name.split(' ')
    if (action !== undefined) second.set(group, [...(second.get(group) ?? []), action])
  }
  return { first, second }
}

function flagWords(flags: Flags): string {
  return [...Object.keys(flags), 'json', 'help'].map((flag) => `--${flag}`).join(' ')
}

function bash(table: readonly Completed[]): string {
  const { first, second } = words(table)
  const flagCases = table.map(
    ({ name, flags }) =>
      `    '${name}') all='${name === 'completion' ? `${shells.join(' ')} ` : ''}${flagWords(flags)}' ;;`,
  )
  const groupCases = [...second].map(([group, actions]) => `    ${group}) all='${actions.join(' ')}' ;;`)
  const option = (names: ReadonlySet<string>) => [...names].map((name) => `--${name}`).join('|')
  return `# autonomous-loop completion for bash: eval "$(autonomous-loop completion bash)"
_autonomous_loop() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} name=\${COMP_WORDS[1]} at=1 word all=
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:0:COMP_CWORD}"; do
    if [[ $word == -- ]]; then COMPREPLY=($(compgen -c -f -- "$cur")); return; fi
  done
  case $prev in
    ${option(directories)}) COMPREPLY=($(compgen -d -- "$cur")); return ;;
    ${option(files)}) COMPREPLY=($(compgen -f -- "$cur")); return ;;
  esac
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '${first.join(' ')} --help --version' -- "$cur"))
    return
  fi
  case $name in ${[...second.keys()].join('|')})
    if ((COMP_CWORD == 2)); then
      case $name in
${groupCases.join('\n')}
      esac
      COMPREPLY=($(compgen -W "$all" -- "$cur"))
      return
    fi
    name="$name \${COMP_WORDS[2]}" ;;
  esac
  case $name in
${flagCases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$all" -- "$cur"))
}
complete -F _autonomous_loop autonomous-loop
`
}

function fish(table: readonly Completed[]): string {
  const { second } = words(table)
  const quote = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const lines = [
    '# autonomous-loop completion for fish: autonomous-loop completion fish | source',
    'complete -c autonomous-loop -f',
  ]
  for (const { name, describe } of table) {
    const [group = '', action] = name.split(' ')
    lines.push(
      action === undefined
        ? `complete -c autonomous-loop -n __fish_use_subcommand -a ${group} -d ${quote(describe)}`
        : `complete -c autonomous-loop -n '__fish_seen_subcommand_from ${group}; and not __fish_seen_subcommand_from ${(second.get(group) ?? []).join(' ')}' -a ${action} -d ${quote(describe)}`,
    )
  }
  for (const group of second.keys())
    lines.push(`complete -c autonomous-loop -n __fish_use_subcommand -a ${group}`)
  for (const { name, flags } of table) {
    const seen = name
      .split(' ')
      .map((word) => `__fish_seen_subcommand_from ${word}`)
      .join('; and ')
    for (const [flag, { describe, type }] of Object.entries(flags)) {
      const value = type === 'boolean' ? '' : files.has(flag) || directories.has(flag) ? ' -r -F' : ' -x'
      lines.push(`complete -c autonomous-loop -n '${seen}' -l ${flag}${value} -d ${quote(describe)}`)
    }
  }
  lines.push(
    `complete -c autonomous-loop -n '__fish_seen_subcommand_from completion' -a '${shells.join(' ')}'`,
    "complete -c autonomous-loop -l json -d 'answer as JSON'",
    "complete -c autonomous-loop -l help -d 'say more'",
  )
  return `${lines.join('\n')}\n`
}
