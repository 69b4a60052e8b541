import * as z from 'zod/mini'
import { networks } from '../network.ts'
import {
  ENV_NAME,
  argv,
  byDefault,
  count,
  glob,
  name,
  noNul,
  once,
  seconds,
  writableDirectory,
} from '../schema-parts.ts'
import { configSchemas } from '../schema.ts'

/*
 * `supervisor` of the project config. No hook reads it, so it stays out of schema.ts, which every stop pays for. The defaults
 * are the supervisor's own: `supervisorOf` fills them in where the config says nothing.
 */

/** What starts a conversation. `bin`: the program itself; absent: it is looked for. */
const program = () => z.exactOptional(z.string().check(z.minLength(1), z.maxLength(1024), noNul()))
/** Vendors name new ones without asking us. */
const vendorWord = () => z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_.:/@-]{0,99}$/))
const word = () => z.exactOptional(vendorWord())

const adapters = {
  codex: () =>
    z.strictObject({
      adapter: z.literal('codex'),
      model: word(),
      effort: word(),
      bin: program(),
      /** Its sandbox knows nothing between. */
      network: byDefault(z.enum(['none', 'full']), 'none'),
    }),
  claude: () =>
    z.strictObject({ adapter: z.literal('claude'), model: word(), effort: word(), bin: program() }),
  gemini: () => z.strictObject({ adapter: z.literal('gemini'), model: word(), bin: program() }),
  command: () =>
    z.strictObject({
      adapter: z.literal('command'),
      argv: argv(),
      sandbox: byDefault(z.enum(['on', 'off']), 'on'),
      network: byDefault(z.enum(networks), 'full'),
      writable: byDefault(z.array(writableDirectory()).check(z.maxLength(50)), []),
      secrets: byDefault(z.array(z.string().check(z.regex(ENV_NAME))).check(z.maxLength(50)), []),
    }),
}

/** The name of an agent. Not `__proto__` and its kind, see NAME. */
const agents = () => z.array(name()).check(z.maxLength(20))

const roles = () =>
  z.strictObject({
    work: z.exactOptional(agents().check(z.minLength(1))),
    plan: byDefault(agents(), []),
    planReview: byDefault(agents(), []),
    review: byDefault(agents(), []),
  })

const tokens = () => z.exactOptional(z.int().check(z.positive()))
const minutes = () => z.number().check(z.positive(), z.maximum(100_000))

const limits = () =>
  z.strictObject({
    attempts: byDefault(count(), 5),
    turns: byDefault(count(), 12),
    spawns: byDefault(count(), 40),
    spawnsPerDay: byDefault(count(), 400),
    noProgress: byDefault(count(), 3),
    agentFailures: byDefault(count(), 3),
    parkedInARow: byDefault(count(), 5),
    silentMinutes: byDefault(minutes(), 10),
    turnMinutes: byDefault(minutes(), 60),
    itemMinutes: z.exactOptional(minutes()),
    batchMinutes: z.exactOptional(minutes()),
    turnTokens: tokens(),
    itemTokens: tokens(),
    batchTokens: tokens(),
  })

const backoff = () =>
  z.strictObject({ baseSeconds: byDefault(seconds(), 10), maxSeconds: byDefault(seconds(), 300) })

/** As `notify`, with more time. */
const hook = () => z.extend(configSchemas().notify, { timeoutSeconds: byDefault(seconds(), 60) })

const hooks = () =>
  z.strictObject({
    attemptStart: z.exactOptional(hook()),
    attemptEnd: z.exactOptional(hook()),
    parked: z.exactOptional(hook()),
    completed: z.exactOptional(hook()),
  })

/** What git takes for the name of a branch, as far as it matters here: it is never an option, a path out, or a revision. */
const BRANCH = /^(?![-/.])(?!.*(?:\.\.|\/\/|\/\.|@\{|[\x00-\x20\x7f~^:?*[\\]|\.lock(?:\/|$)|[/.]$)).{1,200}$/

/** The schema of `supervisor`, `whole`, and those of the objects in it. */
export const supervisorSchemas = once(() => {
  const parts = {
    codex: adapters.codex(),
    claude: adapters.claude(),
    gemini: adapters.gemini(),
    command: adapters.command(),
    roles: roles(),
    escalate: z.strictObject({ afterFailures: byDefault(count(), 2), effort: vendorWord() }),
    review: z.strictObject({ rounds: byDefault(count(), 3) }),
    limits: limits(),
    backoff: backoff(),
    on: hooks(),
    hook: hook(),
  }
  const { codex, claude, gemini, command } = parts
  const agent = z.discriminatedUnion('adapter', [codex, claude, gemini, command])
  const whole = z.strictObject({
    agents: byDefault(z.record(name(), agent), {}),
    roles: z.exactOptional(parts.roles),
    escalate: z.exactOptional(parts.escalate),
    jobs: byDefault(z.int().check(z.positive(), z.maximum(64)), 1),
    gateJobs: z.exactOptional(z.int().check(z.positive(), z.maximum(64))),
    target: z.exactOptional(z.string().check(z.regex(BRANCH))),
    protect: byDefault(z.array(glob()).check(z.maxLength(200)), []),
    review: z.exactOptional(parts.review),
    limits: z.exactOptional(parts.limits),
    backoff: z.exactOptional(parts.backoff),
    onQuota: byDefault(z.enum(['wait', 'exit', 'next']), 'wait'),
    on: z.exactOptional(parts.on),
  })
  return { ...parts, whole }
})

export type SupervisorInput = z.output<ReturnType<typeof supervisorSchemas>['whole']>
