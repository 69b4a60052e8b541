import { sha256 } from '../../src/base/hash.ts'
import type { CommandRecord, StopRecord } from '../../src/ledger/events.ts'
import type { RunState } from '../../src/ledger/state.ts'
import type { Facts } from '../../src/verdict/facts.ts'

export const emptyFacts: Facts = {
  now: 0,
  drift: null,
  unseen: null,
  plan: { state: 'absent', open: [] },
  evidence: [],
  commands: [],
  gatesRun: 'full',
  background: [],
  endTried: false,
  ended: [],
  children: [],
  gateWrites: [],
  leftByGates: null,
  workspace: sha256('workspace'),
  wait: null,
  tokens: null,
}

export function command(
  name: string,
  outcome: CommandRecord['outcome'],
  more: Partial<CommandRecord> = {},
): CommandRecord {
  return {
    name,
    argv: ['npm', 'run', name],
    outcome,
    exitCode: outcome === 'failed' ? 1 : 0,
    detail: outcome === 'failed' ? 'failed with exit code 1' : outcome,
    durationMs: 1200,
    tail: '',
    logFile: null,
    sandboxed: true,
    ...more,
  }
}

const contract: RunState['contract'] = {
  version: 1,
  contractId: 'c',
  objective: 'Write the greeting',
  mode: 'enforced',
  gateProfile: 'default',
  tasks: [
    {
      id: 'T1',
      title: 'Greeting',
      required: true,
      dependsOn: [],
      evidence: [{ kind: 'pathChanged', glob: 'src/**' }],
    },
    {
      id: 'O1',
      title: 'Optional',
      required: false,
      dependsOn: [],
      evidence: [{ kind: 'pathExists', path: 'x' }],
    },
    {
      id: 'T2',
      title: 'Gate',
      required: true,
      dependsOn: [],
      evidence: [{ kind: 'commandRef', name: 'test' }],
    },
  ],
  limits: { maxStopIterations: 5, maxRepeatedFailureSignature: 3 },
  policy: { control: 'person', background: 'block', gateWrites: [], sandbox: 'on', gates: 'required' },
}

export const freshRun: RunState = {
  runId: 'a'.repeat(32),
  requestIds: [],
  status: 'active',
  activation: {
    runId: 'a'.repeat(32),
    sessionId: 's',
    repoRoot: '/repo',
    contract,
    contractHash: sha256('contract'),
    activationMode: 'prompt',
    armedBy: 'prompt',
    requestId: 'a'.repeat(32),
    baselines: [],
    baselineLabel: 'own',
    config: null,
    configSha256: null,
    configPath: null,
    pins: [],
    gatePath: '/usr/bin',
  },
  contract,
  createdAt: 0,
  heartbeatAt: 0,
  iteration: 0,
  stops: 0,
  limitsFrom: 0,
  lastStop: null,
  lastStopSeq: 0,
  repeated: 0,
  couldNotRun: {},
  plan: null,
  children: [],
  wait: null,
  waitedAt: [],
  haltCause: null,
  parkCause: null,
  notices: [],
  ended: [],
  unjudgedTurn: null,
  closed: null,
}

/** A blocked stop that says nothing by itself. */
export const stopBefore: StopRecord = {
  stop: 1,
  payloadSha256: sha256('payload'),
  verdict: 'block',
  outstandingTaskIds: [],
  evidence: [],
  plan: { state: 'absent', open: [] },
  commands: [],
  failedGates: [],
  signature: sha256('signature'),
  workspace: sha256('workspace'),
  answer: '',
  reason: '',
  durationMs: 1,
  notices: [],
}
