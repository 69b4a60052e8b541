import * as fc from 'fast-check'
import { sha256 } from '../../src/base/hash.ts'
import type { NewEvent } from '../../src/ledger/events.ts'
import { activation, command, stop } from './world.ts'

const by = fc.constantFrom('prompt', 'terminal', 'agent', 'hook')
const text = fc.string({ unit: 'binary', maxLength: 30 })
const name = fc.constantFrom('test', 'lint', '__proto__', 'constructor')

const activated = fc
  .nat(5)
  .map((run): NewEvent => ({ type: 'activated', data: activation({ runId: `run-${run}` }) }))
const stopped = fc
  .record({
    verdict: fc.constantFrom('block', 'block', 'block', 'park', 'halt', 'release'),
    signature: fc.constantFrom(sha256('a'), sha256('b')),
    workspace: fc.constantFrom(sha256('c'), sha256('d')),
    commands: fc.array(
      fc
        .tuple(name, fc.constantFrom('passed', 'failed', 'could-not-run'))
        .map(([one, outcome]) => command(one, outcome)),
      { maxLength: 3 },
    ),
    parkCause: fc.constantFrom('wait', 'wait: for a key', 'definition'),
    haltCause: text,
    reason: text,
    notices: fc.array(fc.constantFrom('background', 'definition:1'), { maxLength: 2 }),
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
const ended = fc
  .record({ how: fc.constantFrom('waived', 'disabled'), by, reason: fc.option(text) })
  .map((data): NewEvent => ({ type: 'closed', data }))

export const newEvent: fc.Arbitrary<NewEvent> = fc.oneof(
  { weight: 2, arbitrary: activated },
  { weight: 4, arbitrary: stopped },
  { weight: 6, arbitrary: others },
  { weight: 1, arbitrary: ended },
)

export const newEvents = fc.array(newEvent, { maxLength: 25 })
