import type { Task } from './types.ts'

/** What the evidence of the tasks names, in order, each once. Source for looking at ignored files and for baselines. */
export function namedPaths(
  tasks: readonly Task[],
): ({ readonly path: string } | { readonly glob: string })[] {
  const seen = new Map<string, { path: string } | { glob: string }>()
  for (const evidence of tasks.flatMap((task) => task.evidence)) {
    if (evidence.kind === 'commandRef') continue
    if (evidence.path !== undefined) seen.set(`path ${evidence.path}`, { path: evidence.path })
    else if (evidence.kind !== 'fileMatches' && evidence.glob !== undefined)
      seen.set(`glob ${evidence.glob}`, { glob: evidence.glob })
  }
  return [...seen.values()]
}
