import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { hookShell } from '../../codex/hook-shell.ts'
import { hookCommand } from '../../setup/shim.ts'
import type { Observation } from '../claims.ts'
import type { World } from '../world.ts'

const rounds = 15

/** The hook as Codex starts it, for a session without a run; in turns with an empty command of the same shell. */
export function idleStopScene(world: World, repo: string): Observation {
  const payload = path.join(world.dir, 'idle-stop.json')
  fs.writeFileSync(
    payload,
    JSON.stringify({
      session_id: randomUUID(),
      turn_id: randomUUID(),
      transcript_path: null,
      cwd: repo,
      hook_event_name: 'Stop',
      model: 'gpt-5.5',
      permission_mode: 'default',
      stop_hook_active: false,
      last_assistant_message: 'Done.',
    }),
  )
  const command = hookCommand(world.home, 'Stop')
  const [ours, empty]: [number[], number[]] = [[], []]
  let said = ''
  for (let round = 0; round <= rounds && !world.abort.aborted; round += 1) {
    const hook = shell(command, payload, world, repo)
    const nothing = shell(':', payload, world, repo)
    said ||= hook.said
    // The first round fills the caches.
    if (round > 0) {
      ours.push(hook.ms)
      empty.push(nothing.ms)
    }
  }
  const [all, base] = [median(ours), median(empty)]
  return {
    id: 'idle-stop',
    ok: said === '' && ours.length === rounds,
    seen:
      said === ''
        ? `prints nothing; ${Math.max(0, all - base).toFixed(1)} ms more than an empty shell (median of ${rounds})`
        : said,
    ms: all,
  }
}

/** With stdin from a file: node's own pipes are sockets, and with one of those bash reads start-up files. */
function shell(command: string, stdin: string, world: World, cwd: string): { ms: number; said: string } {
  const input = fs.openSync(stdin, 'r')
  try {
    const begun = performance.now()
    const ran = spawnSync(hookShell(), ['-c', command], {
      cwd,
      env: { ...world.env },
      stdio: [input, 'pipe', 'pipe'],
      encoding: 'utf8',
      timeout: 10_000,
      killSignal: 'SIGKILL',
    })
    const ms = performance.now() - begun
    const clean = ran.status === 0 && ran.stdout === '' && ran.stderr === ''
    return { ms, said: clean ? '' : `exit ${ran.status}, printed ${JSON.stringify(ran.stdout + ran.stderr)}` }
  } finally {
    fs.closeSync(input)
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
