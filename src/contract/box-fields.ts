import { type JsonObject, isObject } from '../base/json.ts'
import { show, where } from './problem.ts'
import { readReach } from './reach.ts'
import type { Problem } from './types.ts'

/** Fields of a command that only a box can keep to, with an example for each. */
const OF_VERSION_2 = {
  reach: '["unix:/run/docker.sock"]',
  secrets: '["NPM_TOKEN"]',
  services: '[{"argv": ["redis-server"], "ready": ["redis-cli", "ping"]}]',
} as const

/** What holds for the fields that speak of the box: they are of version 2, and what they ask for goes together. */
export function checkBoxFields(version: 1 | 2, commands: JsonObject): Problem[] {
  return Object.entries(commands).flatMap(([name, given]): Problem[] =>
    isObject(given)
      ? [
          ...(version === 1 ? tooEarly(name, given) : []),
          ...contradictions(name, given),
          ...withoutBox(name, given),
        ]
      : [],
  )
}

function tooEarly(name: string, given: JsonObject): Problem[] {
  return Object.entries(OF_VERSION_2).flatMap(([field, example]): Problem[] =>
    Object.hasOwn(given, field)
      ? [
          {
            path: where('commands', [name, field]),
            found: show(given[field]),
            allowed: `nothing in version 1: ${field} needs "version": 2, in which gates run in a box`,
            example: `"version": 2, with "${field}": ${example}`,
          },
        ]
      : [],
  )
}

/** What only a box can do, of a command that is kept out of it. */
function withoutBox(name: string, given: JsonObject): Problem[] {
  if (given['box'] !== false) return []
  const fields = [...Object.keys(OF_VERSION_2), 'keeps', 'gateWrites', 'steps'].filter((field) =>
    Object.hasOwn(given, field),
  )
  const problem = (field: string, allowed: string, example: string): Problem => ({
    path: where('commands', [name, field]),
    found: show(given[field]),
    allowed,
    example,
  })
  return [
    ...fields.map((field) =>
      problem(field, `nothing with "box": false: ${field} needs the box`, '"box": true'),
    ),
    ...(given['network'] === 'loopback'
      ? [problem('network', '"none" or "full" with "box": false, where there is no loopback', '"none"')]
      : []),
  ]
}

function contradictions(name: string, given: JsonObject): Problem[] {
  const reach: readonly unknown[] = Array.isArray(given['reach']) ? given['reach'] : []
  const alone =
    given['network'] === 'none' && Array.isArray(given['services']) && given['services'].length > 0
  const unheard: Problem[] = alone
    ? [
        {
          path: where('commands', [name, 'network']),
          found: show('none'),
          allowed: '"loopback" or "full" for a command with services, which could not be reached otherwise',
          example: '"loopback"',
        },
      ]
    : []
  const sockets = reach.flatMap((entry, at): Problem[] => {
    const kind = typeof entry === 'string' ? readReach(entry)?.kind : undefined
    const problem = (allowed: string, example: string): Problem[] => [
      { path: where('commands', [name, 'reach', at]), found: show(entry), allowed, example },
    ]
    if (kind === 'socket' && given['network'] === 'none')
      return problem('no socket with network "none", which refuses every connection', '"network": "loopback"')
    if (kind === 'device' && given['tty'] === true)
      return problem('no device together with "tty": true', '"tty": false')
    return []
  })
  return [...unheard, ...sockets]
}
