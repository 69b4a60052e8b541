import * as z from 'zod/mini'
import { type JsonObject, isObject } from '../base/json.ts'
import {
  configDescriptions,
  evidenceDescriptions,
  kindDescriptions,
  taskDescriptions,
} from './descriptions.ts'
import { isEvidenceKind } from './evidence-kinds.ts'
import { configSchemas } from './schema.ts'
import { supervisorSchemas } from './supervisor/schema.ts'
import { taskSchemas } from './task-schema.ts'

/** JSON schema (draft 7, which editors know best) of `.codex/autoloop.project.json`, with descriptions. */
export function projectConfigJsonSchema(): JsonObject {
  const whole = z.extend(configSchemas().project, { supervisor: z.exactOptional(supervisorSchemas().whole) })
  const schema = z.toJSONSchema(whole, { io: 'input', target: 'draft-7' }) as JsonObject
  return {
    ...describe(schema, '', (key) => configDescriptions[key]),
    title: 'autonomous-loop project config',
  }
}

/** JSON schema of one `--task-json` object, with descriptions. */
export function taskJsonSchema(): JsonObject {
  const schema = z.toJSONSchema(taskSchemas().task, { io: 'input', target: 'draft-7' }) as JsonObject
  const described = describe(schema, '', (key) => {
    const [, field] = key.split('evidence[].')
    return field === undefined
      ? taskDescriptions[key]
      : evidenceDescriptions[field as keyof typeof evidenceDescriptions]
  })
  return { ...described, title: 'autonomous-loop task' }
}

/** The same schema with a description at every field; paths as in hints.ts. */
function describe(schema: JsonObject, path: string, text: (path: string) => string | undefined): JsonObject {
  const properties = isObject(schema['properties']) ? schema['properties'] : undefined
  const inner = (value: unknown, at: string) => (isObject(value) ? describe(value, at, text) : value)
  const list = (value: unknown) => (value as unknown[]).map((one) => inner(one, path))
  const description = text(path)
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, value]) => [
          key,
          inner(value, path === '' ? key : `${path}.${key}`),
        ]),
      ),
    }),
    ...(isObject(schema['additionalProperties']) && {
      additionalProperties: inner(schema['additionalProperties'], `${path}.*`),
    }),
    ...(isObject(schema['items']) && { items: inner(schema['items'], `${path}[]`) }),
    ...('anyOf' in schema && { anyOf: list(schema['anyOf']) }),
    ...('oneOf' in schema && { oneOf: list(schema['oneOf']) }),
    ...(description !== undefined && { description }),
    ...ofKind(properties),
  }
}

/** What zod's schema cannot say about evidence: the meaning of the kind, and exactly one of path and glob. */
function ofKind(properties: JsonObject | undefined): JsonObject {
  const kind = isObject(properties?.['kind']) ? properties['kind']['const'] : undefined
  if (typeof kind !== 'string' || !isEvidenceKind(kind)) return {}
  return {
    description: kindDescriptions[kind],
    ...(properties !== undefined &&
      'glob' in properties && { oneOf: [{ required: ['path'] }, { required: ['glob'] }] }),
  }
}
