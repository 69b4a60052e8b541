import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {
  type ModelRequest,
  type ModelScript,
  startScriptedModel,
} from '../../src/prove/model/scripted-model.ts'
import { type CodexVersion, codexBinary, currentCodex } from './binaries.ts'
import { type Machine, onMachines } from './machines.ts'
import { projectRoot } from './root.ts'
import { type RunResult, type Running, killAllOf, start } from './processes.ts'

export { inputTexts, toolNames } from '../../src/prove/model/request.ts'
export * from '../../src/prove/model/items.ts'
export {
  type ModelAnswer,
  type ModelRequest,
  type ModelScript,
  inOrder,
} from '../../src/prove/model/scripted-model.ts'
export { type CodexVersion, codexBinary, codexVersions, currentCodex, oldestCodex } from './binaries.ts'
export type { RunResult, Running } from './processes.ts'

export interface LabOptions {
  /** Default: the current one. */
  readonly version?: CodexVersion
  /** Default gpt-5.5: classic tools. gpt-6-sol is a code-mode model. */
  readonly model?: string
  /** What the model does, request by request. */
  readonly script: ModelScript
  /** Top-level TOML for config.toml, before any table. */
  readonly top?: string
  /** TOML tables for the end of config.toml. */
  readonly config?: string
  /** Files of the repository (path → text), committed. Default one `a.txt`. */
  readonly repoFiles?: Readonly<Record<string, string>>
  /** Make the repository a git repository with one commit. Default true. */
  readonly git?: boolean
  /** Whether Codex trusts the project. Default true. */
  readonly trustProject?: boolean
  /** hooks.json: text, or an object to write as JSON. Not trusted by this. */
  readonly hooks?: unknown
  /** What Codex runs in, outermost first. Default: nothing. */
  readonly machines?: readonly Machine[]
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Default: the repository. */
  readonly cwd?: string
  readonly stdin?: string
  /** Default 45 s. */
  readonly timeoutMs?: number
}

export interface Lab {
  /** Holds everything of this lab; below the home directory, because the temp directory is writable in the sandbox. */
  readonly dir: string
  /** HOME of everything started here. */
  readonly userHome: string
  readonly codexHome: string
  readonly repo: string
  readonly codexPath: string
  readonly version: CodexVersion
  /** Requests to the model so far. */
  readonly requests: readonly ModelRequest[]
  readonly modelPort: number
  /** The environment of everything started here, with changes (undefined removes). */
  env(changes?: Readonly<Record<string, string | undefined>>): Record<string, string>
  /** Runs codex, for instance `['exec', 'do it']`. */
  codex(args: readonly string[], options?: StartOptions): Promise<RunResult>
  /** As codex, without waiting. */
  startCodex(args: readonly string[], options?: StartOptions): Running
  /** Runs the built command line, as a person in a terminal does. */
  cli(args: readonly string[], options?: StartOptions): Promise<RunResult>
  git(...args: readonly string[]): string
  /** Writes a file of the repository, with the directories above it. */
  write(file: string, text: string): void
}

/** A Codex with its own home, a repository and a scripted model; everything is killed and removed afterwards. */
export async function withLab<T>(options: LabOptions, use: (lab: Lab) => Promise<T>): Promise<T> {
  const dir = fs.realpathSync(fs.mkdtempSync(path.join(os.homedir(), '.autoloop-lab-')))
  try {
    const model = await startScriptedModel(options.script)
    try {
      const value = await use(makeLab(dir, options, model))
      if (model.scriptErrors.length > 0)
        throw new Error('the script of the model failed', { cause: model.scriptErrors[0] })
      return value
    } finally {
      killAllOf(dir)
      await model.close()
    }
  } finally {
    removeAll(dir)
  }
}

function makeLab(
  dir: string,
  options: LabOptions,
  model: { port: number; requests: readonly ModelRequest[] },
): Lab {
  const version = options.version ?? currentCodex
  const codexPath = codexBinary(version)
  const [userHome, repo] = [path.join(dir, 'home'), path.join(dir, 'repo')]
  const codexHome = path.join(userHome, '.codex')
  fs.mkdirSync(codexHome, { recursive: true })
  fs.mkdirSync(repo)
  const env: Lab['env'] = (changes = {}) => {
    const all = { ...cleanEnv(codexPath), HOME: userHome, CODEX_HOME: codexHome, ...changes }
    return Object.fromEntries(
      Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
    )
  }
  const run = (file: string, args: readonly string[], more: StartOptions = {}): Running =>
    start(file, args, {
      cwd: more.cwd ?? repo,
      env: env(more.env),
      stdin: more.stdin,
      timeoutMs: more.timeoutMs ?? 45_000,
    })
  const startCodex: Lab['startCodex'] = (args, more) => {
    const around = { codexBin: codexPath, kept: dir }
    const [file = '', ...rest] = onMachines(options.machines ?? [], around, [codexPath, ...args])
    return run(file, rest, more)
  }
  const lab: Lab = {
    dir,
    userHome,
    codexHome,
    repo,
    codexPath,
    version,
    requests: model.requests,
    modelPort: model.port,
    env,
    codex: (args, more) => startCodex(args, more).done,
    startCodex,
    cli: (args, more) => run(process.execPath, [builtCli(), ...args], more).done,
    git: (...args) => execFileSync('git', args, { cwd: repo, env: env(), encoding: 'utf8', stdio: 'pipe' }),
    write: (file, text) => writeBelow(repo, file, text),
  }
  fs.writeFileSync(path.join(codexHome, 'config.toml'), configToml(lab, options))
  if (options.hooks !== undefined)
    fs.writeFileSync(
      path.join(codexHome, 'hooks.json'),
      typeof options.hooks === 'string' ? options.hooks : JSON.stringify(options.hooks, null, 2),
    )
  for (const [file, text] of Object.entries(options.repoFiles ?? { 'a.txt': 'hi\n' })) lab.write(file, text)
  if (options.git !== false) {
    lab.git('init', '-q', '-b', 'main')
    lab.git('config', 'user.name', 'Lab')
    lab.git('config', 'user.email', 'lab@localhost')
    lab.git('add', '-A')
    lab.git('commit', '-q', '--allow-empty', '-m', 'start')
  }
  return lab
}

/** A table in `options.config` must not repeat one of these. */
function configToml(lab: Lab, options: LabOptions): string {
  return `model = "${options.model ?? 'gpt-5.5'}"
model_provider = "lab"
check_for_update_on_startup = false
${options.top ?? ''}

[features]
hooks = true

[model_providers.lab]
name = "lab"
base_url = "http://127.0.0.1:${lab.modelPort}/v1"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
${options.trustProject === false ? '' : `\n[projects."${lab.repo}"]\ntrust_level = "trusted"\n`}
${options.config ?? ''}
`
}

/** Nothing of the person who runs the tests: no Codex, OpenAI, proxy, git or npm variables. */
function cleanEnv(codexPath: string): Record<string, string | undefined> {
  const { env } = process
  const dirs = [path.dirname(codexPath), path.dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin']
  return {
    PATH: [...new Set(dirs)].join(':'),
    LANG: env['LANG'] ?? 'C.UTF-8',
    TERM: env['TERM'] ?? 'xterm-256color',
    USER: env['USER'],
    LOGNAME: env['LOGNAME'],
    SHELL: '/bin/sh',
    TMPDIR: env['TMPDIR'],
    GIT_CONFIG_NOSYSTEM: '1',
  }
}

function builtCli(): string {
  if (!fs.existsSync(path.join(projectRoot, 'dist/cli/main.js')))
    throw new Error('dist/ is not built: npm run build')
  return path.join(projectRoot, 'bin/autonomous-loop.js')
}

function writeBelow(root: string, file: string, text: string): void {
  const full = path.join(root, file)
  fs.mkdirSync(path.dirname(full), { recursive: true })
  fs.writeFileSync(full, text)
}

/** Also what a test made unwritable. */
function removeAll(dir: string): void {
  try {
    fs.rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  } catch {
    execFileSync('chmod', ['-R', 'u+rwX', dir], { stdio: 'ignore' })
    fs.rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  }
}
