import { type JsonObject, isObject } from '../base/json.ts'
import { show, where } from './problem.ts'
import { readReach } from './reach.ts'
import type { Problem } from './types.ts'

/** What the fields that speak of the box ask for goes together. */
export function checkBoxFields(commands: JsonObject): Problem[] {
  return Object.entries(commands).flatMap(([name, given]) =>
    isObject(given) ? [...contradictions(name, given), ...withoutBox(name, given)] : [],
  )
}

/** What only a box can do. */
const NEED_THE_BOX = ['keeps', 'gateWrites', 'steps', 'reach', 'secrets', 'services']

/** Of a command that is kept out of the box. */
function withoutBox(name: string, given: JsonObject): Problem[] {
  if (given['box'] !== false) return []
  const problem = (field: string, allowed: string, example: string): Problem => ({
    path: where('commands', [name, field]),
    found: show(given[field]),
    allowed,
    example,
  })
  return [
    ...NEED_THE_BOX.filter((field) => Object.hasOwn(given, field)).map((field) =>
      problem(field, `nothing with "box": false: ${field} needs the box`, '"box": true'),
    ),
    ...(given['verify'] === 'clean-room'
      ? [problem('verify', '"in-place" with "box": false: the clean room is a part of the box', '"in-place"')]
      : []),
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
