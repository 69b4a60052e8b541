import type { Task } from '../contract/types.ts'
import { checkOf } from './kinds/index.ts'
import { spellings } from './name-form.ts'
import type { NamedPath } from './types.ts'

/**
 * What the evidence of the tasks names, in order, each once and in every spelling; `stays` where some evidence wants it unchanged. Source for
 * looking at ignored files and for baselines.
 */
export function namedPaths(tasks: readonly Task[]): NamedPath[] {
  const seen = new Map<string, NamedPath>()
  for (const evidence of tasks.flatMap((task) => task.evidence)) {
    if (evidence.kind === 'commandRef') continue
    const stays = checkOf(evidence.kind).mustStay ? ({ stays: true } as const) : {}
    const add = (key: string, named: NamedPath): void => {
      seen.set(key, { ...named, ...seen.get(key), ...stays })
    }
    if (evidence.path !== undefined)
      for (const path of spellings(evidence.path)) add(`path ${path}`, { path })
    else if ('glob' in evidence && evidence.glob !== undefined)
      for (const glob of spellings(evidence.glob)) add(`glob ${glob}`, { glob })
  }
  return [...seen.values()]
}
