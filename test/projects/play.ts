import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import {
  type Answer,
  type Lab,
  type LabOptions,
  blocks,
  equip,
  execCommand,
  inOrder,
  message,
  onlyRun,
  withLab,
} from '../rig/installed.ts'
import { installPackages, toolDirectory } from './node-packages.ts'
import type { Project } from './project.ts'

export interface Played {
  /** Of `install-repo --measure` on the untouched tree. */
  readonly measured: readonly {
    readonly name: string
    readonly outcome: string
    readonly detail: string | null
  }[]
  readonly config: Answer
  /** Texts that reached the model, oldest first. */
  readonly blocks: readonly string[]
  /** Of the run, after the bug was repaired. */
  readonly state: string
  /** The person's files, as they are afterwards. */
  readonly home: Readonly<Record<string, string>>
}

const task = JSON.stringify({
  id: 'T1',
  title: 'Write notes',
  evidence: [{ kind: 'pathChanged', glob: 'NOTES.md' }],
})

/**
 * A person sets the project up and has its gates measured. Then the real Codex plants the bug together with the work, calls it
 * done, is held, repairs it, and is done. One shell command each, so that nothing but the gates tells the two stops apart.
 */
export async function play(project: Project): Promise<Played> {
  const { file, text } = project.bug
  let script: LabOptions['script'] | undefined
  const late: LabOptions['script'] = (request) => {
    if (!script) throw new Error('the model was asked before the lab was ready')
    return script(request)
  }
  for (const program of project.needs ?? [])
    if (spawnSync('which', [program]).status !== 0)
      throw new Error(`${project.name} needs ${program}: scripts/projects-setup.sh installs it`)
  return withLab({ repoFiles: project.files, script: late }, async (lab) => {
    const person = equip(lab)
    const enable = `'${person.cliPath}' request enable --cwd . --objective 'Write notes' --task-json '${task}'`
    script = inOrder(
      [execCommand(`${enable} && echo notes > NOTES.md && ${written(file, text)}`)],
      [message('Done.')],
      [execCommand(written(file, project.files[file] ?? ''))],
      [message('Repaired.')],
    )
    const env = prepare(lab, project)
    await person.json(['bootstrap', '--trust'], 0, env)
    const answer = await lab.cli(['install-repo', '--repo', lab.repo, '--measure'], {
      env,
      timeoutMs: 300_000,
    })
    const { measured } = JSON.parse(answer.stdout)
    if (!Array.isArray(measured)) throw new Error(answer.stdout + answer.stderr)
    if (project.services !== undefined) {
      const at = '.codex/autoloop.project.json'
      const config = JSON.parse(fs.readFileSync(path.join(lab.repo, at), 'utf8'))
      for (const [name, services] of Object.entries(project.services))
        config.commands[name].services = services
      lab.write(at, JSON.stringify(config, null, 2))
      await person.json(['allow'], 0, env)
    }
    lab.git('add', '-A')
    lab.git('commit', '-q', '-m', 'gates')
    const ran = await lab.codex(['exec', 'write notes'], { env, timeoutMs: 300_000 })
    if (ran.code !== 0) throw new Error(ran.stdout + ran.stderr)
    return {
      measured,
      config: JSON.parse(fs.readFileSync(path.join(lab.repo, '.codex/autoloop.project.json'), 'utf8')),
      blocks: blocks(lab),
      state: (await onlyRun(person)).state,
      home: Object.fromEntries(
        Object.keys(project.home ?? {}).map((name) => [
          name,
          fs.readFileSync(path.join(lab.userHome, name), 'utf8'),
        ]),
      ),
    }
  })
}

/** What a person has and does before; the environment of their terminal. */
function prepare(lab: Lab, project: Project): Readonly<Record<string, string>> {
  if (project.packages !== undefined) installPackages(lab.repo, project.packages)
  for (const [name, text] of Object.entries(project.home ?? {})) {
    const file = path.join(lab.userHome, name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, text)
  }
  const tools = project.tools === undefined ? [] : [toolDirectory(project.tools)]
  const env = { PATH: [...tools, lab.env()['PATH']].join(':') }
  for (const [program = '', ...args] of project.prepare ?? [])
    execFileSync(program, args, { cwd: lab.repo, env: lab.env(env), stdio: 'pipe' })
  return env
}

/** Shell text that writes a file, whatever is in it. */
export function written(file: string, text: string): string {
  return `echo ${Buffer.from(text).toString('base64')} | base64 -d > ${file}`
}
