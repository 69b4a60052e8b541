import type { Network } from '../../contract/network.ts'

/** One step for the config's `prepare`, and why it is proposed. */
export interface ProposedStep {
  readonly argv: readonly string[]
  /** Relative to the root. */
  readonly cwd: string
  /** `full` where a registry is asked. */
  readonly network: Network
  readonly env: Readonly<Record<string, string>>
  /** File that says so, relative to the root. */
  readonly file: string
  readonly reason: string
  /** Variables that its settings name, as where a registry wants a token: a gate has them only where a person gives them. */
  readonly variables: readonly string[]
}

/** What makes the dependencies of a project in an empty checkout. No steps: nothing has to be made. */
export interface PrepareProposal {
  /** Scripts of packages from a registry run where they are known, the project's own do not. */
  readonly steps: readonly ProposedStep[]
  /** The same with all scripts, for a project that cannot be checked without: its layer is of one tree alone. Null: no difference. */
  readonly withScripts: readonly ProposedStep[] | null
  readonly notes: readonly string[]
}

export const nothingToPrepare: PrepareProposal = { steps: [], withScripts: null, notes: [] }

type Given = Pick<ProposedStep, 'argv' | 'file' | 'reason'> & Partial<ProposedStep>

/** A step that asks a registry, in the root. */
export function fetching(given: Given): ProposedStep {
  return { cwd: '.', network: 'full', env: {}, variables: [], ...given }
}

/** As it stands in a config: what is not the default. */
export function stepJson({ argv, cwd, network, env }: ProposedStep): object {
  return {
    argv,
    ...(cwd === '.' ? {} : { cwd }),
    ...(network === 'none' ? {} : { network }),
    ...(Object.keys(env).length === 0 ? {} : { env }),
  }
}
