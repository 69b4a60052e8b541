import { sha256 } from '../../src/base/hash.ts'
import { never } from '../../src/base/result.ts'
import { type Found, some } from '../../src/evidence/found.ts'
import type { CommandRecord } from '../../src/gates/command-record.ts'
import type { RunFacts, RunState } from '../../src/ledger/state.ts'
import { decide, judgementOf } from '../../src/verdict/decide.ts'
import type { Facts, SessionFacts } from '../../src/verdict/facts.ts'
import type { Judgement } from '../../src/verdict/judgement.ts'
import type { RunStatus, Standing } from '../../src/verdict/standing.ts'
import { command as anyCommand, quiet, stopRecord } from '../ledger/data.ts'

export const emptyFacts: Facts = {
  now: 0,
  drift: null,
  unseen: null,
  evidence: [],
  commands: [],
  gatesRun: 'full',
  gateWrites: [],
  leftByGates: null,
  workspace: sha256('workspace'),
  session: quiet,
}

/** What a look at T1 finds while nothing was done. */
export const nothingChanged: Found = {
  kind: 'not-changed',
  there: null,
  elsewhere: some([]),
}

/** Facts of a session in which this goes on. */
export const inSession = (more: Partial<SessionFacts>): Pick<Facts, 'session'> => ({
  session: { ...quiet, ...more },
})

export function command(
  name: string,
  outcome: CommandRecord['outcome'],
  more: Partial<CommandRecord> = {},
): CommandRecord {
  return anyCommand(name, outcome, { argv: ['npm', 'run', name], durationMs: 1200, ...more })
}

const contract: RunFacts['contract'] = {
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

const known: RunFacts = {
  runId: 'a'.repeat(32),
  requestIds: [],
  activation: {
    runId: 'a'.repeat(32),
    origin: { kind: 'session', sessionId: 's', mode: 'prompt', armedBy: 'prompt' },
    repoRoot: '/repo',
    contract,
    contractHash: sha256('contract'),
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
  statusSince: 0,
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
  named: [],
  shownDrifts: [],
  ended: [],
  unjudgedTurn: null,
  unjudgedWhy: null,
  leftByGates: [],
  protectsNothing: [],
}

export const freshRun: RunState & { readonly status: 'active' } = { ...known, status: 'active' }

/** A run that stands like this, for whatever reason. */
export function runIn(status: RunStatus, at = 0): RunState {
  return { ...known, ...standingOf(status, at) }
}

function standingOf(status: RunStatus, at: number): Standing {
  switch (status) {
    case 'parked':
      return { status, park: { kind: 'wait', reason: 'which colour?' } }
    case 'halted':
      return { status, halt: { kind: 'limit', limit: 'maxStopIterations', reached: 5, allowed: 5 } }
    case 'released':
      return {
        status,
        closed: { how: status, by: 'hook', reason: null, at },
        release: { standing: 'final', look: null },
      }
    case 'waived':
    case 'disabled':
      return { status, closed: { how: status, by: 'prompt', reason: null, at } }
    case 'active':
    case 'paused':
      return { status }
    default:
      return never(status, 'status')
  }
}

/** A blocked stop that says nothing by itself. */
export const stopBefore = stopRecord({ outstandingTaskIds: [] })

/** What the engine makes of these facts. */
export function judged(facts: Facts, run: RunState = freshRun): Judgement {
  return judgementOf(decide(facts, run), facts, run, 5)
}
