import { type JsonObject, isObject } from '../base/json.ts'
import { show, where } from './problem.ts'
import type { Problem } from './types.ts'

/** The room stands at the path of the repository, which only a box can bring about: without one nothing is verified in it. */
export function checkRoomFields(policy: JsonObject, commands: JsonObject): Problem[] {
  if (policy['sandbox'] !== 'off') return []
  const asked = [
    ...(policy['verify'] === 'clean-room' ? ['policy.verify'] : []),
    ...Object.entries(commands).flatMap(([name, given]) =>
      isObject(given) && given['verify'] === 'clean-room' ? [where('commands', [name, 'verify'])] : [],
    ),
  ]
  return asked.map((path) => ({
    path,
    found: show('clean-room'),
    allowed: '"in-place" with "sandbox": "off": the clean room is a part of the box, which is then not there',
    example: '"in-place"',
  }))
}
