import { isObject } from '../base/json.ts'
import type { Found, Seen } from '../evidence/found.ts'
import type { EventType } from './events.ts'
import {
  type Members,
  type Shape,
  by,
  list,
  object,
  orAbsent,
  orNull,
  problemOf,
  words,
} from './shape-check.ts'

/*
 * The members that the fold and its readers rely on. A ledger that was written by us always has them; these checks keep a
 * forged one, whose hashes may well be right, from throwing in the middle of a stop.
 */

const text: Shape = orNull('string')
const process: Members = { pid: 'number', start: 'string' }
const limits: Shape = object({ maxStopIterations: 'number', maxRepeatedFailureSignature: 'number' })
const scope: Shape = orAbsent(list('string'))
const contract: Shape = object({
  objective: 'string',
  tasks: 'array',
  limits,
  policy: object({ scope }),
  scope,
})
const change: Shape = object({
  id: 'string',
  file: 'string',
  difference: orAbsent(object({ kind: 'string' })),
})
const refs: Shape = orAbsent(list(object({ taskId: 'string', index: 'number' })))
const frozen: Members = {
  runId: 'string',
  repoRoot: 'string',
  contract,
  contractHash: 'string',
  baselines: 'array',
  pins: 'array',
  steps: orAbsent('object'),
  copied: orAbsent(object({ sha256: 'string', unmatched: list('string') })),
  kept: orAbsent(object({ sha256: 'string', unmatched: list('string') })),
  configElsewhere: orAbsent('boolean'),
  gatePath: 'string',
  changedBefore: orAbsent(list(change)),
  protectsNothing: refs,
}
const origin: Shape = by('kind', {
  session: { sessionId: 'string', formerSessions: orAbsent(list('string')) },
  attempt: { batch: 'string', item: 'string', attempt: 'number' },
})
/** Of releases before 0.4, which named the session beside the rest. */
const oldOrigin: Members = { sessionId: 'string', formerSessions: orAbsent(list('string')) }

const fact: Members = { taskId: 'string', index: 'number', met: 'boolean' }
const judged: Members = {
  stop: 'number',
  outstandingTaskIds: list('string'),
  commands: list(
    object({
      name: 'string',
      outcome: 'string',
      steps: orAbsent(list(object({ label: 'string', outcome: 'string' }))),
      changed: orAbsent(list('string')),
      runs: orAbsent(list(object({ outcome: 'string', durationMs: 'number' }))),
      passKey: orAbsent('string'),
      reused: orAbsent(object({ stop: 'number' })),
      tests: orAbsent('string'),
      startTests: orAbsent(object({ durationMs: 'number', passKey: 'string' })),
      inPlace: orAbsent(
        object({ outcome: 'string', lacks: list(object({ kind: 'string', name: 'string' })) }),
      ),
      prepares: orAbsent(object({ work: 'boolean' })),
    }),
  ),
  signature: 'string',
  workspace: 'string',
  leftByGates: orAbsent(orNull(object({ until: 'number', paths: list('string') }))),
}
/** Some of many, and how many more. */
const some = (one: Shape): Shape => object({ some: list(one), more: 'number' })
const paths = some('string')
const changedPath: Shape = object({ path: 'string', kind: 'string' })
const seen: Readonly<Record<Seen['kind'], Members>> = {
  there: { type: 'string' },
  missing: { near: text, noDirectory: text },
  files: { files: paths, wanted: 'number', searched: 'number' },
  changed: { paths },
  'by-gates': { paths },
  'not-recorded': { paths },
  'not-changed': { there: text, elsewhere: paths },
  kept: { unknown: paths },
  'not-kept': { changes: some(changedPath) },
  'link-changed': { link: changedPath },
  'leads-out': { links: paths },
  match: {},
  'no-match': { lines: 'number' },
  unreadable: { why: 'string' },
}
/** One level deep, as its type says: a forged one cannot be nested until the stack ends. */
const found: Readonly<Record<Found['kind'], Members>> = {
  ...seen,
  through: { links: paths, to: 'string', seen: by('kind', seen) },
  recorded: { text: 'string' },
}

const outOfScope: Shape = object({
  path: 'string',
  pointer: text,
  change: words('added', 'removed', 'modified', 'type', 'mode'),
  why: words('outside', 'definition', 'part', 'unreadable'),
  detail: orAbsent('string'),
  state: 'string',
})
const cause: Shape = object({ kind: 'string' })
const stop: Members = {
  ...judged,
  blockers: list(
    by('kind', {
      workspace: { why: 'string' },
      'out-of-scope': {
        digest: 'string',
        out: list(outOfScope),
        more: 'number',
      },
      evidence: { taskId: 'string', index: 'number' },
      plan: { open: list('string') },
      command: { name: 'string' },
      'could-not-run': { name: 'string' },
      prepare: { name: 'string' },
      'unknown-command': { name: 'string' },
      background: { processes: list(object(process)) },
      children: { children: 'array' },
      'gate-writes': { paths: list('string') },
      'gate-rewrote': { name: 'string', paths: list('string') },
    }),
  ),
  evidence: list(object({ ...fact, found: by('kind', found) })),
  drift: orNull(object({ digest: 'string', changes: list(change) })),
  gatesRun: words('none', 'fast', 'full'),
  session: orNull(
    object({
      plan: object({ state: 'string', open: list('string') }),
      background: list(object(process)),
      ended: list('string'),
      children: 'array',
    }),
  ),
  provisional: orAbsent(
    object({
      turnId: text,
      transcript: orNull(object({ file: 'string', bytes: 'number' })),
      lookMs: 'number',
    }),
  ),
  delivered: orAbsent(object({ payloadSha256: 'string', answer: 'string', reason: 'string' })),
}
const changedSince: Shape = orNull(object({ paths: list('string'), more: 'number' }))
const verdicts: Shape = by('verdict', {
  block: stop,
  release: stop,
  park: { ...stop, park: cause },
  halt: { ...stop, halt: cause },
})
const oldStop: Members = {
  ...judged,
  payloadSha256: 'string',
  evidence: orAbsent(list(object({ ...fact, detail: orAbsent('string') }))),
  plan: orAbsent(object({ state: 'string', open: list('string') })),
  failedGates: 'array',
  answer: 'string',
  reason: 'string',
  notices: list('string'),
}
const oldVerdicts: Shape = by('verdict', { block: oldStop, release: oldStop, park: oldStop, halt: oldStop })

const activated = (data: unknown): Shape =>
  object(isObject(data) && 'origin' in data ? { ...frozen, origin } : { ...frozen, ...oldOrigin })

const shapes: Readonly<Record<EventType, Shape | ((data: unknown) => Shape)>> = {
  activated,
  refined: object({
    contract,
    contractHash: 'string',
    added: 'array',
    protectsNothing: refs,
    by: 'string',
    requestId: 'string',
  }),
  stop: (data) => (isObject(data) && 'blockers' in data ? verdicts : oldVerdicts),
  reopened: object({ by: 'string', turnId: text, changes: changedSince }),
  finalised: object({
    how: 'string',
    looked: words('unchanged', 'changed', 'not-looked'),
    changes: changedSince,
    why: text,
  }),
  unjudged: object({ why: 'string', payloadSha256: 'string' }),
  ending: object({ processes: list('string') }),
  plan: object({ plan: 'array' }),
  prompt: object({ sha256: 'string', turnId: text }),
  session: object({ source: 'string', cwd: 'string' }),
  paused: object({ by: 'string', reason: text }),
  resumed: object({ by: 'string', reason: text }),
  wait: object({ reason: 'string', token: 'string', by: 'string' }),
  amended: (data) =>
    object({
      digest: 'string',
      changes: 'array',
      activation: activated(isObject(data) ? data['activation'] : null),
      by: 'string',
    }),
  limits: object({ limits, by: 'string' }),
  closed: object({ how: words('released', 'waived', 'disabled'), by: 'string', reason: text }),
  child: object({
    id: 'string',
    what: words('started', 'stopped'),
    agentType: text,
    transcript: text,
    codex: orNull(object(process)),
  }),
  repaired: object({ bytes: 'number', sha256: 'string' }),
  refused: object({ action: 'string', by: 'string', why: 'string' }),
}

/** Every type of event, as this version knows them. */
export function eventTypes(): readonly string[] {
  return Object.keys(shapes)
}

/** What is wrong with an event's type and data; null when nothing is. */
export function shapeProblem(type: unknown, data: unknown): string | null {
  if (typeof type !== 'string' || !Object.hasOwn(shapes, type))
    return `events of type ${JSON.stringify(type)} are unknown to this version`
  const shape = shapes[type as EventType]
  return problemOf(data, typeof shape === 'function' ? shape(data) : shape, type)
}
