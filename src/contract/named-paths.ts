import type { Task } from './types.ts'

type Named = ({ readonly path: string } | { readonly glob: string }) & { readonly stays?: true }

/**
 * What the evidence of the tasks names, in order, each once; `stays` where some evidence wants it unchanged. Source for
 * looking at ignored files and for baselines.
 */
export function namedPaths(tasks: readonly Task[]): Named[] {
  const seen = new Map<string, Named>()
  for (const evidence of tasks.flatMap((task) => task.evidence)) {
    if (evidence.kind === 'commandRef') continue
    const stays = evidence.kind === 'pathUnchanged' ? ({ stays: true } as const) : {}
    const add = (key: string, named: Named): void => {
      seen.set(key, { ...named, ...seen.get(key), ...stays })
    }
    if (evidence.path !== undefined) add(`path ${evidence.path}`, { path: evidence.path })
    else if (evidence.kind !== 'fileMatches' && evidence.glob !== undefined)
      add(`glob ${evidence.glob}`, { glob: evidence.glob })
  }
  return [...seen.values()]
}
