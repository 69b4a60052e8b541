import { sha256 } from '../../src/base/hash.ts'
import type { Activation, CommandRecord, NewEvent, StopRecord } from '../../src/ledger/events.ts'

export const session = '01999999-aaaa-7bbb-8ccc-000000000001'

export function activation(over: Partial<Activation> = {}): Activation {
  return {
    runId: 'run-1',
    sessionId: session,
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
    activationMode: 'prompt',
    armedBy: 'prompt',
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

export function command(name: string, outcome: CommandRecord['outcome']): CommandRecord {
  return {
    name,
    argv: [name],
    outcome,
    exitCode: outcome === 'passed' ? 0 : outcome === 'failed' ? 1 : null,
    detail: '',
    durationMs: 1,
    tail: '',
    logFile: null,
    sandboxed: true,
  }
}

export function stop(over: Partial<StopRecord> = {}): Extract<NewEvent, { type: 'stop' }> {
  const data: StopRecord = {
    stop: 1,
    payloadSha256: sha256('payload'),
    verdict: 'block',
    outstandingTaskIds: ['T1'],
    evidence: [],
    plan: { state: 'absent', open: [] },
    commands: [],
    failedGates: [],
    signature: sha256('signature'),
    workspace: sha256('workspace'),
    answer: '{}',
    reason: 'not yet',
    durationMs: 5,
    notices: [],
    ...over,
  }
  return { type: 'stop', data }
}
