import * as z from 'zod/mini'
import type { JsonObject } from '../base/json.ts'
import { isObject } from '../base/json.ts'
import type { Result } from '../base/result.ts'
import { parseProjectConfig } from './config.ts'
import { fallbackHint } from './hints.ts'
import { type FieldInfo, problemsOf, show, where } from './problem.ts'
import { supervisorHints } from './supervisor/hints.ts'
import { supervisorSchemas } from './supervisor/schema.ts'
import type { ProjectConfig, Problem } from './types.ts'

/**
 * The config with everything in it checked. Hooks read only what was approved, and what is approved was read by this. Errors as
 * those of parseProjectConfig.
 */
export function parseWholeConfig(text: string, file: string): Result<ProjectConfig, Problem[]> {
  return parseProjectConfig(text, file, supervisorProblems)
}

function supervisorProblems(raw: JsonObject): readonly Problem[] {
  const given = raw['supervisor']
  if (!isObject(given)) return []
  const parsed = z.safeParse(supervisorSchemas().whole, given)
  return [
    ...(parsed.success ? [] : problemsOf(parsed.error.issues, given, 'supervisor', supervisorField)),
    ...unknownAgents(given),
  ]
}

/** Looks only at what has the right shape, so that it can report next to the problems of shape. */
function unknownAgents(supervisor: JsonObject): Problem[] {
  const known = isObject(supervisor['agents']) ? Object.keys(supervisor['agents']) : []
  const roles = isObject(supervisor['roles']) ? supervisor['roles'] : {}
  return Object.entries(roles).flatMap(([role, list]) =>
    !Array.isArray(list)
      ? []
      : list.flatMap((name: unknown, index): Problem[] =>
          typeof name !== 'string' || known.includes(name)
            ? []
            : [
                {
                  path: where('supervisor.roles', [role, index]),
                  found: show(name),
                  allowed:
                    known.length === 0
                      ? 'the name of an agent; supervisor.agents has none'
                      : `an agent: ${known.join(', ')}`,
                  example: show(known[0] ?? 'codex'),
                },
              ],
        ),
  )
}

/** Names that the user chose become `*`, elements `[]`, as in config.ts. */
function supervisorField(path: readonly PropertyKey[], value: unknown): FieldInfo {
  const key = path.reduce<string>(
    (before, part) =>
      typeof part === 'number'
        ? `${before}[]`
        : `${before}.${before === 'supervisor.agents' ? '*' : String(part)}`,
    'supervisor',
  )
  return { hint: supervisorHints[key] ?? fallbackHint, keys: keysAt(key, value) }
}

const OBJECTS = {
  supervisor: 'whole',
  'supervisor.roles': 'roles',
  'supervisor.escalate': 'escalate',
  'supervisor.review': 'review',
  'supervisor.limits': 'limits',
  'supervisor.backoff': 'backoff',
  'supervisor.on': 'on',
} as const

const ADAPTERS = ['codex', 'claude', 'gemini', 'command'] as const

function keysAt(place: string, value: unknown): string[] {
  const schemas = supervisorSchemas()
  if (Object.hasOwn(OBJECTS, place)) return Object.keys(schemas[OBJECTS[place as keyof typeof OBJECTS]].shape)
  if (/^supervisor\.on\.\w+$/.test(place)) return Object.keys(schemas.hook.shape)
  const adapter = place === 'supervisor.agents.*' && isObject(value) ? value['adapter'] : undefined
  const known = ADAPTERS.find((one) => one === adapter)
  return known === undefined ? [] : Object.keys(schemas[known].shape)
}
