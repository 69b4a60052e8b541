import * as z from 'zod/mini'
import type { JsonObject } from '../../base/json.ts'
import type { Hints } from '../command-hints.ts'
import { fallbackHint, scopeEntryHint, scopeHint } from '../hints.ts'
import { taskJsonSchema } from '../json-schema.ts'
import type { FieldInfo } from '../problem.ts'
import { count, name, once } from '../schema-parts.ts'

/** A contract file's own members; tasks are checked by the schema of tasks. */
export const fileSchema = once(() =>
  z.strictObject({
    $schema: z.exactOptional(z.string()),
    version: z.exactOptional(z.literal(1)),
    objective: z.string(),
    gateProfile: z.exactOptional(name()),
    limits: z.exactOptional(z.strictObject({ maxStopIterations: z.exactOptional(count()) })),
    // What the entries have to be is checked with everything else that a contract asks for.
    scope: z.exactOptional(z.array(z.string())),
    tasks: z.exactOptional(z.array(z.unknown())),
  }),
)

export const fileHints: Hints = {
  '': {
    allowed: 'an object with an objective and tasks',
    example: '{"objective": "Add a --json flag", "tasks": []}',
  },
  $schema: { allowed: 'text: where the JSON schema is', example: '"../../schemas/contract.schema.json"' },
  version: { allowed: '1', example: '1' },
  objective: { allowed: 'text: what is to be done', example: '"Add a --json flag to the export command"' },
  gateProfile: { allowed: 'the name of a gate profile', example: '"final"' },
  limits: { allowed: 'an object', example: '{"maxStopIterations": 8}' },
  'limits.maxStopIterations': { allowed: 'a whole number, 1 to 10000', example: '8' },
  scope: scopeHint,
  'scope.*': scopeEntryHint,
  tasks: {
    allowed: 'a list of tasks',
    example: '[{"id": "T1", "title": "Write it", "evidence": [{"kind": "pathChanged", "glob": "src/**"}]}]',
  },
}

/** What is known about a field, for the words of a Problem. */
export function fileField(path: readonly PropertyKey[]): FieldInfo {
  const key = path.map((one) => (typeof one === 'number' ? '*' : String(one))).join('.')
  const keys = key === '' ? Object.keys(fileSchema().shape) : key === 'limits' ? ['maxStopIterations'] : []
  return { hint: fileHints[key] ?? fallbackHint, keys }
}

/** JSON schema (draft 7) of a contract file, for editors; YAML files name it in a comment of their language server. */
export function contractFileJsonSchema(): JsonObject {
  const { title: _title, $schema, ...task } = taskJsonSchema()
  return {
    $schema,
    title: 'autonomous-loop contract',
    type: 'object',
    additionalProperties: false,
    required: ['objective'],
    properties: {
      $schema: {
        type: 'string',
        description: 'Where an editor finds the JSON schema of this file. Ignored.',
      },
      version: { const: 1, description: 'Version of this format.' },
      objective: {
        type: 'string',
        minLength: 1,
        maxLength: 100_000,
        description: 'What is to be done, in a sentence or a page.',
      },
      gateProfile: {
        type: 'string',
        description: "Profile of the config that must pass (default: the config's).",
      },
      limits: {
        type: 'object',
        additionalProperties: false,
        description: "Limits of this run. Those that are not named are the config's.",
        properties: {
          maxStopIterations: {
            type: 'integer',
            minimum: 1,
            maximum: 10_000,
            description: 'Blocked stops after which the run halts.',
          },
        },
      },
      scope: {
        type: 'array',
        minItems: 1,
        maxItems: 500,
        items: { type: 'string' },
        description:
          "What may differ from the start in this run: globs, and parts of files (`package.json#/dependencies`). It narrows the config's scope.",
      },
      tasks: {
        type: 'array',
        maxItems: 200,
        description: 'What "done" means. Without tasks: something in the workspace has to change.',
        items: task,
      },
    },
  }
}
