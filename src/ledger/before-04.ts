import { type JsonObject, isObject } from '../base/json.ts'
import { never } from '../base/result.ts'
import { type Sha256, sha256 } from '../base/hash.ts'
import type { EvidenceFact } from '../evidence/found.ts'
import type { CommandRecord } from '../gates/command-record.ts'
import type { RunningProcess } from '../verdict/facts.ts'
import type { Blocker, Outcome, ParkCause } from '../verdict/judgement.ts'
import type { Activation, ActivationMode, Channel, LedgerEvent, StopRecord } from './events.ts'

/*
 * Ledgers of releases before 0.4 kept sentences where there is data now, and named the session where there is an origin.
 * This is the one place that knows how they looked: each record is read as if it had been written today, after its hash
 * was checked. What was only ever said in words stays as `recorded` text, and nobody takes it apart again.
 */

/** The record as the program knows it now. Its shape was checked before. */
export function modernEvent(event: LedgerEvent): LedgerEvent {
  if (event.type === 'activated') return { ...event, data: modernActivation(event.data) }
  if (event.type === 'stop') return { ...event, data: modernStop(event.data) }
  if (event.type !== 'amended') return event
  const { activation, changes } = event.data
  return {
    ...event,
    data: { ...event.data, activation: modernActivation(activation), changes: modernChanges(changes) },
  }
}

interface OldActivation {
  readonly sessionId: string
  readonly formerSessions?: readonly string[]
  readonly activationMode: ActivationMode
  readonly armedBy: Channel
}

export function modernActivation(activation: Activation): Activation {
  if (activation.origin !== undefined) return activation
  const { sessionId, formerSessions, activationMode, armedBy, changedBefore, ...frozen } =
    activation as Activation & OldActivation
  return {
    ...frozen,
    origin: {
      kind: 'session',
      sessionId,
      mode: activationMode,
      armedBy,
      ...(formerSessions ? { formerSessions } : {}),
    },
    ...(changedBefore ? { changedBefore: modernChanges(changedBefore) } : {}),
  }
}

/** Differences were told in words: `{id, file, text}`. */
function modernChanges(changes: Activation['changedBefore']): NonNullable<Activation['changedBefore']> {
  return (changes ?? []).map((change) => {
    const old = change as unknown as JsonObject
    if (change.difference !== undefined || !isObject(old)) return change
    return {
      id: textOf(old['id']),
      file: textOf(old['file']),
      member: null,
      difference: { kind: 'recorded', text: textOf(old['text']) },
    }
  })
}

interface OldStop {
  readonly stop: number
  readonly payloadSha256: Sha256
  readonly verdict: 'block' | 'release' | 'park' | 'halt'
  readonly outstandingTaskIds: readonly string[]
  readonly evidence?: readonly (Omit<EvidenceFact, 'found'> & { readonly detail?: string })[]
  readonly plan?: {
    readonly state: 'absent' | 'complete' | 'incomplete' | 'stale'
    readonly open: readonly string[]
  }
  readonly commands: readonly (Partial<CommandRecord> &
    Pick<CommandRecord, 'name' | 'outcome'> & { readonly detail?: string })[]
  readonly signature: Sha256
  readonly workspace: Sha256
  readonly answer: string
  readonly reason: string
  readonly durationMs?: number
  readonly haltCause?: string
  readonly parkCause?: string
  readonly leftByGates?: StopRecord['leftByGates']
  readonly notices: readonly string[]
}

function modernStop(record: StopRecord): StopRecord {
  if (record.blockers !== undefined) return record
  const old = record as unknown as OldStop
  const named = noticed(old, 'background:').map(processOfKey)
  const digest = noticed(old, 'definition:')[0] as Sha256 | undefined
  const plan = old.plan ?? { state: 'absent', open: [] }
  const evidence = (old.evidence ?? []).map(modernFact)
  const unmet = evidence.filter((fact) => !fact.met && old.outstandingTaskIds.includes(fact.taskId))
  const commands = old.commands.map(modernCommand)
  const blockers: Blocker[] = [
    ...unmet.map(({ taskId, index }): Blocker => ({ kind: 'evidence', taskId, index })),
    ...(plan.state === 'incomplete' ? [{ kind: 'plan', open: plan.open } as const] : []),
    ...commands.flatMap(({ name, outcome }): Blocker[] =>
      outcome === 'passed' ? [] : [{ kind: outcome === 'failed' ? 'command' : outcome, name }],
    ),
    ...(named.length > 0 ? [{ kind: 'background', processes: named } as const] : []),
  ]
  return {
    ...outcomeOf(old, digest, commands),
    stop: old.stop,
    blockers: digest === undefined ? blockers : [],
    outstandingTaskIds: old.outstandingTaskIds,
    drift: digest === undefined ? null : { changes: [], digest, undoable: old.verdict === 'block' },
    unseen: null,
    evidence,
    commands,
    gatesRun:
      old.verdict === 'release'
        ? 'full'
        : commands.length === 0
          ? 'none'
          : unmet.length > 0 || plan.state === 'incomplete'
            ? 'fast'
            : 'full',
    signature: old.signature,
    workspace: old.workspace,
    leftByGates: old.leftByGates ?? null,
    session: {
      plan,
      background: [...named, ...noticed(old, 'left-running:').map(processOfText)],
      endTried: false,
      ended: noticed(old, 'ended:'),
      children: [],
      wait: null,
      tokens: null,
    },
    durationMs: old.durationMs ?? 0,
    delivered: {
      payloadSha256: old.payloadSha256,
      answer: old.answer,
      reason: old.reason,
      head: /\[ledger (\w{3,12})\]\s*$/.exec(old.reason)?.[1] ?? null,
    },
  }
}

function outcomeOf(old: OldStop, digest: Sha256 | undefined, commands: readonly CommandRecord[]): Outcome {
  switch (old.verdict) {
    case 'release':
      return { verdict: 'release' }
    case 'block':
      return { verdict: 'block', cause: digest === undefined ? 'outstanding' : 'definition' }
    case 'halt':
      return { verdict: 'halt', halt: { kind: 'recorded', text: old.haltCause ?? '' } }
    case 'park':
      return { verdict: 'park', park: parkOf(old.parkCause ?? '', digest, commands) }
    default:
      return never(old.verdict, 'verdict')
  }
}

function parkOf(cause: string, digest: Sha256 | undefined, commands: readonly CommandRecord[]): ParkCause {
  if (cause === 'definition') return { kind: 'definition', digest: digest ?? sha256('') }
  if (cause === 'could-not-run')
    return {
      kind: 'could-not-run',
      commands: commands.filter((one) => one.outcome === 'could-not-run').map((one) => one.name),
    }
  const [, reason] = /^wait(?::\s*([^]*))?$/.exec(cause) ?? []
  return cause.startsWith('wait') ? { kind: 'wait', reason: reason ?? '' } : { kind: 'recorded', text: cause }
}

/** What was asked for stood before what was found, and now stands in the contract alone. */
const asked = /^(?:path(?:Exists|Absent|Changed|Unchanged) .*?: |fileMatches .*\/: )/s

function modernFact({ detail, ...known }: NonNullable<OldStop['evidence']>[number]): EvidenceFact {
  return { ...known, found: { kind: 'recorded', text: (detail ?? '').replace(asked, '') } }
}

function modernCommand(old: OldStop['commands'][number]): CommandRecord {
  const { detail, ...known } = old
  const exitCode = old.exitCode ?? null
  return {
    argv: [],
    durationMs: 0,
    tail: '',
    logFile: null,
    sandboxed: true,
    box: null,
    ...known,
    cause: old.outcome === 'failed' && exitCode !== null ? 'exit' : null,
    exitCode,
    signal: null,
    why:
      old.outcome === 'passed' || (old.outcome === 'failed' && exitCode !== null) ? null : (detail ?? null),
    fix: null,
  }
}

/** Notices were texts that began with what they are. */
function noticed({ notices }: OldStop, prefix: string): string[] {
  return notices.filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length))
}

/** `<pid>/<start>` */
function processOfKey(key: string): RunningProcess {
  const slash = key.indexOf('/')
  return { pid: Number(key.slice(0, slash)) || 0, start: key.slice(slash + 1), command: '' }
}

/** `<pid> <command>` */
function processOfText(text: string): RunningProcess {
  const blank = text.indexOf(' ')
  return { pid: Number(text.slice(0, blank)) || 0, start: '', command: text.slice(blank + 1) }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
