import path from 'node:path'
import type { Context } from '../records/context.ts'
import { readMachine } from '../records/machine.ts'
import { askCodex } from '../setup/codex-word.ts'
import { ourGroups } from '../setup/groups.ts'

/** Codex's own word that it runs every one of our hooks in this directory; false also when it cannot be asked. Changes nothing. */
export async function codexRunsOurHooks(context: Context, cwd: string): Promise<boolean> {
  const { env } = context
  const machine = readMachine(env.home)
  if (!machine.ok || machine.value.codex === null) return false
  const { codex, stopTimeoutSeconds } = machine.value
  const word = await askCodex({
    codex: { ...codex, version: codex.version ?? '' },
    env,
    hooksFile: path.join(env.codexHome, 'hooks.json'),
    groups: ourGroups(env.home, stopTimeoutSeconds),
    cwd,
    mayTrust: () => Promise.resolve(false),
  })
  return word.ok && word.value.all
}
