import * as fc from 'fast-check'
import { sha256 } from '../../src/base/hash.ts'
import type { NewEvent } from '../../src/ledger/events.ts'
import type { Blocker, Outcome, ParkCause } from '../../src/verdict/judgement.ts'
import { activation, command, stop } from './world.ts'

const by = fc.constantFrom('prompt', 'terminal', 'agent', 'hook')
const text = fc.string({ unit: 'binary', maxLength: 30 })
const name = fc.constantFrom('test', 'lint', '__proto__', 'constructor')

const activated = fc
  .nat(5)
  .map((run): NewEvent => ({ type: 'activated', data: activation({ runId: `run-${run}` }) }))
const stopped = fc
  .record({
    outcome: fc.oneof(
      { weight: 3, arbitrary: fc.constant<Outcome>({ verdict: 'block', cause: 'outstanding' }) },
      { weight: 1, arbitrary: fc.constant<Outcome>({ verdict: 'release' }) },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom<ParkCause>(
            { kind: 'wait', reason: 'for a key' },
            { kind: 'definition', digest: sha256('e') },
            { kind: 'could-not-run', commands: ['test'] },
          )
          .map((park): Outcome => ({ verdict: 'park', park })),
      },
      {
        weight: 1,
        arbitrary: text.map((words): Outcome => ({
          verdict: 'halt',
          halt: { kind: 'recorded', text: words },
        })),
      },
    ),
    signature: fc.constantFrom(sha256('a'), sha256('b')),
    workspace: fc.constantFrom(sha256('c'), sha256('d')),
    commands: fc.array(
      fc
        .tuple(name, fc.constantFrom('passed', 'failed', 'could-not-run'))
        .map(([one, outcome]) => command(one, outcome)),
      { maxLength: 3 },
    ),
    blockers: fc.array(
      fc.constantFrom<Blocker>(
        { kind: 'background', processes: [{ pid: 7, start: '3', command: 'sleep' }] },
        { kind: 'evidence', taskId: 'T1', index: 0 },
      ),
      { maxLength: 2 },
    ),
    drift: fc.option(fc.constant({ digest: sha256('e'), changes: [], undoable: true })),
  })
  .map((over): NewEvent => stop(over))
const others = fc.oneof(
  fc
    .record({ sha256: fc.constant(sha256('p')), turnId: fc.option(text) })
    .map((data): NewEvent => ({ type: 'prompt', data })),
  fc.record({ by, reason: fc.option(text) }).map((data): NewEvent => ({ type: 'paused', data })),
  fc.record({ by, reason: fc.option(text) }).map((data): NewEvent => ({ type: 'resumed', data })),
  fc.record({ by, reason: text, token: text }).map((data): NewEvent => ({ type: 'wait', data })),
  fc
    .record({ source: fc.constantFrom('startup', 'resume', 'compact'), cwd: text })
    .map((data): NewEvent => ({ type: 'session', data })),
  fc
    .record({ why: text, payloadSha256: fc.constant(sha256('payload')) })
    .map((data): NewEvent => ({ type: 'unjudged', data })),
  fc
    .array(fc.record({ step: text, status: text }), { maxLength: 3 })
    .map((plan): NewEvent => ({ type: 'plan', data: { plan } })),
  fc.record({ by, action: text, why: text }).map((data): NewEvent => ({ type: 'refused', data })),
  fc
    .record({ by, limits: fc.constant({ maxStopIterations: 5, maxRepeatedFailureSignature: 2 }) })
    .map((data): NewEvent => ({ type: 'limits', data })),
)
/** What comes after a release that is provisional. */
const after = fc.oneof(
  fc.record({ turnId: fc.option(text), lookMs: fc.nat(9) }).map((provisional): NewEvent =>
    stop({
      outcome: { verdict: 'release' },
      provisional: { ...provisional, transcript: null },
    }),
  ),
  fc
    .record({ by: fc.constantFrom('stop', 'prompt', 'check'), turnId: fc.option(text) })
    .map((data): NewEvent => ({ type: 'reopened', data: { ...data, changes: null } })),
  fc
    .record({ how: fc.constantFrom('prompt', 'stop', 'check'), why: fc.option(text) })
    .map((data): NewEvent => ({ type: 'finalised', data: { ...data, looked: 'not-looked', changes: null } })),
)
const ended = fc
  .record({ how: fc.constantFrom('waived', 'disabled'), by, reason: fc.option(text) })
  .map((data): NewEvent => ({ type: 'closed', data }))

export const newEvent: fc.Arbitrary<NewEvent> = fc.oneof(
  { weight: 2, arbitrary: activated },
  { weight: 4, arbitrary: stopped },
  { weight: 6, arbitrary: others },
  { weight: 1, arbitrary: ended },
  { weight: 3, arbitrary: after },
)

export const newEvents = fc.array(newEvent, { maxLength: 25 })
