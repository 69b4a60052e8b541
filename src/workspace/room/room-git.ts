import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { type Result, fail, ok } from '../../base/result.ts'

interface GitOptions {
  readonly input?: Buffer
  readonly accept?: readonly number[]
  /** Descriptors for standard input and output. */
  readonly from?: number
  readonly to?: number
}

export type RoomGit = (args: readonly string[], options?: GitOptions) => Result<Buffer>

/**
 * No settings but those in the room, nothing fetched, nothing run. `alternates`: directories of objects in which is looked for what the
 * room lacks.
 */
export function roomGit(
  { git, timeoutMs }: { readonly git: string; readonly timeoutMs: number },
  room: string,
  alternates: readonly string[] = [],
): RoomGit {
  return (args, { input, accept = [0], from, to } = {}) => {
    const run = spawnSync(git, ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', ...args], {
      cwd: room,
      env: {
        PATH: '/usr/bin:/bin',
        LC_ALL: 'C',
        HOME: '/nonexistent',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_ATTR_NOSYSTEM: '1',
        GIT_NO_REPLACE_OBJECTS: '1',
        GIT_NO_LAZY_FETCH: '1',
        GIT_ALLOW_PROTOCOL: '',
        GIT_TERMINAL_PROMPT: '0',
        GIT_DIR: path.join(room, '.git'),
        GIT_WORK_TREE: room,
        GIT_ALTERNATE_OBJECT_DIRECTORIES: alternates.map(quoted).join(':'),
      },
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: 1 << 30,
      stdio: [from ?? 'pipe', to ?? 'pipe', 'pipe'],
      ...(input === undefined ? {} : { input }),
    })
    if (run.status !== null && accept.includes(run.status)) return ok(run.stdout ?? Buffer.alloc(0))
    const said = run.error?.message ?? run.stderr.toString('utf8').trim().slice(0, 500)
    return fail('room-git', `git ${args[0]} failed in the clean room: ${said}`)
  }
}

/** As git reads a path that may hold a colon. */
function quoted(file: string): string {
  return `"${file.replace(/["\\]/g, '\\$&')}"`
}
