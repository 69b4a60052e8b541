import path from 'node:path'
import { type Result, ok } from '../base/result.ts'
import { realPath } from '../base/within.ts'
import { withAppServer } from '../codex/app-server.ts'
import { projectTrusted } from '../codex/codex-config.ts'
import { type Codex, findCodex } from '../codex/find-codex.ts'
import type { Context } from '../records/context.ts'
import { type Machine, readMachine } from '../records/machine.ts'
import { findRepoRoot } from '../evidence/repo-root.ts'
import { mayHaveGoal } from '../hooks/goal.ts'
import { openMarkers } from '../ledger/held.ts'
import { type Assets, findAssets } from '../setup/assets.ts'
import { type CodexWord, askCodex, runsManaged } from '../setup/codex-word.ts'
import { statusOf } from '../setup/goal-pause.ts'
import { managedGroups, systemPlaces } from '../setup/managed/places.ts'
import { defaultStopTimeoutSeconds, ourGroups } from '../setup/groups.ts'

/** What several checks need, looked up once. */
export interface DoctorLook {
  readonly context: Context
  readonly cwd: string
  readonly root: string
  readonly hooksFile: string
  readonly machine: Result<Machine>
  readonly assets: Result<Assets>
  readonly codex: Result<Codex>
  /** An administrator's hooks hold every user here. */
  readonly managed: boolean
  readonly word: Result<CodexWord>
  readonly authorities: Result<Authorities>
}

/** What else in Codex has a say in this repository. */
export interface Authorities {
  /** Ids of sessions with an open run in which Codex pursues an active goal. */
  readonly goals: readonly string[]
  /** Codex's trust in the repository; null when its config does not say. */
  readonly trusted: boolean | null
}

/** Source: the home, `codex --version`, `codex app-server`. Writes nothing. */
export async function lookAround(context: Context, cwd: string): Promise<DoctorLook> {
  const { env } = context
  const machine = readMachine(env.home)
  const codex = findCodex(env)
  const hooksFile = path.join(env.codexHome, 'hooks.json')
  const seconds = machine.ok ? machine.value.stopTimeoutSeconds : defaultStopTimeoutSeconds
  const managed = codex.ok && (await runsManaged(codex.value, env))
  const word = codex.ok
    ? await askCodex({
        codex: codex.value,
        env,
        hooksFile,
        groups: managed ? managedGroups(systemPlaces) : ourGroups(env.home, seconds),
        cwd,
        mayTrust: () => Promise.resolve(false),
      })
    : codex
  const root = findRepoRoot(cwd)
  const authorities = codex.ok ? await otherAuthorities(codex.value, env, root) : codex
  return { context, cwd, root, hooksFile, machine, assets: findAssets(), codex, managed, word, authorities }
}

function otherAuthorities(codex: Codex, env: Context['env'], root: string): Promise<Result<Authorities>> {
  const sessions = openMarkers(env.home)
    .map(({ activation }) => activation.origin.sessionId)
    .filter((id) => mayHaveGoal(env.codexHome, id))
  return withAppServer(codex.native, env, async (server) => {
    const trusted = await projectTrusted(server, realPath(root))
    if (!trusted.ok) return trusted
    const goals: string[] = []
    for (const threadId of sessions) {
      const goal = await server.request('thread/goal/get', { threadId })
      // A session that Codex has forgotten pursues nothing.
      if (goal.ok && statusOf(goal.value) === 'active') goals.push(threadId)
    }
    return ok({ goals, trusted: trusted.value })
  })
}
