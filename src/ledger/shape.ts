import { isObject } from '../base/json.ts'
import type { EventType } from './events.ts'
import { type Members, type Shape, problemOf } from './shape-check.ts'

/*
 * The members that the fold and its readers rely on. A ledger that was written by us always has them; these checks keep a
 * forged one, whose hashes may well be right, from throwing in the middle of a stop.
 */

const text: Shape = { orNull: 'string' }
const process: Members = { pid: 'number', start: 'string' }
const limits: Shape = {
  members: { maxStopIterations: 'number', maxRepeatedFailureSignature: 'number' },
}
const contract: Shape = {
  members: { objective: 'string', tasks: 'array', limits, policy: 'object' },
}
const change: Shape = {
  members: { id: 'string', file: 'string', difference: { orAbsent: { members: { kind: 'string' } } } },
}
const frozen: Members = {
  runId: 'string',
  repoRoot: 'string',
  contract,
  contractHash: 'string',
  baselines: 'array',
  pins: 'array',
  gatePath: 'string',
  changedBefore: { orAbsent: { list: change } },
}
const origin: Shape = {
  by: 'kind',
  rows: {
    session: { sessionId: 'string', formerSessions: { orAbsent: { list: 'string' } } },
    attempt: { batch: 'string', item: 'string', attempt: 'number' },
  },
}
/** Of releases before 0.4, which named the session beside the rest. */
const oldOrigin: Members = { sessionId: 'string', formerSessions: { orAbsent: { list: 'string' } } }

const judged: Members = {
  stop: 'number',
  outstandingTaskIds: { list: 'string' },
  commands: { list: { members: { name: 'string', outcome: 'string' } } },
  signature: 'string',
  workspace: 'string',
  leftByGates: { orAbsent: { orNull: { members: { until: 'number', paths: { list: 'string' } } } } },
}
const cause: Shape = { members: { kind: 'string' } }
const stop: Members = {
  ...judged,
  blockers: {
    list: {
      by: 'kind',
      rows: {
        workspace: { why: 'string' },
        evidence: { taskId: 'string', index: 'number' },
        plan: { open: { list: 'string' } },
        command: { name: 'string' },
        'could-not-run': { name: 'string' },
        'unknown-command': { name: 'string' },
        background: { processes: { list: { members: process } } },
        children: { children: 'array' },
        'gate-writes': { paths: { list: 'string' } },
      },
    },
  },
  evidence: { list: { members: { taskId: 'string', index: 'number', met: 'boolean' } } },
  drift: { orNull: { members: { digest: 'string', changes: { list: change } } } },
  gatesRun: { words: new Set(['none', 'fast', 'full']) },
  session: {
    orNull: {
      members: {
        plan: { members: { state: 'string', open: { list: 'string' } } },
        background: { list: { members: process } },
        ended: { list: 'string' },
        children: 'array',
      },
    },
  },
  delivered: { orAbsent: { members: { payloadSha256: 'string', answer: 'string', reason: 'string' } } },
}
const verdicts: Shape = {
  by: 'verdict',
  rows: { block: stop, release: stop, park: { ...stop, park: cause }, halt: { ...stop, halt: cause } },
}
const oldStop: Members = {
  ...judged,
  payloadSha256: 'string',
  failedGates: 'array',
  answer: 'string',
  reason: 'string',
  notices: { list: 'string' },
}
const oldVerdicts: Shape = {
  by: 'verdict',
  rows: { block: oldStop, release: oldStop, park: oldStop, halt: oldStop },
}

const activated = (data: unknown): Shape => ({
  members: isObject(data) && 'origin' in data ? { ...frozen, origin } : { ...frozen, ...oldOrigin },
})

const shapes: Readonly<Record<EventType, Shape | ((data: unknown) => Shape)>> = {
  activated,
  refined: {
    members: { contract, contractHash: 'string', added: 'array', by: 'string', requestId: 'string' },
  },
  stop: (data) => (isObject(data) && 'blockers' in data ? verdicts : oldVerdicts),
  unjudged: { members: { why: 'string', payloadSha256: 'string' } },
  ending: { members: { processes: { list: 'string' } } },
  plan: { members: { plan: 'array' } },
  prompt: { members: { sha256: 'string', turnId: text } },
  session: { members: { source: 'string', cwd: 'string' } },
  paused: { members: { by: 'string', reason: text } },
  resumed: { members: { by: 'string', reason: text } },
  wait: { members: { reason: 'string', token: 'string', by: 'string' } },
  amended: (data) => ({
    members: {
      digest: 'string',
      changes: 'array',
      activation: activated(isObject(data) ? data['activation'] : null),
      by: 'string',
    },
  }),
  limits: { members: { limits, by: 'string' } },
  closed: {
    members: { how: { words: new Set(['released', 'waived', 'disabled']) }, by: 'string', reason: text },
  },
  child: {
    members: {
      id: 'string',
      what: { words: new Set(['started', 'stopped']) },
      agentType: text,
      transcript: text,
      codex: { orNull: { members: process } },
    },
  },
  repaired: { members: { bytes: 'number', sha256: 'string' } },
  refused: { members: { action: 'string', by: 'string', why: 'string' } },
}

/** What is wrong with an event's type and data; null when nothing is. */
export function shapeProblem(type: unknown, data: unknown): string | null {
  if (typeof type !== 'string' || !Object.hasOwn(shapes, type))
    return `events of type ${JSON.stringify(type)} are unknown to this version`
  const shape = shapes[type as EventType]
  return problemOf(data, typeof shape === 'function' ? shape(data) : shape, type)
}
