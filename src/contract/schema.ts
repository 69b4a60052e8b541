import * as z from 'zod/mini'
import { networks } from './network.ts'
import { places } from './verify.ts'
import {
  ENV_NAME,
  argv,
  byDefault,
  copied,
  count,
  flag,
  glob,
  name,
  noNul,
  once,
  reached,
  relativePath,
  scope,
  seconds,
  writableDirectory,
} from './schema-parts.ts'

/*
 * The project config. Unknown keys are refused everywhere: a misspelt `timeoutSecond` must not silently mean "the
 * default". What holds between the parts is in config-checks.ts.
 */

const service = () =>
  z.strictObject({
    argv: argv(),
    ready: argv(),
    stop: z.exactOptional(argv()),
    timeoutSeconds: byDefault(seconds(), 30),
  })

const started = (timeoutSeconds: number) => ({
  argv: argv(),
  cwd: byDefault(relativePath(false), '.'),
  timeoutSeconds: byDefault(seconds(), timeoutSeconds),
  env: byDefault(z.record(z.string().check(z.regex(ENV_NAME)), z.string().check(noNul())), {}),
  writable: byDefault(z.array(writableDirectory()).check(z.maxLength(50)), []),
  secrets: z.exactOptional(z.array(z.string().check(z.regex(ENV_NAME))).check(z.maxLength(50))),
})

/** Installing from nothing takes longer than a test. */
const prepare = () => z.strictObject({ ...started(1800), network: byDefault(z.enum(networks), 'none') })

const command = () =>
  z.strictObject({
    ...started(600),
    tty: flag(false),
    parallel: flag(false),
    // Which of them are allowed, and which is meant by none, depends on the version.
    network: z.exactOptional(z.union([z.boolean(), z.enum(networks)])),
    pins: byDefault(z.array(relativePath(true)).check(z.maxLength(200)), []),
    evidence: flag(false),
    verify: z.exactOptional(z.enum(places)),
    tests: z.exactOptional(z.literal('start')),
    keeps: z.exactOptional(z.array(glob()).check(z.maxLength(200))),
    gateWrites: z.exactOptional(z.array(glob()).check(z.maxLength(200))),
    steps: z.exactOptional(z.boolean()),
    box: z.exactOptional(z.boolean()),
    services: z.exactOptional(z.array(service()).check(z.maxLength(20))),
    reach: z.exactOptional(z.array(reached()).check(z.maxLength(50))),
  })

const limits = () =>
  z.strictObject({
    outputBytes: z.exactOptional(z.int().check(z.positive())),
    layerBytes: z.exactOptional(z.int().check(z.positive())),
  })

const notify = () =>
  z.strictObject({
    argv: argv(),
    timeoutSeconds: byDefault(seconds(), 30),
    network: flag(false),
    sandbox: byDefault(z.enum(['on', 'off']), 'on'),
  })

const defaults = () =>
  z.strictObject({
    gateProfile: byDefault(name(), 'default'),
    fastGateProfile: byDefault(name(), 'fast'),
    finalGateProfile: byDefault(name(), 'final'),
    maxStopIterations: byDefault(count(), 12),
    maxRepeatedFailureSignature: byDefault(count(), 3),
    maxMinutes: z.exactOptional(z.number().check(z.positive(), z.maximum(100_000))),
    maxTokens: z.exactOptional(z.int().check(z.positive())),
  })

const policy = () =>
  z.strictObject({
    control: byDefault(z.enum(['person', 'agent']), 'person'),
    background: byDefault(z.enum(['block', 'allow']), 'block'),
    gateWrites: byDefault(z.array(glob()).check(z.maxLength(200)), []),
    sandbox: byDefault(z.enum(['on', 'off']), 'on'),
    gates: byDefault(z.enum(['required', 'none']), 'required'),
    verify: z.exactOptional(z.enum(places)),
    scope: z.exactOptional(scope()),
  })

/** The schema of the file, `project`, and those of the objects in it. */
export const configSchemas = once(() => {
  const parts = {
    command: command(),
    service: service(),
    defaults: defaults(),
    policy: policy(),
    notify: notify(),
    limits: limits(),
    prepare: prepare(),
  }
  const project = z.strictObject({
    $schema: z.exactOptional(z.string()),
    // The original wrote "0.1"; what it means is the same.
    version: byDefault(z.union([z.literal(1), z.literal(2), z.literal('0.1')]), 1),
    commands: byDefault(z.record(name(), z.union([argv(), parts.command])), {}),
    gateProfiles: byDefault(z.record(name(), z.array(name()).check(z.maxLength(200))), {}),
    defaults: z.exactOptional(parts.defaults),
    policy: z.exactOptional(parts.policy),
    limits: z.exactOptional(parts.limits),
    prepare: z.exactOptional(z.array(z.union([argv(), parts.prepare])).check(z.maxLength(20))),
    copy: z.exactOptional(z.array(copied()).check(z.maxLength(200))),
    notify: z.exactOptional(z.union([argv(), parts.notify])),
    // What stands in it is checked by whole-config.ts: no hook reads it.
    supervisor: z.exactOptional(z.record(z.string(), z.unknown())),
    semanticReview: z.exactOptional(z.unknown()),
  })
  return { ...parts, project }
})

export type ConfigInput = z.output<ReturnType<typeof configSchemas>['project']>
export type CommandInput = z.output<ReturnType<typeof command>>
export type PrepareInput = z.output<ReturnType<typeof prepare>>
