import { never } from '../../base/result.ts'
import type { CommandRecord } from '../../gates/command-record.ts'
import type { LikelyCause } from '../../gates/likely-cause.ts'

/** What the machine lacks. */
export function likelyWords({ kind, name }: LikelyCause): string {
  switch (kind) {
    case 'missing-module':
      return `the module ${name ?? 'it needs'} is not installed`
    case 'missing-gem':
      return `the gem or file ${name ?? 'it needs'} is not installed`
    case 'missing-program':
      return `the program ${name ?? 'it needs'} is not installed`
    case 'read-only':
      return `${name ?? 'a directory'} cannot be written in the sandbox`
    case 'no-dns':
      return `the name ${name ?? 'of a host'} cannot be looked up`
    case 'no-loopback':
      return `${name ?? 'loopback'} cannot be used in the sandbox`
    default:
      return never(kind, 'likely cause')
  }
}

/** A gate that the start, or its own missing program, shows to be stuck: what the machine lacks, and what helps. */
export function stuckWords({ box, asAtStart }: CommandRecord, likely: LikelyCause): string {
  const before = asAtStart ? ', and it failed in the same way before there was any work' : ''
  return `${likelyWords(likely)}${before}; fix: ${fixWords(likely, box)}`
}

function fixWords({ kind, name }: LikelyCause, box: CommandRecord['box']): string {
  switch (kind) {
    case 'missing-module':
    case 'missing-gem':
    case 'missing-program':
      return box?.place === 'clean-room'
        ? `have \`prepare\` in .codex/autoloop.project.json install ${name ?? 'it'}${allow}`
        : `install ${name ?? 'it'} where the gate runs`
    case 'read-only':
      return `add ${name === null ? 'the directory' : `"${name}"`} to \`writable\` of the command in .codex/autoloop.project.json${allow}`
    case 'no-dns':
      return box?.network === 'full'
        ? 'see to the network of this machine'
        : `set "network": "full" for the command in .codex/autoloop.project.json${allow}, if it needs the network`
    case 'no-loopback':
      return box?.network === 'none' && box.rung !== 'codex-only'
        ? `set "network": "loopback" for the command in .codex/autoloop.project.json${allow}`
        : 'see what this machine grants: autonomous-loop doctor'
    default:
      return never(kind, 'likely cause')
  }
}

const allow = ', then run autonomous-loop allow'
