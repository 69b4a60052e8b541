import { type JsonObject, isObject } from '../base/json.ts'
import { show, where } from './problem.ts'
import type { Problem } from './types.ts'

/** The room stands at the path of the repository, which only a box can bring about: without one nothing is verified in it. */
export function checkRoomFields(policy: JsonObject, commands: JsonObject): Problem[] {
  return [...checkPlaces(policy, commands), ...checkTests(policy, commands)]
}

/** Files of another moment can be put in the place of the work's only where the work itself does not lie. */
function checkTests(policy: JsonObject, commands: JsonObject): Problem[] {
  return Object.entries(commands).flatMap(([name, given]): Problem[] => {
    if (!isObject(given) || given['tests'] !== 'start') return []
    const { verify = policy['verify'], box } = given
    if (verify === 'clean-room' && box !== false && policy['sandbox'] !== 'off') return []
    return [
      {
        path: where('commands', [name, 'tests']),
        found: show('start'),
        allowed:
          'only for a command with "verify": "clean-room" (its own or the policy\'s): in the workspace lie the tests of the work',
        example: '"verify": "clean-room", "tests": "start"',
      },
    ]
  })
}

function checkPlaces(policy: JsonObject, commands: JsonObject): Problem[] {
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
