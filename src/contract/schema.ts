import * as z from 'zod/mini'
import {
  ENV_NAME,
  argv,
  byDefault,
  count,
  flag,
  glob,
  name,
  noNul,
  relativePath,
  seconds,
  writableDirectory,
} from './schema-parts.ts'

/*
 * The project config. Unknown keys are refused everywhere: a misspelt `timeoutSecond` must not silently mean "the
 * default". What holds between the parts is in config-checks.ts.
 */

const commandShape = {
  argv,
  cwd: byDefault(relativePath(false), '.'),
  timeoutSeconds: byDefault(seconds, 600),
  env: byDefault(z.record(z.string().check(z.regex(ENV_NAME)), z.string().check(noNul)), {}),
  tty: flag(false),
  parallel: flag(false),
  network: flag(false),
  writable: byDefault(z.array(writableDirectory).check(z.maxLength(50)), []),
  pins: byDefault(z.array(relativePath(true)).check(z.maxLength(200)), []),
  evidence: flag(false),
}
export const commandSchema = z.strictObject(commandShape)

const notifyShape = { argv, timeoutSeconds: byDefault(seconds, 30) }

const defaultsShape = {
  gateProfile: byDefault(name, 'default'),
  fastGateProfile: byDefault(name, 'fast'),
  finalGateProfile: byDefault(name, 'final'),
  maxStopIterations: byDefault(count, 12),
  maxRepeatedFailureSignature: byDefault(count, 3),
  maxMinutes: z.exactOptional(z.number().check(z.positive(), z.maximum(100_000))),
  maxTokens: z.exactOptional(z.int().check(z.positive())),
}

const policyShape = {
  control: byDefault(z.enum(['person', 'agent']), 'person'),
  background: byDefault(z.enum(['block', 'allow']), 'block'),
  gateWrites: byDefault(z.array(glob).check(z.maxLength(200)), []),
  sandbox: byDefault(z.enum(['on', 'off']), 'on'),
  gates: byDefault(z.enum(['required', 'none']), 'required'),
}

const defaultsSchema = z.strictObject(defaultsShape)
const policySchema = z.strictObject(policyShape)

export const projectConfigSchema = z.strictObject({
  $schema: z.exactOptional(z.string()),
  version: byDefault(z.literal(1), 1),
  commands: byDefault(z.record(name, z.union([argv, commandSchema])), {}),
  gateProfiles: byDefault(z.record(name, z.array(name).check(z.maxLength(200))), {}),
  defaults: z.exactOptional(defaultsSchema),
  policy: z.exactOptional(policySchema),
  notify: z.exactOptional(z.union([argv, z.strictObject(notifyShape)])),
  semanticReview: z.exactOptional(z.unknown()),
})

/** The objects inside a project config, for defaults, for lists of known keys and for the reference. */
export const configParts = {
  command: commandSchema,
  defaults: defaultsSchema,
  policy: policySchema,
  notify: z.strictObject(notifyShape),
}
