import fs from 'node:fs'
import path from 'node:path'
import { isObject, type JsonObject } from '../base/json.ts'
import { removeOwned } from '../base/owned-directory.ts'
import { type Result, ok } from '../base/result.ts'
import type { Codex } from '../codex/find-codex.ts'
import { message } from './model/items.ts'
import { type ModelScript, startScriptedModel } from './model/scripted-model.ts'
import { namesIn } from '../base/names-in.ts'
import { homePaths } from '../ledger/paths.ts'
import { cliShimPath, defaultSpoolRoot } from '../setup/shim.ts'
import { type Actor, type ActorStep, type Turn, actor } from './actor.ts'
import { cleanEnvironment } from './environment.ts'
import { configToml, gitConfig, makeDirectory } from './place.ts'
import { killLeftovers } from './leftovers.ts'
import { type ProjectFiles, writeProject } from './project.ts'
import { type Ran, runTimed } from './run-program.ts'
import { type Log, openLog } from './log.ts'

/** The repositories of a world; Codex's config names them before they are made. */
const repoNames = [
  'setup',
  'story',
  'tampered-gate',
  'ignored-file',
  'swapped-tool',
  'swapped-step',
  'hostile-gate',
  'backlog',
] as const
export type RepoName = (typeof repoNames)[number]

const limitMs = 180_000

export interface WorldOptions {
  readonly codex: Codex
  /** Our own command line as it runs now: what is proved is what ships. */
  readonly cli: string
  readonly node: string
  readonly vars: Readonly<Record<string, string | undefined>>
  readonly tmpDir: string
  readonly abort: AbortSignal
}

export interface Answered extends Ran {
  /** What it printed, when that was one JSON object. */
  readonly json: JsonObject | null
}

export interface Session extends Ran {
  readonly turns: Actor['turns']
  /** `performance.now()` when Codex ended. */
  readonly endedAt: number
}

/** A home, repositories and a model of their own, below the user's home: the temp directory is writable in the sandbox. */
export interface World {
  readonly dir: string
  readonly codexHome: string
  /** The controller's home. */
  readonly home: string
  /** The command line that agents are told to use. */
  readonly cliPath: string
  readonly codex: Codex
  readonly env: Readonly<Record<string, string>>
  readonly abort: AbortSignal
  repo(name: RepoName): string
  /** A fresh project with these files over its own, committed where there is git. */
  makeRepo(name: RepoName, files?: ProjectFiles): Promise<string>
  /** Runs our command line, as a person in a terminal does. `started` is told its process. */
  cli(args: readonly string[], cwd: string, started?: (pid: number) => void): Promise<Answered>
  git(args: readonly string[], cwd: string): Promise<Ran>
  /** A session of `codex exec` in which the agent plays these steps. */
  session(repo: string, prompt: string, steps: readonly ActorStep[]): Promise<Session>
  /** What the model says from now on. */
  play(script: ModelScript): void
  /** What an agent saw, for the logs. */
  saw(turns: readonly Turn[]): void
  /** Ends everything that still runs; `keep` leaves the directory. */
  close(keep: boolean): Promise<void>
}

/** Codes: prove-home. Throws on other system errors. */
export async function makeWorld(options: WorldOptions): Promise<Result<World>> {
  const made = makeDirectory(options)
  if (!made.ok) return made
  const dir = made.value
  const userHome = path.join(dir, 'home')
  const codexHome = path.join(userHome, '.codex')
  fs.mkdirSync(codexHome, { recursive: true })
  const home = path.join(codexHome, 'autoloop')
  const log = openLog(path.join(dir, 'logs'))
  let script: ModelScript = () => [message('Nothing was asked.')]
  const model = await startScriptedModel((request) => script(request))
  const env = cleanEnvironment({ ...options, userHome, codexHome, codexPath: options.codex.path })
  const repo = (name: RepoName): string => path.join(dir, 'repos', name)
  fs.writeFileSync(path.join(userHome, '.gitconfig'), gitConfig)
  fs.writeFileSync(path.join(codexHome, 'config.toml'), configToml(model.url, repoNames.map(repo)))

  const run = (
    file: string,
    args: readonly string[],
    cwd: string,
    started: (pid: number) => void = () => {},
  ): Promise<Ran> => runTimed(file, args, { cwd, env, limitMs, abort: options.abort, started })
  return ok({
    dir,
    codexHome,
    home,
    cliPath: cliShimPath(home),
    codex: options.codex,
    env,
    abort: options.abort,
    repo,
    makeRepo: async (name, files) => {
      fs.mkdirSync(repo(name), { recursive: true })
      writeProject(repo(name), files)
      await commitAll(repo(name), run)
      return repo(name)
    },
    git: (args, cwd) => run('git', args, cwd),
    play: (now) => {
      script = now
    },
    saw: (turns) => log.turns(turns),
    cli: async (args, cwd, started) => {
      const ran = await run(options.node, [options.cli, ...args, '--json'], cwd, started)
      log.ran(`autonomous-loop ${args.join(' ')}`, ran)
      return { ...ran, json: objectIn(ran.stdout) }
    },
    session: async (cwd, prompt, steps) => {
      const agent = actor(steps)
      script = agent.script
      const args = ['exec', '--skip-git-repo-check', '-s', 'workspace-write', prompt]
      const ran = await run(options.codex.native, args, cwd)
      const endedAt = performance.now()
      log.ran(`codex ${args.join(' ')}`, ran)
      log.turns(agent.turns)
      return { ...ran, turns: agent.turns, endedAt }
    },
    close: (keep) => close(dir, home, model, log, keep),
  })
}

async function commitAll(
  repo: string,
  run: (file: string, args: readonly string[], cwd: string) => Promise<Ran>,
): Promise<void> {
  // Without git there is no repository, and everything else is as it was: a directory is watched as well.
  for (const args of [
    ['init', '-q'],
    ['add', '-A'],
    ['commit', '-q', '-m', 'A project'],
  ])
    await run('git', args, repo)
}

function objectIn(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

async function close(
  dir: string,
  home: string,
  model: { close(): Promise<void> },
  log: Log,
  keep: boolean,
): Promise<void> {
  await killLeftovers(dir)
  await model.close()
  log.close()
  removeSpools(home)
  if (!keep) removeOwned(dir)
}

/** The empty spools of our sessions, which lie in the temp directory beside those of real ones. */
function removeSpools(home: string): void {
  const root = defaultSpoolRoot(process.getuid?.() ?? -1)
  for (const session of namesIn(homePaths(home).live))
    try {
      fs.rmdirSync(path.join(root, session))
    } catch {
      // None was made, or something lies in it: then it is not ours to remove.
    }
}
