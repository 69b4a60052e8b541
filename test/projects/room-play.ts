import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import {
  type Answer,
  type Installed,
  type Lab,
  type LabOptions,
  blocks,
  equip,
  execCommand,
  inOrder,
  message,
  withLab,
} from '../rig/installed.ts'
import { start } from '../rig/processes.ts'
import { toolDirectory } from './node-packages.ts'
import { written } from './play.ts'
import type { RoomProject } from './room-project.ts'

/** How a session ended. */
export interface Ended {
  /** Texts that reached the model in it, oldest first. */
  readonly blocks: readonly string[]
  /** As `status` has it. */
  readonly run: Answer
  /** How many layers of `prepare` are kept. */
  readonly layers: number
}

/** How the project was set up. */
export interface Configured {
  /** What `install-repo --measure` found, by gate: place and network, or why it has none. */
  readonly proposed: Readonly<Record<string, string>>
  /** What it said. */
  readonly notes: readonly string[]
  /** The same with what the person changed. */
  readonly rungs: Readonly<Record<string, string>>
  readonly config: Answer
}

export interface RoomPlayed {
  /** A session that touched nothing but its notes. */
  readonly untouched: Ended
  /** One that planted the bug and repaired it. */
  readonly repaired: Ended
  readonly later: Ended | null
  readonly configured: Configured
  /** What the server gave. */
  readonly given: readonly string[]
  readonly lab: Installed
}

/** Nobody else's words, so that it can be looked for. */
export const TOKEN = 'npm_Zq81nW4tRoomTokenf0r7Tests'
const CONFIG = '.codex/autoloop.project.json'

/**
 * A person sets the project up with gates that have to pass in the clean room. The real Codex then works in it, one session after
 * another; `look` sees what is left.
 */
export async function playRoom<T>(project: RoomProject, look: (played: RoomPlayed) => T): Promise<T> {
  for (const program of project.needs ?? [])
    if (spawnSync('which', [program], { env: { PATH: `${searched}:${process.env['PATH']}` } }).status !== 0)
      throw new Error(`${project.name} needs ${program}: scripts/projects-setup.sh installs it`)
  const served = (await project.serve?.(TOKEN)) ?? null
  const fill = (text: string): string =>
    text.replaceAll('@PORT@', String(served?.port)).replaceAll('@TOKEN@', TOKEN)
  const filled = (texts: Readonly<Record<string, string>> = {}): Record<string, string> =>
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, fill(text)]))
  let script: LabOptions['script'] | undefined
  const late: LabOptions['script'] = (request) => {
    if (!script) throw new Error('the model was asked before the lab was ready')
    return script(request)
  }
  try {
    return await withLab({ repoFiles: filled(project.files), script: late }, async (bare) => {
      const lab = equip(bare)
      const tools = project.tools === undefined ? [] : [toolDirectory(project.tools)]
      const env = { ...filled(project.env), PATH: [...tools, lab.env()['PATH'], searched].join(':') }
      const { bug, repair, later, files } = project
      const session = (before: readonly Ended[], ...texts: readonly string[]): Promise<Ended> => {
        const from = lab.requests.length
        const answers = inOrder(
          ...texts.flatMap((text, at) => [[execCommand(text)], [message(`Done ${at + 1}.`)]]),
        )
        script = (request) => answers({ ...request, index: request.index - from })
        return played(lab, before, env)
      }
      for (const [name, text] of Object.entries(filled(project.home))) {
        const file = path.join(lab.userHome, name)
        fs.mkdirSync(path.dirname(file), { recursive: true })
        fs.writeFileSync(file, text)
      }
      if (project.person !== undefined) await asPerson(lab, fill(project.person), env)
      await lab.json(['bootstrap', '--trust'], 0, env)
      const configured = await configure(lab, project, env)
      const untouched = await session([], enable(lab, 1, 'true'))
      const repaired = await session(
        [untouched],
        enable(lab, 2, written(bug.file, fill(bug.text))),
        repair ?? written(bug.file, fill(files[bug.file] ?? '')),
      )
      return look({
        untouched,
        repaired,
        later: later === undefined ? null : await session([untouched, repaired], enable(lab, 3, later)),
        configured,
        given: served?.given ?? [],
        lab,
      })
    })
  } finally {
    await served?.close()
  }
}

/** Programs that are not installed for everybody. */
const searched = process.env['AUTOLOOP_PROJECTS_PATH'] ?? '/usr/bin'

type Env = Readonly<Record<string, string>>

/** Shell text that begins a run and does what its task asks for, and what else. */
function enable(lab: Installed, at: number, work: string): string {
  const evidence = [{ kind: 'pathChanged', glob: 'NOTES.md' }]
  const task = JSON.stringify({ id: 'T1', title: 'Write notes', evidence })
  const begin = `'${lab.cliPath}' request enable --cwd . --objective 'Write notes' --task-json '${task}'`
  return `${begin} && echo notes ${at} > NOTES.md && { ${work}\n}`
}

/** In a process beside ours, because our server may be asked. */
async function asPerson(lab: Lab, text: string, env: Env): Promise<void> {
  const options = { cwd: lab.repo, env: lab.env(env), timeoutMs: 300_000 }
  const ran = await start('/bin/sh', ['-ec', text], options).done
  if (ran.code !== 0) throw new Error(`${text}\n${ran.stdout}${ran.stderr}`)
}

/**
 * As a person does it: measured and approved by `install-repo`; where they have to change the config themselves, measured again with
 * what they changed, and with the lines that they are shown; committed.
 */
async function configure(lab: Installed, project: RoomProject, env: Env): Promise<Configured> {
  const first = await measure(lab, ['install-repo', '--repo', lab.repo, '--measure'], env)
  const readConfig = (): Answer => JSON.parse(fs.readFileSync(path.join(lab.repo, CONFIG), 'utf8'))
  let edited: Answer = null
  if (project.edit !== undefined) {
    const write = (config: Answer): void => lab.write(CONFIG, JSON.stringify(config, null, 2))
    write(project.edit.change(readConfig()))
    edited = await measure(lab, ['allow', '--repo', lab.repo, '--measure'], env)
    write(withLines(readConfig(), edited.lines))
    await lab.json(['allow'], 0, env)
  }
  await asPerson(lab, 'git add -A; git commit -q -m gates', env)
  return {
    proposed: rungsOf(first),
    notes: first.notes,
    rungs: rungsOf(edited ?? first),
    config: readConfig(),
  }
}

async function measure(lab: Installed, words: readonly string[], env: Env): Promise<Answer> {
  const { code, stdout, stderr } = await lab.cli(words, { env, timeoutMs: 300_000 })
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}\n${stdout}\n${stderr}`)
  return JSON.parse(stdout)
}

function rungsOf({ measured }: Answer): Readonly<Record<string, string>> {
  return Object.fromEntries(
    measured.map((one: Answer) => [
      one.name,
      one.place === null ? one.outcome : `${one.place}, ${one.network}`,
    ]),
  )
}

/** The lines that `allow --measure` shows, in the places that it names. */
function withLines(config: Answer, lines: readonly Answer[]): Answer {
  for (const { path: at, now } of lines) {
    const names: string[] = at.split('.')
    const last = names.pop() ?? ''
    let place = config
    for (const name of names) place = place[name] ??= {}
    if (now === null) delete place[last]
    else place[last] = now
  }
  return config
}

async function played(lab: Installed, before: readonly Ended[], env: Env): Promise<Ended> {
  const seen = blocks(lab)
  const ran = await lab.codex(['exec', 'write notes'], { env, timeoutMs: 300_000 })
  if (ran.code !== 0) throw new Error(ran.stdout + ran.stderr)
  const known = before.map(({ run }) => run.run_id)
  const { sessions } = await lab.json(['status', '--cwd', lab.repo])
  const own = sessions.filter((one: Answer) => !known.includes(one.run_id))
  if (own.length !== 1) throw new Error(JSON.stringify(sessions))
  const prepared = path.join(lab.home, 'prepared')
  const layers = fs.existsSync(prepared)
    ? fs
        .readdirSync(prepared)
        .flatMap((repo) => fs.readdirSync(path.join(prepared, repo)))
        .filter((name) => /^[0-9a-f]{64}$/.test(name))
    : []
  return {
    blocks: blocks(lab).filter((text) => !seen.includes(text)),
    run: own[0],
    layers: layers.length,
  }
}
