import type { Command, PrepareStep, ProjectConfig } from './types.ts'

/** A prepared layer has at most so many bytes where the config does not say. */
const MOST_LAYER_BYTES = 20 * 1024 ** 3

/** Bytes that a prepared layer may have. */
export function layerBytes({ limits }: Pick<ProjectConfig, 'limits'>): number {
  return limits?.layerBytes ?? MOST_LAYER_BYTES
}

/** A step as the command that a gate's machine runs; `index` counts from 0. No profile and no task can name it. */
export function prepareCommand(step: PrepareStep, index: number): Command {
  return {
    ...step,
    name: `prepare[${index}]`,
    tty: false,
    parallel: false,
    pins: [],
    evidence: false,
    steps: false,
  }
}

/** Whatever of a config is started, so that what it means is frozen: its commands, and the steps of `prepare`. */
export function startedBy(config: Pick<ProjectConfig, 'commands' | 'prepare'> | null): readonly Command[] {
  return config === null
    ? []
    : [...Object.values(config.commands), ...(config.prepare ?? []).map(prepareCommand)]
}
