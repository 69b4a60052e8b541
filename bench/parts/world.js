// A machine of its own for measuring: home, CODEX_HOME and repositories below the real home directory (the product
// refuses the temp directory), set up with the real command line and removed afterwards.
import { execFileSync, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..')
const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))

/** Makes the world, with `bootstrap` done; `remove()` takes everything away. */
export function makeWorld() {
  const dir = fs.mkdtempSync(path.join(fs.realpathSync(os.homedir()), '.autoloop-bench-'))
  const codexHome = path.join(dir, 'user', '.codex')
  fs.mkdirSync(codexHome, { recursive: true })
  fs.writeFileSync(
    path.join(codexHome, 'config.toml'),
    'check_for_update_on_startup = false\n\n[features]\nhooks = true\n',
  )
  const home = path.join(codexHome, 'autoloop')
  const env = {
    HOME: path.join(dir, 'user'),
    PATH: `${path.join(root, 'node_modules', '.bin')}:${path.dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    CODEX_HOME: codexHome,
    LANG: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    // A clean-up in the background would be measured, too.
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: 'gc.auto',
    GIT_CONFIG_VALUE_0: '0',
    GIT_CONFIG_KEY_1: 'maintenance.auto',
    GIT_CONFIG_VALUE_1: 'false',
    GIT_AUTHOR_NAME: 'bench',
    GIT_AUTHOR_EMAIL: 'bench@example.org',
    GIT_COMMITTER_NAME: 'bench',
    GIT_COMMITTER_EMAIL: 'bench@example.org',
  }
  const world = {
    dir,
    home,
    codexHome,
    env,
    hookEnv: { ...env, AUTONOMOUS_LOOP_HOME: home },
    shim: path.join(home, 'bin', 'hook'),
    bundle: path.join(home, 'bin', version, 'hook.cjs'),
    remove: () => fs.rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }),
    cli(args, cwd = dir) {
      const ran = spawnSync(process.execPath, [path.join(root, 'bin', 'autonomous-loop.js'), ...args], {
        cwd,
        env,
        encoding: 'utf8',
      })
      if (ran.status !== 0) throw new Error(`autonomous-loop ${args.join(' ')}: ${ran.stdout}${ran.stderr}`)
      return ran.stdout
    },
    git: (cwd, ...args) => execFileSync('git', args, { cwd, env, encoding: 'utf8', maxBuffer: 1 << 28 }),
  }
  try {
    // From a directory without any project: what lies in the working directory's project may not hold the home.
    fs.mkdirSync(path.join(dir, 'nowhere'))
    world.cli(['bootstrap'], path.join(dir, 'nowhere'))
    return world
  } catch (error) {
    world.remove()
    throw error
  }
}

/** Commands that a config may have besides the defaults: limits that no measurement reaches. */
const endless = { maxStopIterations: 10_000, maxRepeatedFailureSignature: 10_000 }

/** A directory with a config that a person approved. `commands` empty: no gates. `files` small files, 100 per directory. */
export function makeRepo(
  world,
  name,
  { version = 1, files = 20, git = true, commands = {}, profiles = {}, policy = {}, defaults = {} } = {},
) {
  const repo = path.join(world.dir, name)
  fs.mkdirSync(path.join(repo, '.codex'), { recursive: true })
  const noGates = Object.keys(commands).length === 0
  fs.writeFileSync(
    path.join(repo, '.codex', 'autoloop.project.json'),
    JSON.stringify({
      version,
      commands,
      gateProfiles: { fast: [], default: Object.keys(commands), final: Object.keys(commands), ...profiles },
      defaults: { ...endless, ...defaults },
      policy: { ...(noGates ? { gates: 'none' } : {}), ...policy },
    }),
  )
  fillWithFiles(repo, files)
  if (git) {
    world.git(repo, 'init', '-q')
    world.git(repo, 'add', '-A')
    world.git(repo, 'commit', '-q', '-m', 'start')
  }
  world.cli(['allow', '--repo', repo])
  return repo
}

/** `count` files of about 60 bytes, 100 in each directory, all different. */
export function fillWithFiles(dir, count, prefix = 'src') {
  for (let at = 0; at < count; at += 100) {
    const below = path.join(dir, prefix, `d${Math.floor(at / 10_000)}`, `e${Math.floor(at / 100) % 100}`)
    fs.mkdirSync(below, { recursive: true })
    for (let i = at; i < Math.min(at + 100, count); i += 1)
      fs.writeFileSync(
        path.join(below, `file-${i}.js`),
        `export const value${i} = ${i} // some words to fill the line\n`,
      )
  }
}

/** The path of the n-th file that `fillWithFiles` made. */
export function fileName(i, prefix = 'src') {
  return path.join(prefix, `d${Math.floor(i / 10_000)}`, `e${Math.floor(i / 100) % 100}`, `file-${i}.js`)
}

/** Starts a run as a person in a terminal would; gives the session's id. */
export function arm(world, repo, evidence) {
  const session = randomUUID()
  const task = { id: 'T1', title: 'the work', evidence: [evidence].flat() }
  world.cli([
    'request',
    'enable',
    '--cwd',
    repo,
    '--objective',
    'measure',
    '--session-id',
    session,
    '--task-json',
    JSON.stringify(task),
  ])
  return session
}

const EVENTS = {
  stop: 'Stop',
  'session-start': 'SessionStart',
  'user-prompt-submit': 'UserPromptSubmit',
}

/** A payload as Codex writes it; members in its order, the session's id first. */
export function payload(event, session, cwd, more = {}) {
  return JSON.stringify({
    session_id: session,
    turn_id: randomUUID(),
    transcript_path: null,
    cwd,
    hook_event_name: EVENTS[event],
    model: 'gpt-5.5',
    permission_mode: 'default',
    ...(event === 'stop' ? { stop_hook_active: false, last_assistant_message: 'Done.' } : {}),
    ...(event === 'session-start' ? { source: 'startup' } : {}),
    ...(event === 'user-prompt-submit' ? { prompt: 'fix the tests' } : {}),
    ...more,
  })
}
