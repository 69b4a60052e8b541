import { someOf } from './some-of.ts'
import type { DetectedCommand } from './detection.ts'

/** A command that would test a project, for a person to copy: we do not know enough of it to make it a gate. */
export interface Suggestion extends Pick<DetectedCommand, 'argv' | 'cwd' | 'does'> {
  /** The build file that was seen, relative to the root. */
  readonly file: string
}

/** Notes that name a line each; the rest share one. */
const MAX_LINES = 6

/** A name that no gate has: `test`, `web-test`, `mix-test`. */
export function nameFor({ argv, cwd }: Suggestion, taken: ReadonlySet<string> = new Set()): string {
  const own = cwd === '.' ? 'test' : `${cwd.replaceAll(/[^A-Za-z0-9]+/g, '-').replace(/^-/, '')}-test`
  return taken.has(own) ? `${argv[0]}-${own}` : own
}

/** As it is written in the config. */
export function written({ argv, cwd }: Suggestion): unknown {
  return cwd === '.' ? argv : { argv, cwd }
}

export function suggestionNotes(all: readonly Suggestion[], taken: ReadonlySet<string>): string[] {
  const rest = all.slice(MAX_LINES).map((one) => one.file)
  return [
    ...all
      .slice(0, MAX_LINES)
      .map(
        (one) =>
          `${one.file}: no gate tests this project, as far as the files show. The line to copy: ${JSON.stringify(nameFor(one, taken))}: ${JSON.stringify(written(one))}`,
      ),
    ...(rest.length === 0 ? [] : [`no gate tests these projects either: ${someOf(rest)}`]),
  ]
}
