import fs from 'node:fs'
import path from 'node:path'
import type { Agent, AgentEvent, Outcome, Role, RunningAgent, TurnLimits } from '../../agents/agent.ts'
import type { AnswerForm } from '../../agents/answer-form.ts'
import { systemWords } from '../../base/system-words.ts'
import { oneLine, withoutControls } from '../../base/text.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import type { Seat } from './review-room.ts'

/** One question to an agent that only reads. */
export interface ReadAsked<A> {
  readonly role: Exclude<Role, 'work'>
  readonly form: AnswerForm<A>
  readonly agent: Agent
  readonly seat: Seat
  /** As of a turn. */
  readonly readable: readonly string[]
  readonly prompt: string
  /** For its logs. */
  readonly dir: string
  readonly item: string
  /** Both count from 1. */
  readonly attempt: number
  readonly round: number
  readonly limits: TurnLimits
  /** Told of it while it runs, so that it can be stopped. */
  readonly running: (agent: Pick<RunningAgent, 'stop'>) => void
}

export interface ReadEnd<A> {
  readonly outcome: Outcome<A>
  readonly ms: number
  readonly tokens?: number
  /** What it failed with, in the words of its program. */
  readonly said?: string
}

/** Longest account of a failure, in UTF-16 units. */
const MOST = 500

/** One of them, once: a process and a conversation of its own. Never rejects. */
export async function askReader<A>(asked: ReadAsked<A>): Promise<ReadEnd<A>> {
  const { role, form, agent, seat, readable, prompt, dir, item, attempt, round, limits } = asked
  const began = performance.now()
  const ms = (): number => Math.round(performance.now() - began)
  try {
    fs.rmSync(dir, { recursive: true, force: true })
    fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
    writeFileWhole(path.join(dir, 'prompt.md'), prompt)
    writeFileWhole(seat.promptFile, prompt)
  } catch (error) {
    const why = { code: 'batch-unwritable', message: `${dir}: ${systemWords(error)}` } as const
    return { outcome: { kind: 'could-not-start', why }, ms: ms() }
  }
  let tokens: number | undefined
  let said: string | undefined
  const hear = (event: AgentEvent): void => {
    if (event.kind === 'usage') tokens = event.tokens
    if (event.kind === 'failure') said = oneLine(withoutControls(event.text), MOST)
  }
  const running = agent.start(
    {
      role,
      form,
      item,
      attempt,
      turn: round,
      workspace: seat.workspace,
      readable,
      promptFile: seat.promptFile,
      dir,
      scratch: seat.scratch,
      conversation: null,
      // As it is set: what escalates concerns the worker alone.
      effort: null,
      spent: 0,
      limits,
    },
    hear,
  )
  asked.running(running)
  const outcome = await running.ended
  return {
    outcome,
    ms: ms(),
    ...(tokens === undefined ? {} : { tokens }),
    ...(said === undefined ? {} : { said }),
  }
}
