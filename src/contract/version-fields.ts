import { type JsonObject, isObject } from '../base/json.ts'
import { show, where } from './problem.ts'
import type { Problem } from './types.ts'

/** Fields that only a box, its layers or the clean room can keep to. */
const OF_VERSION_2 = {
  file: ['limits', 'prepare', 'copy', 'supervisor'],
  policy: ['verify'],
  command: ['keeps', 'gateWrites', 'steps', 'reach', 'secrets', 'services', 'verify', 'tests', 'box'],
} as const

/** In version 1 a command runs whole, in the tree itself, in Codex's sandbox alone, so these would say nothing. */
export function fieldsOfVersion2(raw: JsonObject, commands: JsonObject): Problem[] {
  const at = (
    prefix: string,
    path: readonly string[],
    given: unknown,
    fields: readonly string[],
  ): Problem[] =>
    isObject(given)
      ? fields.flatMap((field) =>
          Object.hasOwn(given, field)
            ? [
                {
                  path: where(prefix, [...path, field]),
                  found: show(given[field]),
                  allowed: 'only with "version": 2: in version 1 gates have neither a box nor a clean room',
                  example: '"version": 2',
                },
              ]
            : [],
        )
      : []
  return [
    ...at('', [], raw, OF_VERSION_2.file),
    ...at('policy', [], raw['policy'], OF_VERSION_2.policy),
    ...Object.entries(commands).flatMap(([name, given]) =>
      at('commands', [name], given, OF_VERSION_2.command),
    ),
  ]
}
