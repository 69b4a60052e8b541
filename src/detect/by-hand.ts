import { type Suggestion, nameFor, written } from './suggestion.ts'

/** A config that a person can copy when nothing is certain. */
export const CONFIG_TO_COPY = {
  version: 1,
  commands: {
    lint: { argv: ['make', 'lint'], timeoutSeconds: 300 },
    test: { argv: ['make', 'test'], timeoutSeconds: 900 },
  },
  gateProfiles: { fast: ['lint'], default: ['lint', 'test'], final: ['lint', 'test'] },
} as const

/** The same in one line, and what to do with it. */
export const byHand = sentence({ test: ['make', 'test'] })

/** The same with the commands of projects that were seen. */
export function byHandFor(projects: readonly Suggestion[]): {
  readonly fix: string
  readonly config: unknown
} {
  const [first] = projects
  if (first === undefined) return { fix: byHand, config: CONFIG_TO_COPY }
  const commands = Object.fromEntries(
    projects.map((one) => [
      nameFor(one),
      { argv: one.argv, ...(one.cwd === '.' ? {} : { cwd: one.cwd }), timeoutSeconds: 900 },
    ]),
  )
  const names = Object.keys(commands)
  return {
    fix: sentence({ [nameFor(first)]: written(first) }),
    config: { version: 1, commands, gateProfiles: { default: names, final: names } },
  }
}

function sentence(commands: Readonly<Record<string, unknown>>): string {
  return `write .codex/autoloop.project.json by hand, for example ${JSON.stringify({ commands }).replaceAll(/([:,])(?=[["{])/g, '$1 ')} (docs/configuration.md), then run autonomous-loop allow`
}
