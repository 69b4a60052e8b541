import path from 'node:path'
import type { Result } from '../../base/result.ts'
import { type Codex, findCodex } from '../../codex/find-codex.ts'
import type { Context } from '../../control/context.ts'
import { type Machine, readMachine } from '../../control/machine.ts'
import { findRepoRoot } from '../../evidence/repo-root.ts'
import { type Assets, findAssets } from '../assets.ts'
import { type CodexWord, askCodex } from '../codex-word.ts'
import { defaultStopTimeoutSeconds, ourGroups } from '../groups.ts'

/** What several checks need, looked up once. */
export interface Look {
  readonly context: Context
  readonly cwd: string
  readonly root: string
  readonly hooksFile: string
  readonly machine: Result<Machine>
  readonly assets: Result<Assets>
  readonly codex: Result<Codex>
  readonly word: Result<CodexWord>
}

/** Source: the home, `codex --version`, `codex app-server`. Writes nothing. */
export async function lookAround(context: Context, cwd: string): Promise<Look> {
  const { env } = context
  const machine = readMachine(env.home)
  const codex = findCodex(env)
  const hooksFile = path.join(env.codexHome, 'hooks.json')
  const seconds = machine.ok ? machine.value.stopTimeoutSeconds : defaultStopTimeoutSeconds
  const word = codex.ok
    ? await askCodex({
        codex: codex.value,
        env,
        hooksFile,
        groups: ourGroups(env.home, seconds),
        cwd,
        mayTrust: () => Promise.resolve(false),
      })
    : codex
  return { context, cwd, root: findRepoRoot(cwd), hooksFile, machine, assets: findAssets(), codex, word }
}
