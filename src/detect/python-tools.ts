import { type NamedDependency, dependencyOn, isAskedFor } from './python-dependencies.ts'
import type { RepoFiles } from './files.ts'
import type { DetectedBy } from './python-settings.ts'
import type { Runner } from './python-runner.ts'
import type { DetectedCommand } from './detection.ts'

/** What is needed to decide about a tool of a Python project. */
export interface Tools {
  readonly look: RepoFiles
  readonly runner: Runner
  readonly notes: string[]
  readonly named: (tool: string) => NamedDependency | null
}

export function toolsOf(look: RepoFiles, runner: Runner, notes: string[]): Tools {
  return { look, runner, notes, named: (tool) => dependencyOn(look, tool).named }
}

export type ToolCall = DetectedBy & Pick<DetectedCommand, 'argv'>

/**
 * The call of a tool that is configured, if the project can run it: a lock file or a dependency list has to name it,
 * because settings for it say nothing of what is installed. Without any list it is the machine's own, with a note.
 */
export function configured(
  { look, runner, notes }: Tools,
  tool: string,
  settings: DetectedBy,
  quiet = false,
): ToolCall | null {
  const { named, lists } = dependencyOn(look, tool)
  if (named !== null)
    return {
      ...settings,
      argv: runner.argv(tool, optionsFor(look, runner, named)),
      reason: named.file === settings.file ? settings.reason : `${settings.reason}, ${named.file} names it`,
    }
  if (!lists) {
    notes.push(
      `${tool} has to be installed here: ${settings.file} sets it up, and there is no list of dependencies`,
    )
    return { ...settings, argv: runner.argv(tool) }
  }
  if (!quiet)
    notes.push(
      `${tool} is left out: ${settings.file} sets it up, but no lock file and no dependency list names it (where it is installed: ${JSON.stringify(runner.argv(tool))})`,
    )
  return null
}

/** `uv run` installs what it is asked for; the other managers run what a person has installed. */
function optionsFor(look: RepoFiles, runner: Runner, named: NamedDependency): string[] {
  if (runner.tool.name !== 'uv' || !isAskedFor(look, named)) return []
  return named.extra === null ? [`--group=${named.group}`] : [`--extra=${named.extra}`]
}
