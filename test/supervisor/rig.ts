import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { siteOf } from '../../src/supervisor/batch/site.ts'
import type { BatchEvent } from '../../src/supervisor/record/events.ts'
import { removeOwned } from '../../src/base/owned-directory.ts'
import { homePaths } from '../../src/ledger/paths.ts'
import { writeMachine } from '../../src/records/machine.ts'
import { codexBinary } from '../rig/binaries.ts'
import { programDirectory } from '../rig/debian.ts'
import { projectRoot } from '../rig/root.ts'
import { type Tui, startTerminal } from '../rig/tui.ts'

/** One turn of the scripted agent. `at`: `<attempt>.<turn>`, or `goal:<the goal in its prompt>`; without it the nth entry is the nth turn of every attempt, the last one repeats. */
export interface ScriptedTurn {
  readonly at?: string
  /** Instead: the nth start at this item, from 1; a turn may be taken several times. */
  readonly start?: number
  readonly steps?: readonly Readonly<Record<string, unknown>>[]
  /** What goes into the result file; absent: none, which is complete. */
  readonly answer?: object | string
  readonly exit?: number
}

export interface SiteParts {
  /** Without the leading `.codex/backlog/`. */
  readonly items: Readonly<Record<string, string>>
  readonly files?: Readonly<Record<string, string>>
  readonly script?: Readonly<Record<string, readonly ScriptedTurn[]>>
  /** Over the config's defaults. */
  readonly config?: Readonly<Record<string, unknown>>
  readonly supervisor?: Readonly<Record<string, unknown>>
  /** Besides `fake`. */
  readonly agents?: Readonly<Record<string, unknown>>
  /** Where config, backlog and the person are, such as `packages/a/`. Default: the top. */
  readonly prefix?: string
  /** `on`: in the box. Default: off, which is quick. */
  readonly sandbox?: 'on' | 'off'
  /** That git or gates start, besides what every machine has. */
  readonly programs?: readonly string[]
}

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** With `--json`. */
  readonly events: readonly BatchEvent[]
}

export interface Running {
  readonly child: ChildProcess
  readonly done: Promise<Ran>
  /** Resolves at the first event that fits. */
  event(fits: (event: BatchEvent) => boolean): Promise<BatchEvent>
}

/** A person's repository with a backlog, below the person's home, and the real command line. */
export interface Site {
  readonly dir: string
  readonly repo: string
  readonly home: string
  readonly data: string
  readonly env: Readonly<Record<string, string>>
  at(...names: string[]): string
  git(...args: string[]): string
  write(file: string, text: string): void
  /** Turns of the agent from now on. */
  script(script: Readonly<Record<string, readonly ScriptedTurn[]>>): void
  /** `cwd`: default the top of the repository. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>, cwd?: string): Running
  cli(args: readonly string[], env?: Readonly<Record<string, string>>, cwd?: string): Promise<Ran>
  /** The same on a terminal, where a person is asked. */
  terminal(args: readonly string[], env?: Readonly<Record<string, string>>): Tui
  /** Every start of the agent, oldest first. */
  starts(): readonly {
    item: string
    attempt: number
    turn: number
    pid: number
    effort: string
    prompt: string
  }[]
  /** The repository of ours beside the person's. */
  bare(): string
  /** The head of the newest batch. */
  head(): string
  show(file: string, commit?: string): string | null
  remove(): void
}

const newestHead = ['--sort=-refname', '--format=%(objectname)', 'refs/autonomous-loop/heads']

/** An item whose proof is a file with this text. */
export function item(
  parts: { title?: string; front?: string; scope?: string; tasks?: string; text?: string } = {},
): string {
  const {
    title = 'Write it',
    front = '',
    scope = '[src/**]',
    tasks = '## T1: It is there\n- pathChanged: src/**\n',
    text = '',
  } = parts
  return `---\nscope: ${scope}\n${front}---\n# ${title}\n${text}\n\n${tasks}`
}

export function makeSite(parts: SiteParts): Site {
  const dir = fs.mkdtempSync(path.join(fs.realpathSync(os.homedir()), '.autoloop-batch-'))
  const at = (...names: string[]): string => path.join(dir, ...names)
  const repo = at('repo')
  const home = at('codex-home/autoloop')
  const put = (file: string, text: string): void => {
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, text)
  }
  const programs = (parts.programs ?? []).map((name) => {
    const found = programDirectory(name)
    if (found === null) throw new Error(`${name} is not installed, and its package cannot be fetched`)
    return found
  })
  const PATH = [path.dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin', ...programs].join(':')
  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: repo,
      env: { ...process.env, PATH },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  const script = (now: Readonly<Record<string, readonly ScriptedTurn[]>>): void =>
    put(at('script.json'), JSON.stringify(now))
  const agent = path.join(projectRoot, 'test/supervisor/fake-agent.js')
  const config = {
    version: 2,
    commands: { test: { argv: ['sh', 'check.sh'], network: 'none' } },
    gateProfiles: { fast: [], default: [], final: ['test'] },
    policy: { verify: 'clean-room' },
    ...parts.config,
    supervisor: {
      agents: {
        fake: {
          adapter: 'command',
          argv: [process.execPath, agent, at('script.json'), at('agent/log')],
          sandbox: parts.sandbox ?? 'off',
          ...(parts.sandbox === 'on' ? { writable: [at('agent')] } : {}),
        },
        ...parts.agents,
      },
      ...parts.supervisor,
    },
  }
  for (const [file, text] of Object.entries({
    'check.sh': 'test ! -e src/bad.txt || { echo "bad.txt is there" >&2; exit 1; }\n',
    'src/a.txt': 'a\n',
    ...parts.files,
  }))
    put(path.join(repo, file), text)
  const root = path.join(repo, parts.prefix ?? '.')
  put(path.join(root, '.codex/autoloop.project.json'), `${JSON.stringify(config, null, 2)}\n`)
  for (const [name, text] of Object.entries(parts.items)) put(path.join(root, '.codex/backlog', name), text)
  fs.mkdirSync(at('agent'), { recursive: true })
  script(parts.script ?? {})
  git('init', '-q', '-b', 'main')
  git('config', 'user.name', 'A Person')
  git('config', 'user.email', 'person@example.org')
  git('add', '-A')
  git('commit', '-qm', 'start')
  recordCodex(home, at('codex-home'))
  const env = {
    PATH,
    HOME: at('user'),
    CODEX_HOME: at('codex-home'),
    XDG_DATA_HOME: at('data'),
  }
  fs.mkdirSync(env.HOME, { recursive: true })
  const start = (args: readonly string[], more: Readonly<Record<string, string>> = {}, cwd = root): Running =>
    startCli(cwd, args, { ...env, ...more })
  const ownGit = (...args: string[]): string =>
    execFileSync('git', ['--git-dir', site.bare(), ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  const site: Site = {
    dir,
    repo,
    home,
    data: at('data/autonomous-loop'),
    env,
    at,
    git,
    write: (file, text) => put(path.join(repo, file), text),
    script,
    start,
    cli: (args, more, cwd) => start(args, more, cwd).done,
    terminal: (args, own = {}) =>
      startTerminal(
        {
          repo,
          env: (more) => ({ ...env, ...(more as Readonly<Record<string, string>>), ...own }),
        },
        [process.execPath, path.join(projectRoot, 'bin/autonomous-loop.js'), ...args],
      ),
    starts: () =>
      fs.existsSync(at('agent/log'))
        ? fs
            .readFileSync(at('agent/log'), 'utf8')
            .split('\n')
            // What follows the last line feed is still being written.
            .slice(0, -1)
            .map((line) => JSON.parse(line) as ReturnType<Site['starts']>[number])
        : [],
    bare: () => {
      const ids = fs.readdirSync(at('data/autonomous-loop'))
      const own = siteOf(repo)
      // Others are of repositories beside it, or it was moved.
      const id = ids.find((one) => own.ok && one === own.value.repoId) ?? ids[0] ?? ''
      return at('data/autonomous-loop', id, 'repo.git')
    },
    head: () => ownGit('for-each-ref', ...newestHead).split('\n')[0] ?? '',
    show: (file, commit) => {
      try {
        return ownGit('show', `${commit ?? site.head()}:${file}`)
      } catch {
        return null
      }
    },
    remove: () => removeOwned(dir),
  }
  return site
}

export function startCli(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  program = path.join(projectRoot, 'bin/autonomous-loop.js'),
): Running {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  const events: BatchEvent[] = []
  const waiting = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    events.splice(0, events.length, ...eventsIn(stdout))
    for (const look of waiting) look()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const done = new Promise<Ran>((resolve) =>
    child.on('close', (code) => {
      resolve({ code, stdout, stderr, events })
      for (const look of waiting) look()
    }),
  )
  return {
    child,
    done,
    event: (fits) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = events.find(fits)
          if (found) resolve(found)
          else if (child.exitCode !== null) reject(new Error(`it ended before: ${stdout}${stderr}`))
          else return
          waiting.delete(look)
        }
        waiting.add(look)
        look()
      }),
  }
}

function eventsIn(stdout: string): BatchEvent[] {
  return stdout.split('\n').flatMap((line): BatchEvent[] => {
    if (!line.startsWith('{"seq":')) return []
    try {
      return [JSON.parse(line) as BatchEvent]
    } catch {
      return []
    }
  })
}

function recordCodex(home: string, codexHome: string): void {
  fs.mkdirSync(homePaths(home).sandboxHome, { recursive: true })
  const native = codexBinary()
  writeMachine(home, {
    v: 1,
    version: '0.0.0',
    installedAt: 1,
    node: process.execPath,
    codexHome,
    codex: { path: native, native, version: null },
    stopTimeoutSeconds: 600,
    nodePty: null,
    hooks: [],
    hooksInstalled: null,
    files: {},
  })
}
