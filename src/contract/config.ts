import { type JsonObject, isObject, parseJson } from '../base/json.ts'
import { type Result, err, ok } from '../base/result.ts'
import { checkConfig } from './config-checks.ts'
import { configHints, fallbackHint } from './hints.ts'
import { normalGlob, normalPath } from './path-rules.ts'
import { type FieldInfo, bounded, problemsOf, show } from './problem.ts'
import { normalScope } from './scope.ts'
import { type CommandInput, type ConfigInput, type PrepareInput, configSchemas } from './schema.ts'
import type { Command, PrepareStep, ProjectConfig, Problem } from './types.ts'
import * as z from 'zod/mini'

/** Largest config read, in UTF-16 units; real ones have a few thousand. */
export const MAX_CONFIG_LENGTH = 1_000_000

/**
 * Reads `.codex/autoloop.project.json` from its text: normalised, every default filled in. `file` only names the place
 * in the words. `more` finds further problems in the raw object. Errors: every problem of the file in one answer, never thrown.
 */
export function parseProjectConfig(
  text: string,
  file: string,
  more?: (raw: JsonObject) => readonly Problem[],
): Result<ProjectConfig, Problem[]> {
  const whole = (found: string, allowed: string): Problem[] =>
    bounded([{ path: file, found, allowed, example: configHints['']!.example }])
  if (text.length > MAX_CONFIG_LENGTH)
    return err(whole(`${text.length} characters`, `at most ${MAX_CONFIG_LENGTH} characters`))
  const json = parseJson(text.replace(/^\ufeff/, ''), file)
  if (!json.ok) return err(whole(json.error.message, 'one JSON object, without comments'))
  if (!isObject(json.value)) return err(whole('JSON that is not an object', 'one JSON object'))

  const parsed = z.safeParse(configSchemas().project, json.value)
  const problems = [
    ...(parsed.success ? [] : problemsOf(parsed.error.issues, json.value, '', configField)),
    ...checkConfig(json.value),
    ...(more?.(json.value) ?? []),
  ]
  return parsed.success && problems.length === 0 ? ok(normalise(parsed.data)) : err(bounded(problems))
}

function normalise(config: ConfigInput): ProjectConfig {
  const version = config.version === 2 ? 2 : 1
  const commands = Object.fromEntries(
    Object.entries(config.commands).map(([name, given]) => [name, normalCommand(name, given, version)]),
  )
  const defaults = config.defaults ?? z.parse(configSchemas().defaults, {})
  const policy = config.policy ?? z.parse(configSchemas().policy, {})
  const notify = Array.isArray(config.notify)
    ? z.parse(configSchemas().notify, { argv: config.notify })
    : config.notify
  return {
    version,
    commands,
    gateProfiles: allProfiles(config.gateProfiles, Object.values(commands)),
    defaults,
    policy: {
      ...policy,
      gateWrites: policy.gateWrites.map(normalGlob),
      ...(policy.scope === undefined ? {} : { scope: normalScope(policy.scope) }),
    },
    ...(config.limits === undefined ? {} : { limits: config.limits }),
    ...(config.prepare === undefined ? {} : { prepare: config.prepare.map(normalStep) }),
    ...(config.copy === undefined ? {} : { copy: config.copy.map(normalGlob) }),
    ...(notify === undefined ? {} : { notify }),
    ...(config.supervisor === undefined ? {} : { supervisor: config.supervisor }),
  }
}

/**
 * The profiles given and the three that always exist: `fast` is empty, `default` and `final` stand in for each other,
 * and with neither both are every command except those kept for evidence.
 */
function allProfiles(
  given: Readonly<Record<string, readonly string[]>>,
  commands: readonly Command[],
): Record<string, readonly string[]> {
  const everything = commands.filter((command) => !command.evidence).map((command) => command.name)
  const own = (name: string) => (Object.hasOwn(given, name) ? given[name] : undefined)
  const profiles = {
    fast: own('fast') ?? [],
    default: own('default') ?? own('final') ?? everything,
    final: own('final') ?? own('default') ?? everything,
    ...given,
  }
  return Object.fromEntries(Object.entries(profiles).map(([name, list]) => [name, [...new Set(list)]]))
}

function normalCommand(name: string, given: readonly string[] | CommandInput, version: 1 | 2): Command {
  const command = 'argv' in given ? given : z.parse(configSchemas().command, { argv: given })
  const { network = version === 2 ? 'loopback' : false, keeps, gateWrites } = command
  return {
    name,
    ...command,
    network: version === 2 && command.box === false ? network === 'full' : network,
    cwd: normalPath(command.cwd),
    pins: command.pins.map(normalPath),
    ...(keeps === undefined ? {} : { keeps: keeps.map(normalGlob) }),
    ...(gateWrites === undefined ? {} : { gateWrites: gateWrites.map(normalGlob) }),
  }
}

function normalStep(given: readonly string[] | PrepareInput): PrepareStep {
  const step = 'argv' in given ? given : z.parse(configSchemas().prepare, { argv: given })
  return { ...step, cwd: normalPath(step.cwd) }
}

/** Names that the user chose become `*`, elements `[]`: `commands.test.argv[1]` is found under `commands.*.argv[]`. */
function configField(path: readonly PropertyKey[], value: unknown): FieldInfo {
  const key = path.reduce<string>((before, part) => {
    if (typeof part === 'number') return `${before}[]`
    const own = ['commands', 'gateProfiles', 'commands.*.env', 'prepare[].env'].includes(before)
      ? '*'
      : String(part)
    return before === '' ? own : `${before}.${own}`
  }, '')
  const hint = configHints[key] ?? fallbackHint
  const example = /^(?:commands\.\*|notify|prepare\[\])(?:\.argv)?$/.test(key)
    ? argvExample(value)
    : undefined
  return { hint: example === undefined ? hint : { ...hint, example }, keys: keysAt(key) }
}

/** A command line in one string, as argv: split at spaces, or handed to a shell if it uses one's syntax. */
function argvExample(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.trim() === '' || value.length > 100) return undefined
  const words = /[^\w\s./:@=,+%-]/.test(value) ? ['sh', '-c', value.trim()] : value.trim().split(/\s+/)
  return `[${words.map(show).join(', ')}]`
}

/** The objects of the config: their place and the name of their schema. */
const OBJECTS = {
  '': 'project',
  'commands.*': 'command',
  'commands.*.services[]': 'service',
  defaults: 'defaults',
  policy: 'policy',
  notify: 'notify',
  limits: 'limits',
  'prepare[]': 'prepare',
} as const

function keysAt(place: string): string[] {
  return Object.hasOwn(OBJECTS, place)
    ? Object.keys(configSchemas()[OBJECTS[place as keyof typeof OBJECTS]].shape)
    : []
}
