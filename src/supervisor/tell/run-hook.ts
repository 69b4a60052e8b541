import fs from 'node:fs'
import path from 'node:path'
import { type Result, fail } from '../../base/result.ts'
import { systemWords } from '../../base/system-words.ts'
import type { PersonHook } from '../../contract/supervisor/settings.ts'
import { findApproval } from '../../records/approvals.ts'
import { type Notified, runPersonCommand } from '../../records/person-command.ts'
import { attemptPaths } from '../batch/paths.ts'
import type { Ground } from '../world.ts'
import { type Happening, variablesOf } from './happening.ts'
import type { HookEnded } from './hook-journal.ts'

export type RunGround = Pick<Ground, 'context' | 'own' | 'opened' | 'config' | 'batch' | 'signals'>

/** Runs one hook to its end. `file`: of the item that it is about. */
export async function runHook(
  ground: RunGround,
  hook: PersonHook,
  happening: Happening,
  file: string | null,
): Promise<HookEnded> {
  const { seq, hook: name, item } = happening
  const log = logOf(ground, happening)
  const done = await run(ground, hook, happening, { file, log })
  return { seq, hook: name, item, code: done.ok ? done.value.code : null, why: wrongWith(done), log }
}

async function run(
  { context, own, opened, config, signals }: RunGround,
  given: PersonHook,
  happening: Happening,
  { file, log }: { readonly file: string | null; readonly log: string },
): Promise<Result<Notified>> {
  const { batch, top, prefix, gatePath } = opened
  const { hook, seq, item, attempt, facts } = happening
  if (!findApproval(context.env.home, opened.config.path, opened.config.sha256))
    return fail('config-unapproved', 'nobody approves the config of this batch any more')
  const root = path.join(top, prefix)
  // The person's checkout is theirs: in the sandbox this is what it may write.
  const place = path.join(own.data, 'hooks')
  try {
    fs.mkdirSync(place, { recursive: true, mode: 0o700 })
    return await runPersonCommand(context, {
      name: `supervisor.on.${hook}`,
      given,
      isBoxed: config.version === 2,
      root,
      place,
      gatePath,
      owner: batch,
      variables: variablesOf(happening, batch),
      input: {
        event: hook,
        batch,
        seq,
        repo_root: root,
        item,
        ...(file === null ? {} : { file }),
        ...(attempt === null ? {} : { attempt }),
        ...facts,
      },
      logFile: log,
      codex: null,
      ending: signals.endAgents,
    })
  } catch (error) {
    if ((error as NodeJS.ErrnoException | null)?.syscall === undefined) throw error
    return fail('notify-failed', systemWords(error))
  }
}

/** Beside what else is kept of the attempt, or of the batch. */
function logOf({ batch }: RunGround, { hook, item, attempt }: Happening): string {
  const dir = item === null || attempt === null ? batch.dir : attemptPaths(batch, item, attempt).dir
  return path.join(dir, `hook-${hook}.log`)
}

function wrongWith(done: Result<Notified>): string | null {
  if (!done.ok) return done.error.message
  const { code, signal, timedOut } = done.value
  if (timedOut) return 'it took too long and was ended'
  return code === 0 ? null : `it ended with ${signal ?? `exit code ${code}`}`
}
