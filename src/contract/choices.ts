import { show } from './problem.ts'
import type { Limits, Problem, ProjectConfig } from './types.ts'

/** What whoever asks for a contract may choose. `weaker: 'refuse'` is for agents: they may only be stricter. */
export interface Choices {
  readonly gateProfile?: string | null | undefined
  readonly maxStopIterations?: number | null | undefined
  readonly weaker: 'refuse' | 'allow'
}

/** What holds without a choice: of the config for a new contract, of the contract for an open one. */
export interface ChoicesInForce {
  readonly gateProfile: string
  readonly limits: Limits
}

/** The highest `maxStopIterations` anyone may choose. */
const MAX_ITERATIONS = 10_000

/** A new standing from choices, with what speaks against them. */
export function choose(
  choices: Choices,
  standing: ChoicesInForce,
  config: ProjectConfig,
): { readonly standing: ChoicesInForce; readonly problems: readonly Problem[] } {
  return {
    standing: {
      gateProfile: choices.gateProfile ?? standing.gateProfile,
      limits: {
        ...standing.limits,
        maxStopIterations: choices.maxStopIterations ?? standing.limits.maxStopIterations,
      },
    },
    problems: [...profileProblems(choices, standing, config), ...limitProblems(choices, standing)],
  }
}

/** The commands of a profile; undefined when there is no such profile. */
export function profileOf(config: ProjectConfig, name: string): readonly string[] | undefined {
  return Object.hasOwn(config.gateProfiles, name) ? config.gateProfiles[name] : undefined
}

function profileProblems(choices: Choices, standing: ChoicesInForce, config: ProjectConfig): Problem[] {
  const chosen = choices.gateProfile ?? standing.gateProfile
  const commands = profileOf(config, chosen)
  const example = show(standing.gateProfile)
  if (commands === undefined)
    return [
      {
        path: 'gateProfile',
        found: show(chosen),
        allowed: `a gate profile: ${Object.keys(config.gateProfiles).join(', ')}`,
        example,
      },
    ]
  const lost = (profileOf(config, standing.gateProfile) ?? []).filter((name) => !commands.includes(name))
  if (choices.weaker === 'allow' || lost.length === 0) return []
  return [
    {
      path: 'gateProfile',
      found: `${show(chosen)}, which leaves out ${lost.join(', ')}`,
      allowed: `a profile with every command of ${standing.gateProfile}; only a person may choose a weaker one`,
      example,
    },
  ]
}

function limitProblems(choices: Choices, standing: ChoicesInForce): Problem[] {
  const limit = choices.maxStopIterations
  const most = choices.weaker === 'allow' ? MAX_ITERATIONS : standing.limits.maxStopIterations
  if (limit === undefined || limit === null) return []
  if (Number.isSafeInteger(limit) && limit >= 1 && limit <= most) return []
  return [
    {
      path: 'maxStopIterations',
      found: String(limit),
      allowed:
        `a whole number, 1 to ${most}` +
        (limit > most && choices.weaker === 'refuse' ? '; only a person may loosen a limit' : ''),
      example: String(standing.limits.maxStopIterations),
    },
  ]
}
