import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { type Result, fail, ok } from '../base/result.ts'
import { systemWords } from '../base/system-words.ts'
import { ensureHome } from '../ledger/home.ts'
import { takeLock } from '../supervisor/batch/lock.ts'
import { repoPaths } from '../supervisor/batch/paths.ts'
import { siteOf } from '../supervisor/batch/site.ts'
import { type DetachedNews, isNews } from './detached.ts'
import type { Io } from './command.ts'
import { type CliOutcome, done } from './outcome.ts'
import { outputFlags } from './output.ts'
import { catchSignals } from './signals.ts'

/**
 * Starts a run in a session of its own, with a watcher, and waits until it is at work. One that ends before that says why, with its own
 * exit status.
 *
 *   run --detach ─► watch-run ─► run          news: run ─► watch-run ─► run --detach
 *
 * `more`: words that are added to what was typed. Codes: git-gone, home-unwritable, and those of takeLock.
 */
export async function detach(
  { context, json }: Io,
  cwd: string,
  more: readonly string[],
): Promise<Result<CliOutcome>> {
  const site = siteOf(cwd)
  if (!site.ok) return site
  const home = ensureHome(context.env.home)
  if (!home.ok) return home
  const repo = repoPaths(context.env.home, site.value.repoId)
  // The watcher's for life. Whoever comes second neither empties its log nor takes its note away.
  const watching = takeLock(repo.watching)
  if (!watching.ok) return watching.error.code === 'batch-running' ? alreadyDetached : watching
  const log = path.join(repo.dir, 'detached.log')
  let fd: number
  try {
    fs.mkdirSync(repo.dir, { recursive: true, mode: 0o700 })
    const { O_WRONLY, O_CREAT, O_TRUNC, O_APPEND, O_NOFOLLOW } = fs.constants
    fd = fs.openSync(log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_NOFOLLOW, 0o600)
  } catch (error) {
    watching.value.letGo()
    return fail('home-unwritable', `${log} could not be opened: ${systemWords(error)}`)
  }
  const signals = catchSignals()
  const news = await startWatcher(
    { log: fd, lock: watching.value.fd },
    cwd,
    [...more, json ? '--json' : '--text'],
    log,
    signals.ending,
  ).finally(() => {
    fs.closeSync(fd)
    watching.value.letGo()
    signals.close()
  })
  if (news.kind === 'ended') {
    const said = fs.readFileSync(log, 'utf8')
    return ok({
      code: signals.code() ?? news.code,
      data: {},
      plain: true,
      failed: true,
      text: () => [said.trimEnd()],
    })
  }
  return ok(
    done({ ok: true, action: 'run', detached: true, log }, () => [
      'It is at work, and goes on when this terminal is closed.',
      'Look on: autonomous-loop attach     End it: autonomous-loop stop',
      `What it prints is in ${log}`,
    ]),
  )
}

const alreadyDetached = fail('batch-running', 'a detached run is at work here already', {
  fix: 'autonomous-loop attach',
})

function startWatcher(
  fds: { readonly log: number; readonly lock: number },
  cwd: string,
  more: readonly string[],
  log: string,
  ending: AbortSignal,
): Promise<DetachedNews> {
  const program = process.argv[1] ?? ''
  const typed = process.argv.slice(2).filter((word) => word !== '--detach' && !outputFlags.includes(word))
  const child = spawn(
    process.execPath,
    [program, 'watch-run', '--cwd', cwd, '--log', log, '--', ...typed, ...more],
    { cwd: process.cwd(), detached: true, stdio: ['ignore', fds.log, fds.log, 'ipc', fds.lock] },
  )
  const stop = (): void => void child.kill('SIGTERM')
  ending.addEventListener('abort', stop, { once: true })
  return new Promise<DetachedNews>((resolve) => {
    child.on('message', (message) => {
      if (isNews(message)) resolve(message)
    })
    child.once('error', () => resolve({ kind: 'ended', code: 1 }))
    child.once('exit', (code) => resolve({ kind: 'ended', code: code ?? 1 }))
  }).finally(() => {
    ending.removeEventListener('abort', stop)
    if (child.connected) child.disconnect()
    child.unref()
  })
}
