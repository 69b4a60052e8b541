import { type JsonObject, isObject } from '../base/json.ts'
import type { EventType } from './events.ts'

type Kind = 'string' | 'number' | 'boolean' | 'array' | 'object' | 'text-or-null'

/**
 * The members that the fold and its readers rely on. A ledger that was written by us always has them; these checks keep
 * a forged one, whose hashes may well be right, from throwing in the middle of a stop.
 */
const members: Readonly<Record<EventType, Readonly<Record<string, Kind>>>> = {
  activated: {
    runId: 'string',
    sessionId: 'string',
    repoRoot: 'string',
    contract: 'object',
    contractHash: 'string',
    baselines: 'array',
    pins: 'array',
    gatePath: 'string',
  },
  refined: { contract: 'object', contractHash: 'string', added: 'array', by: 'string', requestId: 'string' },
  stop: {
    stop: 'number',
    payloadSha256: 'string',
    verdict: 'string',
    outstandingTaskIds: 'array',
    commands: 'array',
    failedGates: 'array',
    signature: 'string',
    workspace: 'string',
    answer: 'string',
    reason: 'string',
    notices: 'array',
  },
  unjudged: { why: 'string', payloadSha256: 'string' },
  ending: { processes: 'array' },
  plan: { plan: 'array' },
  prompt: { sha256: 'string', turnId: 'text-or-null' },
  session: { source: 'string', cwd: 'string' },
  paused: { by: 'string', reason: 'text-or-null' },
  resumed: { by: 'string', reason: 'text-or-null' },
  wait: { reason: 'string', token: 'string', by: 'string' },
  amended: { digest: 'string', changes: 'array', activation: 'object', by: 'string' },
  limits: { limits: 'object', by: 'string' },
  closed: { how: 'string', by: 'string', reason: 'text-or-null' },
  child: { id: 'string', what: 'string', agentType: 'text-or-null', transcript: 'text-or-null' },
  repaired: { bytes: 'number', sha256: 'string' },
  refused: { action: 'string', by: 'string', why: 'string' },
}

const enders = new Set<unknown>(['released', 'waived', 'disabled'])
const verdicts = new Set<unknown>(['block', 'release', 'park', 'halt'])

/** What is wrong with an event's type and data; null when nothing is. */
export function shapeProblem(type: unknown, data: unknown): string | null {
  if (typeof type !== 'string' || !Object.hasOwn(members, type))
    return `events of type ${JSON.stringify(type)} are unknown to this version`
  const problem = missing(data, members[type as EventType], type)
  if (problem || !isObject(data)) return problem
  return deeper[type as EventType]?.(data) ?? null
}

const deeper: Partial<Record<EventType, (data: JsonObject) => string | null>> = {
  activated: (data) =>
    contractProblem(data['contract'], 'activated') ??
    changedProblem(data['changedBefore']) ??
    textsProblem(data['formerSessions'] ?? [], 'activated.formerSessions'),
  refined: (data) => contractProblem(data['contract'], 'refined'),
  amended: (data) => shapeProblem('activated', data['activation']),
  limits: (data) => missing(data['limits'], limitMembers, 'limits.limits'),
  stop: stopProblem,
  child: childProblem,
  ending: ({ processes }) => textsProblem(processes, 'ending.processes'),
  closed: (data) => (enders.has(data['how']) ? null : 'closed.how is unknown'),
}

const limitMembers = { maxStopIterations: 'number', maxRepeatedFailureSignature: 'number' } as const

function textsProblem(texts: unknown, name: string): string | null {
  return Array.isArray(texts) && texts.every((one) => typeof one === 'string')
    ? null
    : `${name} is no list of texts`
}

function changedProblem(changes: unknown): string | null {
  if (changes === undefined) return null
  const right = (one: unknown): boolean =>
    isObject(one) && typeof one['file'] === 'string' && typeof one['text'] === 'string'
  return Array.isArray(changes) && changes.every(right)
    ? null
    : 'activated.changedBefore is no list of changes'
}

function contractProblem(contract: unknown, type: string): string | null {
  const problem = missing(
    contract,
    { objective: 'string', tasks: 'array', limits: 'object', policy: 'object' },
    `${type}.contract`,
  )
  return (
    problem ??
    (isObject(contract) ? missing(contract['limits'], limitMembers, `${type}.contract.limits`) : null)
  )
}

function childProblem({ what, codex }: JsonObject): string | null {
  if (what !== 'started' && what !== 'stopped') return 'child.what is unknown'
  return codex === null ? null : missing(codex, { pid: 'number', start: 'string' }, 'child.codex')
}

function stopProblem(data: JsonObject): string | null {
  if (!verdicts.has(data['verdict'])) return 'stop.verdict is unknown'
  for (const command of data['commands'] as readonly unknown[]) {
    const problem = missing(command, { name: 'string', outcome: 'string' }, 'stop.commands')
    if (problem) return problem
  }
  const left = data['leftByGates']
  return left === undefined
    ? null
    : (missing(left, { until: 'number', paths: 'array' }, 'stop.leftByGates') ??
        textsProblem(isObject(left) ? left['paths'] : null, 'stop.leftByGates.paths'))
}

function missing(value: unknown, expected: Readonly<Record<string, Kind>>, where: string): string | null {
  if (!isObject(value)) return `${where} is not an object`
  for (const name in expected) {
    const found = value[name]
    const kind = expected[name]
    const right =
      kind === 'array'
        ? Array.isArray(found)
        : kind === 'object'
          ? isObject(found)
          : kind === 'text-or-null'
            ? found === null || typeof found === 'string'
            : typeof found === kind
    if (!right) return `${where}.${name} is missing or of the wrong kind`
  }
  return null
}
