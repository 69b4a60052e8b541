import { never } from '../../base/result.ts'
import type { CommandRecord, InPlace, RoomLack } from '../../gates/command-record.ts'
import type { GateBox } from '../../gates/types.ts'
import { isFlaky } from '../room-passes.ts'
import { listed } from './short.ts'

/** How often a gate was run and what it said, where once was not enough; null elsewhere. */
export function flakyWords(command: Pick<CommandRecord, 'runs'>): string | null {
  const { runs = [] } = command
  if (!isFlaky(command)) return null
  const said = runs.map((run) => (run.outcome === 'passed' ? 'passed' : 'failed'))
  return `flaky: ${said.join(', then ')} on the same files`
}

/** Gates that passed in the end, each in one clause. */
export function flakyPasses({ commands }: { readonly commands: readonly CommandRecord[] }): string[] {
  return commands.flatMap((command) => {
    const words = command.outcome === 'passed' ? flakyWords(command) : null
    return words === null ? [] : [`${command.name} is ${words}`]
  })
}

/** To stand behind where a gate ran: whether it ran at this stop, and whether it always says the same. */
export function againWords(command: Pick<CommandRecord, 'runs' | 'reused'>): string {
  const flaky = flakyWords(command)
  return [
    ...(command.reused ? [`, reused from stop ${command.reused.stop}`] : []),
    ...(flaky === null ? [] : [`, ${flaky}`]),
  ].join('')
}

/** A gate that passes where the agent works and not in the clean room, and what may make the difference; null for every other. `whose`: of the workspace. */
export function inPlaceWords(
  { inPlace }: Pick<CommandRecord, 'inPlace'>,
  whose: 'your' | 'the',
): string | null {
  if (inPlace?.outcome !== 'passed') return null
  return `it passes in ${whose} workspace and not in the clean room, ${differenceWords(inPlace)}`
}

function differenceWords({ lacks }: InPlace): string {
  if (lacks.length === 0)
    return 'most often because of a file that git ignores, a dependency installed by hand, or generated code'
  return `which does not have ${listed(lacks.map(lackWords))}`
}

function lackWords({ kind, name }: RoomLack): string {
  switch (kind) {
    case 'path':
      return `${name} (git ignores it)`
    case 'dependencies':
      return `${name} (dependencies are installed by \`prepare\` there)`
    case 'package':
      return `the package ${name} (it was put in by hand)`
    default:
      return never(kind, 'what the room lacks')
  }
}

/** What helps then. An agent cannot say what the room gets. */
export const roomRemedy =
  'make it pass on what git tracks; if the clean room has to have more, only the person can say so, with `copy` or `prepare` in .codex/autoloop.project.json'

/** What a gate of the clean room did not find, and why; to stand behind its failure. */
export function withoutWords(box: GateBox | null | undefined): string {
  const { without = [] } = box ?? {}
  if (without.length === 0) return ''
  return `; not in the clean room, as ${without.length === 1 ? 'it leads' : 'they lead'} out of the tree: ${listed(without)}`
}
