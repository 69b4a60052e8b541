import { type JsonObject, isObject } from '../base/json.ts'
import type { EvidenceKind } from './types.ts'
import { evidenceKinds } from './evidence-kinds.ts'
import { configHints, taskHints } from './hints.ts'
import { projectConfigJsonSchema, taskJsonSchema } from './json-schema.ts'
import { supervisorHints } from './supervisor/hints.ts'

/** Tables of docs/configuration.md, by the name in their `<!-- table: name -->` marker. Source: the schemas. */
export function referenceTables(): Readonly<Record<string, string>> {
  const config = projectConfigJsonSchema()
  const task = taskJsonSchema()
  const command = branch(child(config, 'commands', 'additionalProperties'))
  const evidence = child(task, 'evidence', 'items')
  const kinds = (evidence['oneOf'] as JsonObject[]).map((one) => ({ one, fields: properties(one) }))
  const everyField = Object.assign({}, ...kinds.map(({ fields }) => fields)) as JsonObject
  const supervisor = child(config, 'supervisor')
  const agents = child(supervisor, 'agents', 'additionalProperties')['oneOf'] as JsonObject[]
  const supervisorTable = (name: string) =>
    fieldTable(child(supervisor, name), (key) => supervisorHints[`supervisor.${name}.${key}`]?.allowed)
  return {
    config: fieldTable(config, (key) => configHints[key]?.allowed),
    command: fieldTable(command, (key) => configHints[`commands.*.${key}`]?.allowed),
    service: fieldTable(
      child(command, 'services', 'items'),
      (key) => configHints[`commands.*.services[].${key}`]?.allowed,
    ),
    defaults: fieldTable(child(config, 'defaults'), (key) => configHints[`defaults.${key}`]?.allowed),
    policy: fieldTable(child(config, 'policy'), (key) => configHints[`policy.${key}`]?.allowed),
    limits: fieldTable(child(config, 'limits'), (key) => configHints[`limits.${key}`]?.allowed),
    prepare: fieldTable(
      branch(child(config, 'prepare', 'items')),
      (key) => configHints[`prepare[].${key}`]?.allowed,
    ),
    notify: fieldTable(branch(child(config, 'notify')), (key) => configHints[`notify.${key}`]?.allowed),
    supervisor: fieldTable(supervisor, (key) => supervisorHints[`supervisor.${key}`]?.allowed),
    agents: tableOfSeveral(
      'adapter',
      agents.map((one) => [adapterOf(one), one]),
      (_adapter, key) => supervisorHints[`supervisor.agents.*.${key}`]?.allowed,
    ),
    roles: supervisorTable('roles'),
    supervisorLimits: supervisorTable('limits'),
    supervisorParts: tableOfSeveral(
      'in',
      ['escalate', 'review', 'backoff'].map((name) => [name, child(supervisor, name)]),
      (name, key) => supervisorHints[`supervisor.${name}.${key}`]?.allowed,
    ),
    supervisorOn: supervisorTable('on'),
    supervisorHook: fieldTable(
      child(child(supervisor, 'on'), 'parked'),
      (key) => supervisorHints[`supervisor.on.parked.${key}`]?.allowed,
    ),
    task: fieldTable(task, (key) => taskHints[key]?.allowed),
    kinds: table(
      ['kind', 'met when', 'example'],
      kinds.map(({ one, fields }) => {
        const kind = kindOf(fields)
        return [`\`${kind}\``, String(one['description']), `\`${evidenceKinds[kind].example}\``]
      }),
    ),
    evidence: table(
      ['field', 'accepts', 'in', 'meaning'],
      Object.keys(everyField).map((key) => [
        `\`${key}\``,
        taskHints[`evidence[].${key}`]?.allowed ?? '',
        kinds
          .filter(({ fields }) => key in fields)
          .map(({ fields }) => kindOf(fields))
          .join(', '),
        description(everyField[key]),
      ]),
    ),
  }
}

function kindOf(fields: JsonObject): EvidenceKind {
  return (fields['kind'] as { const: EvidenceKind }).const
}

function fieldTable(schema: JsonObject, allowed: (key: string) => string | undefined): string {
  return table(
    ['field', 'accepts', 'default', 'meaning'],
    Object.entries(properties(schema)).map(([key, value]) => [
      `\`${key}\``,
      allowed(key) ?? 'anything',
      standardOf(schema, key),
      description(value),
    ]),
  )
}

/** Fields of several objects in one table, each once, with the objects that have it. */
function tableOfSeveral(
  column: string,
  several: readonly (readonly [string, JsonObject])[],
  allowed: (name: string, key: string) => string | undefined,
): string {
  const keys = [...new Set(several.flatMap(([, schema]) => Object.keys(properties(schema))))]
  return table(
    ['field', 'accepts', column, 'default', 'meaning'],
    keys.map((key) => {
      const having = several.filter(([, schema]) => key in properties(schema))
      const [first = ['', {}] as const] = having
      const [name, schema] = first
      return [
        `\`${key}\``,
        allowed(name, key) ?? 'anything',
        having.map(([one]) => one).join(', '),
        standardOf(schema, key),
        description(properties(schema)[key]),
      ]
    }),
  )
}

function adapterOf(schema: JsonObject): string {
  return (properties(schema)['adapter'] as { const: string }).const
}

function standardOf(schema: JsonObject, key: string): string {
  const required = Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : []
  const value = properties(schema)[key]
  if (required.includes(key)) return 'required'
  return isObject(value) && 'default' in value ? `\`${JSON.stringify(value['default'])}\`` : 'none'
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n')
}

function description(value: unknown): string {
  const text = isObject(value) ? value['description'] : undefined
  return typeof text === 'string' ? text : ''
}

function properties(schema: JsonObject): JsonObject {
  return isObject(schema['properties']) ? schema['properties'] : {}
}

/** Follows property names, then one keyword such as `items`. */
function child(schema: JsonObject, property: string, keyword?: string): JsonObject {
  const found = properties(schema)[property]
  const inner = keyword === undefined || !isObject(found) ? found : found[keyword]
  return isObject(inner) ? inner : {}
}

/** The object branch of "an array or an object". */
function branch(schema: JsonObject): JsonObject {
  return (schema['anyOf'] as JsonObject[]).find((one) => one['type'] === 'object') ?? {}
}
