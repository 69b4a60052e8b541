import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import {
  type Answer,
  type Installed,
  type LabOptions,
  blocks,
  equip,
  execCommand,
  inOrder,
  message,
  withLab,
} from '../rig/installed.ts'
import { start } from '../rig/processes.ts'

export interface Played {
  /** Texts that reached the model, oldest first. */
  readonly blocks: readonly string[]
  /** The run at the end, as `status` has it. */
  readonly run: Answer
  readonly lab: Installed
}

/** A shell text that goes on while the agent ends its turn. */
export interface Leaves {
  readonly leaves: string
}

export interface Play {
  /** The repository at the start, its config among it (`.codex/autoloop.project.json`). */
  readonly files: Readonly<Record<string, string>>
  /** Shell text of a person, before the config is approved. */
  readonly person?: string
  /** Shell texts of the agent, each followed by its word that it is done. With the first it also does what the task says. */
  readonly agent: readonly (string | Leaves)[]
  /** Where the agent works, below the repository. */
  readonly cwd?: string
  readonly config?: string
  /** What the person types, which arms the run: the agent then only does its texts. Default: the agent's first text asks for it. */
  readonly prompt?: string
  /** What is to be done instead of writing NOTES.md; the agent writes that all the same. */
  readonly task?: object
  /** Done while Codex runs. */
  readonly meanwhile?: (lab: Installed) => Promise<void>
  /** A small file system of its own in this directory of the home. Needs root. */
  readonly disk?: { readonly at: string; readonly kilobytes: number }
  /** Default true. */
  readonly git?: boolean
  readonly prepareLab?: (lab: Installed) => void
  /** Of the environment that Codex is started in. */
  readonly env?: (lab: Installed) => Readonly<Record<string, string>>
  /** Further words of Codex's command line. */
  readonly args?: (lab: Installed) => readonly string[]
}

/** Where the config of a repository lies. */
export const config = '.codex/autoloop.project.json'

/** The same with a gate for each of these shell texts, all of them in the room. */
export function manyGates(
  gates: Readonly<Record<string, string>>,
  more: Readonly<Record<string, unknown>> = {},
): string {
  return JSON.stringify({
    version: 2,
    commands: Object.fromEntries(
      Object.entries(gates).map(([name, text]) => [
        name,
        { argv: ['sh', '-c', text], network: 'loopback', steps: false },
      ]),
    ),
    gateProfiles: { fast: [], default: [], final: Object.keys(gates) },
    policy: { verify: 'clean-room' },
    ...more,
  })
}

/** A config of format version 2 whose only gate has to pass in the clean room; `more` beside and over it. */
export function roomConfig(gate: readonly string[], more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    version: 2,
    commands: { test: { argv: gate, network: 'loopback' } },
    gateProfiles: { fast: [], default: [], final: ['test'] },
    policy: { verify: 'clean-room' },
    ...more,
  })
}

/** What the agent is to do unless a play says otherwise. */
export const notes = {
  id: 'T1',
  title: 'Write notes',
  evidence: [{ kind: 'pathChanged', glob: 'NOTES.md' }],
}

/** A person approves the config, then the real Codex plays the agent. `then` looks at what is still there afterwards. */
export async function play<T>(
  {
    files,
    person,
    agent,
    cwd = '.',
    config: tables,
    prompt,
    task = notes,
    disk,
    meanwhile,
    args = () => [],
    env = () => ({}),
    prepareLab,
    git = true,
  }: Play,
  then: (played: Played) => T | Promise<T>,
): Promise<T> {
  let script: LabOptions['script'] | undefined
  const late: LabOptions['script'] = (request) => {
    if (!script) throw new Error('the model was asked before the lab was ready')
    return script(request)
  }
  return withLab(
    { repoFiles: files, git, script: late, ...(tables === undefined ? {} : { config: tables }) },
    async (bare) => {
      const lab = equip(bare)
      const dir = path.join(lab.repo, cwd)
      const enable = `'${lab.cliPath}' request enable --cwd . --objective 'Write notes' --task-json '${JSON.stringify(task)}'`
      script = inOrder(
        ...agent.flatMap((one, at) => {
          const [text, more] = typeof one === 'string' ? [one, {}] : [one.leaves, { yield_time_ms: 250 }]
          const first = `${enable} && echo notes > NOTES.md && { ${text}\n}`
          return [
            [execCommand(at === 0 && prompt === undefined ? first : text, more)],
            [message(`Done ${at + 1}.`)],
          ]
        }),
      )
      await lab.json(['bootstrap', '--trust'])
      if (person !== undefined) {
        // In a process beside ours, because a server of the test may be asked.
        const options = { cwd: lab.repo, env: lab.env(), timeoutMs: 300_000 }
        const did = await start('/bin/sh', ['-ec', person], options).done
        if (did.code !== 0) throw new Error(`${person}\n${did.stdout}${did.stderr}`)
      }
      prepareLab?.(lab)
      await lab.json(['allow', '--repo', dir])
      const place = disk && path.join(lab.home, disk.at)
      if (place !== undefined) {
        fs.mkdirSync(place, { recursive: true })
        execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${disk?.kilobytes}k`, 'tmpfs', place])
      }
      try {
        const running = lab.startCodex(['exec', ...args(lab), prompt ?? 'write notes'], {
          timeoutMs: 300_000,
          cwd: dir,
          env: env(lab),
        })
        await meanwhile?.(lab)
        const ran = await running.done
        if (ran.code !== 0) throw new Error(ran.stdout + ran.stderr)
        const status = await lab.json(['status', '--cwd', dir])
        if (status.sessions.length !== 1) throw new Error(JSON.stringify(status))
        return await then({ blocks: blocks(lab), run: status.sessions[0], lab })
      } finally {
        if (place !== undefined) execFileSync('umount', [place])
      }
    },
  )
}

/** Names in a directory of the home; none where it is missing. */
export function inHome(lab: Installed, dir: string): readonly string[] {
  const place = path.join(lab.home, dir)
  return fs.existsSync(place) ? fs.readdirSync(place).sort() : []
}
