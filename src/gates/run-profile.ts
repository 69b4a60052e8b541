import os from 'node:os'
import type { Command } from '../contract/types.ts'
import type { GateResult } from './types.ts'

/**
 * Runs all commands of a profile, whatever the results: sequentially, except that neighbours marked `parallel` run
 * together, at most `atOnce` (at least four, else one per core, because most wait more than they compute). Results come
 * in the order of the commands. `between` is asked before each further command or group: false ends the row.
 */
export async function runProfile(
  commands: readonly Command[],
  run: (command: Command) => Promise<GateResult>,
  {
    atOnce = Math.max(4, os.availableParallelism()),
    between = async () => true,
  }: { readonly atOnce?: number; readonly between?: () => Promise<boolean> } = {},
): Promise<GateResult[]> {
  const results: GateResult[] = []
  for (const group of groups(commands)) {
    if (results.length > 0 && !(await between())) break
    results.push(...(await runTogether(group, run, atOnce)))
  }
  return results
}

/** Neighbours that may run together; a sequential command is a group of its own. */
function groups(commands: readonly Command[]): Command[][] {
  const all: Command[][] = []
  for (const command of commands) {
    const last = all.at(-1)
    if (command.parallel && last?.[0]?.parallel) last.push(command)
    else all.push([command])
  }
  return all
}

async function runTogether(
  group: readonly Command[],
  run: (command: Command) => Promise<GateResult>,
  atOnce: number,
): Promise<GateResult[]> {
  const results: GateResult[] = []
  const waiting = [...group.entries()]
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      results[next[0]] = await run(next[1])
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, group.length) }, lane))
  return results
}
