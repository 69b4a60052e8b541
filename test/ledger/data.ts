import { sha256 } from '../../src/base/hash.ts'
import type { CommandRecord } from '../../src/gates/command-record.ts'
import type { Delivery, NewEvent, SessionActivation, StopRecord } from '../../src/ledger/events.ts'
import type { SessionFacts } from '../../src/verdict/facts.ts'
import type { Outcome } from '../../src/verdict/judgement.ts'

export const session = '01999999-aaaa-7bbb-8ccc-000000000001'

export function activation(
  over: Partial<SessionActivation> = {},
  sessionId: string = session,
): SessionActivation {
  return {
    runId: 'run-1',
    origin: { kind: 'session', sessionId, mode: 'prompt', armedBy: 'prompt' },
    repoRoot: '/repo',
    contract: {
      version: 1,
      contractId: 'c-1',
      objective: 'make it work',
      mode: 'enforced',
      gateProfile: 'default',
      tasks: [],
      limits: { maxStopIterations: 12, maxRepeatedFailureSignature: 3 },
      policy: { control: 'person', background: 'block', gateWrites: [], sandbox: 'on', gates: 'required' },
    },
    contractHash: sha256('contract'),
    requestId: 'request-1',
    baselines: [],
    baselineLabel: 'own',
    config: null,
    configSha256: null,
    configPath: null,
    pins: [],
    gatePath: '/usr/bin',
    ...over,
  }
}

export function command(
  name: string,
  outcome: CommandRecord['outcome'],
  over: Partial<CommandRecord> = {},
): CommandRecord {
  return {
    name,
    argv: [name],
    outcome,
    cause: outcome === 'failed' ? 'exit' : null,
    exitCode: outcome === 'passed' ? 0 : outcome === 'failed' ? 1 : null,
    signal: null,
    why: outcome === 'could-not-run' ? 'it is not there' : null,
    fix: null,
    durationMs: 1,
    tail: '',
    logFile: null,
    sandboxed: true,
    box: null,
    ...over,
  }
}

/** What a session says when nothing is going on in it. */
export const quiet: SessionFacts = {
  plan: { state: 'absent', open: [] },
  background: [],
  endTried: false,
  ended: [],
  children: [],
  wait: null,
  tokens: null,
}

type Rest = Omit<StopRecord, keyof Outcome | 'delivered' | 'session'>

export interface StopParts extends Partial<Rest> {
  readonly outcome?: Outcome
  readonly session?: Partial<SessionFacts>
  readonly delivered?: Partial<Delivery>
}

/** One judged stop; a block that says nothing by itself unless told otherwise. */
export function stopRecord(parts: StopParts = {}): StopRecord {
  const { outcome, session: more, delivered, ...over } = parts
  return {
    ...(outcome ?? { verdict: 'block', cause: 'outstanding' }),
    stop: 1,
    blockers: [],
    outstandingTaskIds: ['T1'],
    drift: null,
    unseen: null,
    evidence: [],
    commands: [],
    gatesRun: 'full',
    signature: sha256('signature'),
    workspace: sha256('workspace'),
    leftByGates: null,
    session: { ...quiet, ...more },
    durationMs: 5,
    delivered: {
      payloadSha256: sha256('payload'),
      answer: '{}',
      reason: 'not yet',
      head: null,
      ...delivered,
    },
    ...over,
  }
}

export function stop(parts: StopParts = {}): Extract<NewEvent, { type: 'stop' }> {
  return { type: 'stop', data: stopRecord(parts) }
}
