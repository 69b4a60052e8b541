import type { Env } from '../base/env.ts'
import { type Result, ok } from '../base/result.ts'
import type { Codex } from '../codex/find-codex.ts'
import { blockAfter } from './actor.ts'
import { failureOf, sessionFailure, taskLine } from './look.ts'
import type { ProveOptions } from './prove.ts'
import { enableCommand, installRepo, onlyRun } from './scenes/arm.ts'
import { type World, makeWorld } from './world.ts'

/** One short real block. */
export interface Brief {
  readonly ok: boolean
  /** The line of the block that names what is missing, or what was seen instead. */
  readonly seen: string
  readonly duration_ms: number
  /** Where it was left to look at, when it was not seen. */
  readonly directory: string | null
}

/**
 * The shortest session that shows what this is for, on this person's Codex with a scripted model: too early a stop is
 * blocked, the one after the work is not. In a throw-away home, so that nothing of it stays. Codes: prove-home.
 */
export async function proveBriefly(
  env: Env,
  options: Pick<ProveOptions, 'cli' | 'node' | 'abort'> & { readonly codex: Codex },
): Promise<Result<Brief>> {
  const begun = performance.now()
  const made = await makeWorld({ ...options, vars: env.vars, tmpDir: env.tmpDir })
  if (!made.ok) return made
  const world = made.value
  let good = false
  try {
    const seen = await play(world)
    good = seen.ok
    return ok({
      ...seen,
      duration_ms: Math.round(performance.now() - begun),
      directory: good ? null : world.dir,
    })
  } finally {
    await world.close(!good)
  }
}

async function play(world: World): Promise<{ ok: boolean; seen: string }> {
  const repo = await world.makeRepo('story')
  const setUp = await world.cli(['bootstrap', '--trust'], repo)
  if (setUp.code !== 0) return { ok: false, seen: failureOf('bootstrap', setUp) }
  const problem = await installRepo(world, repo)
  if (problem !== null) return { ok: false, seen: problem }
  const session = await world.session(repo, 'Please write the greeting.', [
    { run: enableCommand(world) },
    { say: 'All done!' },
    { run: 'mkdir -p src && printf hello > src/greeting.txt' },
    { say: 'Done, really.' },
  ])
  const line = taskLine(blockAfter(session.turns, 1))
  if (line === undefined) return { ok: false, seen: sessionFailure(session) }
  const run = await onlyRun(world, repo)
  return run?.state === 'released'
    ? { ok: true, seen: line }
    : { ok: false, seen: `blocked, and then ${run?.state ?? 'no run'} instead of released` }
}
