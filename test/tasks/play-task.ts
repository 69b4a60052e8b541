import path from 'node:path'
import { type Answer, type Installed, blocks } from '../rig/installed.ts'
import { config, play, roomConfig } from '../clean-room/lab.ts'
import { written } from '../projects/play.ts'
import type { Task } from './task.ts'

/** From the person's prompt to the end. */
export interface Counted {
  readonly state: string
  readonly stops: number
  readonly blocks: number
  readonly questions: number
  /** Paths that the release calls not proved by the start's gates. */
  readonly unproved: readonly string[]
  /** Paths that the person was asked about. */
  readonly asked: readonly string[]
  /** What was said of the end, for people. */
  readonly said: string
}

/** The person's prompt arms the run, the real Codex plays the honest agent, and the person accepts what they are asked about, once. */
export async function playTask(task: Task): Promise<Counted> {
  const served = (await task.serve?.()) ?? null
  try {
    return await playWith(task, served?.port ?? null)
  } finally {
    await served?.close()
  }
}

function playWith(task: Task, port: number | null): Promise<Counted> {
  const { files, gates, prepare = [], person, asks, writes, runs = 'true' } = task
  const fill = (text: string): string => text.replaceAll('@PORT@', String(port))
  const more = {
    prepare,
    commands: Object.fromEntries(
      Object.entries(gates).map(([name, argv]) => [name, { argv, network: 'loopback' }]),
    ),
    gateProfiles: { fast: [], default: [], final: Object.keys(gates) },
  }
  const texts = Object.entries(writes).map(
    ([name, text]) => `mkdir -p ${path.dirname(name)} && ${written(name, fill(text))}`,
  )
  const filled = Object.entries(files).map(([name, text]) => [name, fill(text)])
  return play(
    {
      files: { ...Object.fromEntries(filled), [config]: fill(roomConfig([], more)) },
      ...(person === undefined
        ? {}
        : { person: `${person}\ngit add -A; git commit -q --allow-empty -m start` }),
      ...(port === null ? {} : { args: () => ['-c', 'sandbox_workspace_write.network_access=true'] }),
      prompt: `$autonomous-loop ${asks}`,
      agent: [`set -e\n${texts.join('\n')}\n${runs}`, 'true'],
    },
    async ({ run, lab }) => {
      const asked = run.state === 'parked' ? run.definition_changes.map(({ file }: Answer) => file) : []
      const end = asked.length === 0 ? run : await accepted(lab, run)
      return {
        state: end.state,
        stops: end.stops,
        blocks: blocks(lab).length,
        questions: Number(run.state === 'parked') + Number(end !== run && end.state === 'parked'),
        unproved: end.unproved,
        asked,
        said: (await lab.cli(['explain', end.run_id])).stdout,
      }
    },
  )
}

/** The person accepts what differs and says to go on. */
async function accepted(lab: Installed, run: Answer): Promise<Answer> {
  await lab.json(['amend', run.amend_digest, run.run_id])
  const again = await lab.codex(['exec', 'resume', run.session_id, 'go on'], { timeoutMs: 300_000 })
  if (again.code !== 0) throw new Error(again.stdout + again.stderr)
  const { sessions } = await lab.json(['status', '--cwd', lab.repo])
  return sessions[0]
}
