import { spawn } from 'node:child_process'
import { type Result, fail, ok } from '../../base/result.ts'
import { staleDotfile, staleGitFile } from '../dotfiles.ts'
import type { Repo } from './repo.ts'
import type { Shadow } from './shadow.ts'

export interface GitCall {
  readonly args: readonly string[]
  /** Bytes for standard input. */
  readonly input?: Buffer
  /** Exit codes that are answers, besides 0. */
  readonly accept?: readonly number[]
  /** Descriptors in place of standard input and output, for what may be larger than memory. */
  readonly from?: number
  readonly to?: number
  /** Replaces variables of the environment, such as GIT_INDEX_FILE; undefined takes one out. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  /** Answers longer than this are refused. Bytes. */
  readonly maxBytes?: number
}

/** After this long a FIFO in place of .gitignore, .gitattributes or a file of git itself is looked for: git itself would wait for ever. */
const SUSPICIOUS_MS = 1000

/**
 * Runs git so that it runs nothing else and takes no lock. Gives standard output.
 * Errors: `git-failed`, `git-timeout`, `git-hangs` (names the FIFO), `git-output-too-large`, `git-not-started`.
 */
export async function runGit(repo: Repo, shadow: Shadow, call: GitCall): Promise<Result<Buffer>> {
  const args = [
    ...SETTINGS,
    ...frozen(shadow),
    '-c',
    `core.excludesFile=${shadow.excludesFile}`,
    ...call.args,
  ]
  const name = `git ${call.args[0]}`
  return new Promise((resolve) => {
    const child = spawn(shadow.git, args, {
      cwd: call.cwd ?? repo.top,
      env: { ...gitEnvironment(repo, shadow), ...call.env },
      stdio: [call.from ?? 'pipe', call.to ?? 'pipe', 'pipe'],
    })
    const out: Buffer[] = []
    let size = 0
    let error = ''
    let stopped: Result<never> | null = null
    const stop = (why: Result<never>): void => {
      stopped ??= why
      child.kill('SIGKILL')
    }
    const limit = call.maxBytes ?? 1 << 30
    const timer = setTimeout(
      () => stop(fail('git-timeout', `${name} did not end within ${shadow.timeoutMs} ms in ${repo.top}`)),
      shadow.timeoutMs,
    )
    const suspicion = setTimeout(
      () => {
        const file = staleGitFile(repo) ?? staleDotfile(repo.top)
        if (file !== null)
          stop(
            fail('git-hangs', `${file} is not a regular file, so git waits for it for ever`, {
              fix: `put back ${file}, or rm it if it is not needed`,
            }),
          )
      },
      Math.min(SUSPICIOUS_MS, shadow.timeoutMs),
    )
    child.stdout?.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > limit) stop(fail('git-output-too-large', `${name} wrote more than ${limit} bytes`))
      else out.push(chunk)
    })
    child.stderr?.on('data', (chunk: Buffer) => {
      if (error.length < 4000) error += chunk.toString('utf8')
    })
    // git may end before it has read everything (EPIPE): its exit code tells.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(call.input)
    let ended = false
    const end = (result: Result<Buffer>): void => {
      if (ended) return
      ended = true
      clearTimeout(timer)
      clearTimeout(suspicion)
      resolve(result)
    }
    child.on('error', (cause) =>
      end(fail('git-not-started', `${shadow.git} could not be started: ${cause.message}`)),
    )
    child.on('close', (code, signal) => {
      if (stopped) end(stopped)
      else if (code === 0 || (code !== null && call.accept?.includes(code))) end(ok(Buffer.concat(out)))
      else
        end(
          fail(
            'git-failed',
            `${name} failed in ${repo.top} (${signal ?? `exit ${code}`}): ${error.trim().slice(0, 1000)}`,
          ),
        )
    })
  })
}

/** The whole environment of our git: nothing of the caller's. */
export function gitEnvironment(repo: Repo, shadow: Shadow): Record<string, string> {
  return {
    PATH: '/usr/bin:/bin',
    LC_ALL: 'C',
    HOME: shadow.dir,
    XDG_CONFIG_HOME: shadow.dir,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    // An empty list: no transport at all, whatever a promisor remote says.
    GIT_ALLOW_PROTOCOL: '',
    GIT_TERMINAL_PROMPT: '0',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_DIR: repo.gitDir,
    GIT_COMMON_DIR: shadow.dir,
    GIT_OBJECT_DIRECTORY: `${repo.commonDir}/objects`,
    GIT_INDEX_FILE: repo.indexFile ?? `${repo.gitDir}/index`,
    GIT_WORK_TREE: repo.top,
  }
}

/** Said again on the command line, should a git of another age look elsewhere for its configuration. */
const SETTINGS = [
  '--no-pager',
  ...[
    'core.fsmonitor=false',
    'core.hooksPath=/dev/null',
    'core.attributesFile=/dev/null',
    'core.untrackedCache=false',
    // An index that is written here is whole: a part of it would lie in our directory.
    'core.splitIndex=false',
    'core.trustctime=true',
    'core.checkStat=default',
    'core.fileMode=true',
    'core.ignoreCase=false',
    'core.symlinks=true',
    'core.quotePath=false',
    'core.safecrlf=false',
    'core.commitGraph=false',
    'core.sparseCheckout=false',
    'diff.autoRefreshIndex=false',
  ].flatMap((setting) => ['-c', setting]),
]

function frozen(shadow: Shadow): string[] {
  const { autocrlf, eol, fileMode } = shadow.settings
  return [
    ...(autocrlf === null ? [] : ['-c', `core.autocrlf=${autocrlf}`]),
    ...(eol === null ? [] : ['-c', `core.eol=${eol}`]),
    ...(fileMode === false ? ['-c', 'core.fileMode=false'] : []),
  ]
}
