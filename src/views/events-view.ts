import { oneLine } from '../base/text.ts'
import { never } from '../base/result.ts'
import type { EventData, LedgerEvent, StopRecord } from '../ledger/events.ts'
import { failedGates } from '../verdict/judgement.ts'
import { haltWords, parkWords } from '../verdict/words/limit.ts'
import { finalWords, reopenedWords } from '../verdict/words/release.ts'

/** Characters of a text that somebody else wrote. */
const MOST = 160

/** How an event is to be taken at a glance. */
export type Weight = 'good' | 'bad' | 'warn' | 'plain'

/** One event in words. `at` is ms since the epoch. */
export interface EventView {
  readonly seq: number
  readonly at: number
  readonly type: LedgerEvent['type']
  readonly text: string
  readonly weight: Weight
}

/** What happened, who did it and why, in one line. Pure. Text of agents is in it: print it as data. */
export function viewEvent(event: LedgerEvent): EventView {
  const { seq, at, type } = event
  return { seq, at, type, ...words(event) }
}

function words(event: LedgerEvent): { readonly text: string; readonly weight: Weight } {
  switch (event.type) {
    case 'activated': {
      const { contract, origin } = event.data
      const begun =
        origin.kind === 'session'
          ? `armed by ${origin.armedBy} (${origin.mode})`
          : `attempt ${origin.attempt} at item ${origin.item}`
      return plain(
        `${begun}: "${oneLine(contract.objective, MOST)}", ${count(contract.tasks.length, 'task')}`,
      )
    }
    case 'refined': {
      const ids = event.data.added.map((task) => task.id)
      return plain(
        `${event.data.by} added ${ids.length > 0 ? ids.join(', ') : 'no task, but stricter limits or gates'}${event.data.replacedT1 ? '; they stand in for the task of the prompt' : ''}`,
      )
    }
    case 'stop':
      return stopWords(event.data)
    case 'reopened':
      return { text: `open again: ${oneLine(reopenedWords(event.data.changes), MOST)}`, weight: 'bad' }
    case 'finalised': {
      const text = `the release is ${oneLine(finalWords(event.data), MOST)}`
      return { text, weight: event.data.looked === 'unchanged' ? 'good' : 'warn' }
    }
    case 'unjudged':
      return { text: `a stop could not be judged: ${oneLine(event.data.why, MOST)}`, weight: 'bad' }
    case 'ending':
      return {
        text: `commands of the agent that still ran were told to end: ${oneLine(event.data.processes.join(', '), MOST)}`,
        weight: 'warn',
      }
    case 'plan': {
      const { plan, whole } = event.data
      const steps = whole?.steps ?? plan.length
      const open = whole?.open ?? plan.filter((item) => item.status !== 'completed').length
      return plain(`plan: ${steps - open} of ${count(steps, 'step')} done`)
    }
    case 'prompt':
      return plain('a prompt of the person')
    case 'session':
      return plain(`session ${event.data.source} in ${event.data.cwd}`)
    case 'paused':
      return { text: `paused by ${event.data.by}${because(event.data.reason)}`, weight: 'warn' }
    case 'resumed':
      return plain(`resumed by ${event.data.by}${because(event.data.reason)}`)
    case 'wait':
      return {
        text: `${event.data.by} asks to wait for a person${because(event.data.reason)}`,
        weight: 'warn',
      }
    case 'amended':
      return {
        text: `${event.data.by} accepted ${acceptedWords(event.data)} (${event.data.digest.slice(0, 12)})${because(event.data.reason)}`,
        weight: 'warn',
      }
    case 'limits':
      return plain(`${event.data.by} set the limits: ${event.data.limits.maxStopIterations} stops`)
    case 'closed':
      return {
        text: `${event.data.how} by ${event.data.by}${because(event.data.reason)}`,
        weight: event.data.how === 'released' ? 'good' : 'warn',
      }
    case 'child':
      return plain(`sub-agent ${event.data.agentType ?? event.data.id.slice(0, 12)} ${event.data.what}`)
    case 'repaired':
      return {
        text: `a write had been cut short: ${count(event.data.bytes, 'byte')} were no record`,
        weight: 'warn',
      }
    case 'refused':
      return {
        text: `${event.data.by} asked for ${event.data.action} and was refused (${event.data.why})`,
        weight: 'warn',
      }
    default:
      return never(event, 'ledger event')
  }
}

/** What a verdict did, as a verb in the past. */
export const verdictWords = {
  block: 'blocked',
  release: 'released',
  park: 'parked',
  halt: 'halted',
} as const satisfies Record<StopRecord['verdict'], string>

function stopWords(stop: StopRecord): { readonly text: string; readonly weight: Weight } {
  const missing = [
    ...stop.outstandingTaskIds,
    ...(stop.session?.plan.state === 'incomplete' ? ['plan'] : []),
    ...failedGates(stop).map((name) => `gate ${name}`),
  ]
  const cause =
    stop.verdict === 'halt' ? haltWords(stop.halt) : stop.verdict === 'park' ? parkWords(stop.park) : null
  const about = cause ?? (missing.length > 0 ? missing.join(', ') : null)
  const after = `(${durationWords(stop.durationMs)})`
  const text = `stop ${stop.stop} ${verdictWords[stop.verdict]}${about === null ? '' : `: ${oneLine(about, MOST)}`} ${after}`
  const weights = { block: 'bad', release: 'good', park: 'warn', halt: 'bad' } as const
  return { text, weight: weights[stop.verdict] }
}

/** Milliseconds as people say them: `0.4 s`, `12 s`, `3 min 20 s`. */
export function durationWords(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`
  const whole = Math.round(ms / 1000)
  if (whole < 60) return `${whole} s`
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60]
  if (minutes < 60) return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}

function because(reason: string | null): string {
  return reason === null || reason === '' ? '' : `: ${oneLine(reason, MOST)}`
}

function plain(text: string): { readonly text: string; readonly weight: Weight } {
  return { text, weight: 'plain' }
}

function acceptedWords({ changes, outOfScope }: EventData['amended']): string {
  return outOfScope
    ? `${count(changes.length, 'difference')} out of scope`
    : `${count(changes.length, 'change')} of the gate definition`
}
