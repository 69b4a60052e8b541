import type { Env } from '../base/env.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { backlogScene, wholeBacklogScene } from './scenes/backlog.ts'
import { type Observation, type ClaimRow, type Story, rowsOf } from './claims.ts'
import { cleanRoomScenes } from './scenes/clean-room.ts'
import { hostileGateScene } from './scenes/hostile-gate.ts'
import { idleStopScene } from './scenes/idle-stop.ts'
import { storyScene } from './scenes/story.ts'
import { tamperedGateScene } from './scenes/tampered-gate.ts'
import { trustScene } from './scenes/trust.ts'
import { type CodexOrigin, whichCodex } from './which-codex.ts'
import { type World, makeWorld } from './world.ts'

export interface ProveOptions {
  /** All of it in short, or the backlog alone and whole. */
  readonly story: Story
  /** `--codex`; null: the person's. */
  readonly codexPath: string | null
  /** Leave the directory, also when everything was seen. */
  readonly keep: boolean
  /** Our `cli/main.js` as it runs now. */
  readonly cli: string
  readonly node: string
  readonly version: string
  readonly abort: AbortSignal
  /** Told what comes next, for a person who waits. */
  readonly progress: (what: string) => void
}

/** What was seen on this machine, with the field names scripts read. */
export interface Proof {
  /** Every row was seen. */
  readonly ok: boolean
  readonly story: Story
  readonly versions: { readonly codex: string; readonly node: string; readonly autonomous_loop: string }
  readonly codex_path: string
  /** Only `person` says something about the Codex that this person works with. */
  readonly codex_origin: CodexOrigin
  readonly rows: readonly ClaimRow[]
  /** Ids of the rows that were not seen. */
  readonly missing: readonly string[]
  /** Where everything was left to look at; null when it was removed. */
  readonly directory: string | null
  readonly duration_ms: number
}

/**
 * Shows on the real Codex, with a scripted model on loopback and without any account, that a stop is really held. All of
 * it happens in a new directory below the user's home, which is removed unless something was missing.
 * Codes: codex-missing, codex-unusable, codex-too-old, prove-home, interrupted.
 */
export async function prove(env: Env, options: ProveOptions): Promise<Result<Proof>> {
  const begun = performance.now()
  const codex = whichCodex(env, options.codexPath, options.cli)
  if (!codex.ok) return codex
  const { cli, node, abort } = options
  const made = await makeWorld({ codex: codex.value, cli, node, vars: env.vars, tmpDir: env.tmpDir, abort })
  if (!made.ok) return made
  const world = made.value
  let keep = options.keep
  try {
    const versions = {
      codex: codex.value.version,
      node: process.versions.node,
      autonomous_loop: options.version,
    }
    const rows = rowsOf(options.story, [
      {
        id: 'versions',
        ok: true,
        seen: `codex ${versions.codex}, node ${versions.node}, autonomous-loop ${versions.autonomous_loop}`,
        ms: null,
      },
      ...(await playStory[options.story](world, options.progress)),
    ])
    if (abort.aborted)
      return fail('interrupted', `interrupted; ${keep ? `left in ${world.dir}` : 'nothing was left behind'}`)
    const missing = rows.filter((row) => !row.ok).map((row) => row.id)
    keep ||= missing.length > 0
    return ok({
      ok: missing.length === 0,
      story: options.story,
      versions,
      codex_path: codex.value.path,
      codex_origin: codex.value.origin,
      rows: rows.map((row) => ({ ...row, ms: row.ms === null ? null : Math.round(row.ms * 10) / 10 })),
      missing,
      directory: keep ? world.dir : null,
      duration_ms: Math.round(performance.now() - begun),
    })
  } finally {
    await world.close(keep)
  }
}

type Play = (world: World, progress: (what: string) => void) => Promise<readonly Observation[]>

const playStory: Readonly<Record<Story, Play>> = {
  short: playAll,
  run: wholeBacklogScene,
}

async function playAll(world: World, progress: (what: string) => void): Promise<Observation[]> {
  progress('installing, without and with trust')
  const repo = await world.makeRepo('setup')
  const trust = await trustScene(world, repo)
  const seen: Observation[] = [...trust.observations]
  if (!trust.installed) return seen
  const scenes: readonly [string, () => Promise<readonly Observation[]>][] = [
    ['an agent that says "done" too early', () => storyScene(world)],
    ['an agent that changes its gate', async () => [await tamperedGateScene(world)]],
    ...cleanRoomScenes(world),
    ['a backlog, worked through by three agents', () => backlogScene(world)],
    ['a stop without a run', async () => [idleStopScene(world, repo)]],
    // Last: where it succeeds, nothing works any more.
    ['a gate that attacks', async () => [await hostileGateScene(world)]],
  ]
  for (const [what, scene] of scenes) {
    if (world.abort.aborted) break
    progress(what)
    seen.push(...(await scene()))
  }
  return seen
}
