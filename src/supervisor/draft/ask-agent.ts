import fs from 'node:fs'
import path from 'node:path'
import type { Agent, Outcome, Role } from '../../agents/agent.ts'
import type { AnswerForm } from '../../agents/answer-form.ts'
import { outputLog } from '../../agents/places.ts'
import { removeOwned } from '../../base/owned-directory.ts'
import { readTextSafe } from '../../base/read-file.ts'
import { type Result, fail, never, ok } from '../../base/result.ts'
import { systemWords } from '../../base/system-words.ts'
import { withoutControls } from '../../base/text.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import { type Suspension, endSuspension, readSuspension } from '../../records/suspensions.ts'
import type { BaseGround } from '../batch/base-ground.ts'
import { quotaUntil } from '../decide/suspend.ts'
import { providerOf } from '../effects/providers.ts'
import { suspendProgram } from '../effects/suspend-program.ts'

/** Asks one question of an agent that only reads, in a process and a conversation of its own. */
export interface Question<A> {
  readonly agent: string
  readonly role: Exclude<Role, 'work'>
  /** Both count from 1. */
  readonly round: number
  readonly turn: number
  readonly workspace: string
  readonly prompt: string
  readonly form: AnswerForm<A>
}

/** What the environment of the agent says in place of the number of an item. */
const ITEM = 'new'
/** Of what an agent said before it ended, in UTF-16 units. */
const TAIL = 1500

/** Codes: agent-missing, agent-quota, agent-failed, interrupted, batch-unwritable. */
export async function askAgent<A>(
  { context, own, batch, settings, signals }: BaseGround,
  agents: ReadonlyMap<string, Agent>,
  { agent: name, role, round, turn, workspace, prompt, form }: Question<A>,
): Promise<Result<A>> {
  const [agent, known] = [agents.get(name), settings.agents[name]]
  if (agent === undefined || known === undefined)
    return fail('agent-missing', `the agent "${name}" cannot be started by this version`)
  const { home } = context.env
  const provider = providerOf(name, known, context)
  const held = readSuspension(home, provider, context.clock())
  if (held !== null && held.until > context.clock()) return suspended(name, held)
  const dir = path.join(batch.dir, 'draft', `${role}-${round}`)
  const prompts = path.join(own.data, 'prompts', `${ITEM}-${round}`)
  const scratch = path.join(own.data, 'attempts', `${ITEM}-${round}-${turn}`)
  const promptFile = path.join(prompts, `turn-${turn}.md`)
  try {
    for (const one of [dir, prompts]) fs.mkdirSync(one, { recursive: true, mode: 0o700 })
    writeFileWhole(promptFile, prompt)
  } catch (error) {
    return fail('batch-unwritable', `${promptFile} could not be written: ${systemWords(error)}`)
  }
  const { silentMinutes, turnMinutes } = settings.limits
  const asked = {
    role,
    form,
    item: ITEM,
    attempt: round,
    turn,
    workspace,
    promptFile,
    dir,
    scratch,
    conversation: null,
    effort: null,
    spent: 0,
    limits: { silentMs: silentMinutes * 60_000, lengthMs: turnMinutes * 60_000, graceMs: 5000 },
  }
  const running = agent.start(asked, () => {})
  const [soft, now] = [() => running.stop('soft'), () => running.stop('now')]
  if (signals.endAgents.aborted) soft()
  signals.endAgents.addEventListener('abort', soft, { once: true })
  signals.killAgents.addEventListener('abort', now, { once: true })
  const outcome = await running.ended.finally(() => {
    signals.endAgents.removeEventListener('abort', soft)
    signals.killAgents.removeEventListener('abort', now)
    removeOwned(scratch)
    removeOwned(prompts)
  })
  const ended = context.clock()
  if (outcome.kind === 'finished') endSuspension(home, provider, ended)
  // Every batch on this machine goes by it. Where it cannot be kept, they find out themselves.
  if (outcome.kind === 'quota')
    suspendProgram(home, provider, 'quota', (probes) => quotaUntil(outcome.resetsAt, probes, ended), ended)
  return answerOf(outcome, name, outputLog(asked))
}

/** Somebody on this machine met it. */
function suspended(name: string, { until, why }: Suspension): Result<never> {
  const time = new Date(until).toISOString()
  return why === 'quota'
    ? quotaFailure(name, ` until ${time}`, until)
    : fail('agent-failed', `${name} is asked nothing until ${time} (${why}); nothing was written`, {
        fix: 'wait until then',
      })
}

const quotaFailure = (name: string, until: string, resetsAt: number | null): Result<never> =>
  fail('agent-quota', `the quota of ${name} is used up${until}; nothing was written`, {
    data: { resets_at: resetsAt },
  })

function answerOf<A>(outcome: Outcome<A>, name: string, log: string): Result<A> {
  switch (outcome.kind) {
    case 'finished':
      return ok(outcome.answer)
    case 'stopped':
      return fail('interrupted', `${name} was stopped, and nothing was written`)
    case 'quota': {
      const until = outcome.resetsAt === null ? '' : ` until ${new Date(outcome.resetsAt).toISOString()}`
      return quotaFailure(name, until, outcome.resetsAt)
    }
    case 'could-not-start':
      return { ok: false, error: outcome.why }
    case 'overloaded':
    case 'network':
    case 'in-use':
    case 'signed-out':
    case 'model-unknown':
    case 'context-full':
    case 'budget':
    case 'refused':
    case 'rejected':
    case 'crashed':
    case 'silent':
    case 'too-long':
    case 'unreadable':
      return failed(outcome, name, log)
    default:
      return never(outcome, 'outcome')
  }
}

function failed(
  outcome: Exclude<Outcome<never>, { readonly kind: 'finished' }>,
  name: string,
  log: string,
): Result<never> {
  const said = readTextSafe(log, { maxBytes: 16 << 20 })
  const tail = said.ok ? withoutControls(said.value).trim().slice(-TAIL) : ''
  const why = 'why' in outcome && typeof outcome.why === 'string' ? `: ${outcome.why}` : ''
  return fail(
    'agent-failed',
    `${name} gave no answer (${outcome.kind}${why}); nothing was written${tail === '' ? '' : `\n${tail}`}`,
    { fix: 'autonomous-loop doctor', data: { outcome } },
  )
}
