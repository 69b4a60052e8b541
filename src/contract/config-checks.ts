import { type JsonObject, isObject } from '../base/json.ts'
import { checkBoxFields } from './box-fields.ts'
import { checkRoomFields } from './room-fields.ts'
import { show, where } from './problem.ts'
import { networks } from './network.ts'
import type { Problem } from './types.ts'
import { fieldsOfVersion2 } from './version-fields.ts'

/**
 * What holds between the parts of a project config: profiles name known commands, defaults name known profiles, the
 * final profile asks for something. Works on the raw JSON and skips what has the wrong shape, so that it can report
 * next to the problems of shape.
 */
export function checkConfig(raw: JsonObject): Problem[] {
  const commands = isObject(raw['commands']) ? raw['commands'] : {}
  const profiles = isObject(raw['gateProfiles']) ? raw['gateProfiles'] : {}
  const defaults = isObject(raw['defaults']) ? raw['defaults'] : {}
  const policy = isObject(raw['policy']) ? raw['policy'] : {}
  const version = raw['version'] === 2 ? 2 : 1
  return [
    ...reservedNames('commands', commands),
    ...reservedNames('gateProfiles', profiles),
    ...otherVersion(version, commands),
    ...checkBoxFields(commands),
    ...checkRoomFields(policy, commands),
    ...(version === 2 ? [] : fieldsOfVersion2(raw, commands)),
    ...unknownCommands(commands, profiles),
    ...unknownProfiles(profiles, defaults),
    ...(policy['gates'] === 'none' ? [] : emptyFinal(commands, profiles, defaults)),
  ]
}

/** zod skips this key in records without a word; it must not look accepted. */
function reservedNames(place: string, record: JsonObject): Problem[] {
  return Object.hasOwn(record, '__proto__')
    ? [
        {
          path: where(place, ['__proto__']),
          found: show('__proto__'),
          allowed: 'letters, digits and `_ @ : . / + -`',
          example: '"test"',
        },
      ]
    : []
}

/** The same key says more in version 2. A boolean there, or a word in version 1, would leave open what is meant. */
function otherVersion(version: 1 | 2, commands: JsonObject): Problem[] {
  return Object.entries(commands).flatMap(([name, given]): Problem[] => {
    const network = isObject(given) ? given['network'] : undefined
    const boolean = typeof network === 'boolean'
    if (version === 1 ? !networks.some((one) => one === network) : !boolean) return []
    return [
      {
        path: where('commands', [name, 'network']),
        found: show(network),
        allowed: boolean
          ? `in version 2: ${networks.map(show).join(', ')} (true was "full", false was "none")`
          : `in version 1: true or false; ${networks.map(show).join(', ')} with "version": 2`,
        example: show(boolean ? (network ? 'full' : 'loopback') : network === 'full'),
      },
    ]
  })
}

function unknownCommands(commands: JsonObject, profiles: JsonObject): Problem[] {
  const known = Object.keys(commands)
  return Object.entries(profiles).flatMap(([profile, list]) =>
    !Array.isArray(list)
      ? []
      : list.flatMap((name: unknown, index): Problem[] =>
          typeof name !== 'string' || Object.hasOwn(commands, name)
            ? []
            : [
                {
                  path: where('gateProfiles', [profile, index]),
                  found: show(name),
                  allowed:
                    known.length === 0
                      ? 'the name of a command; none is defined'
                      : `a command: ${known.join(', ')}`,
                  example: show(known[0] ?? 'test'),
                },
              ],
        ),
  )
}

function unknownProfiles(profiles: JsonObject, defaults: JsonObject): Problem[] {
  const known = [...new Set(['fast', 'default', 'final', ...Object.keys(profiles)])]
  return Object.entries(STANDARD).flatMap(([key, standard]): Problem[] => {
    const chosen = defaults[key]
    return typeof chosen !== 'string' || known.includes(chosen)
      ? []
      : [
          {
            path: `defaults.${key}`,
            found: show(chosen),
            allowed: `a gate profile: ${known.join(', ')}`,
            example: show(standard),
          },
        ]
  })
}

/** The profile at each place when `defaults` does not say. */
const STANDARD = { gateProfile: 'default', fastGateProfile: 'fast', finalGateProfile: 'final' }

function emptyFinal(commands: JsonObject, profiles: JsonObject, defaults: JsonObject): Problem[] {
  const none = ', or "policy": {"gates": "none"} to accept "done" without any'
  const gates = Object.entries(commands).filter(([, given]) => !isObject(given) || given['evidence'] !== true)
  const chosen = defaults['finalGateProfile']
  const final = typeof chosen === 'string' ? chosen : STANDARD.finalGateProfile
  const own = (name: string) => (Object.hasOwn(profiles, name) ? profiles[name] : undefined)
  const list = final === 'fast' ? (own('fast') ?? []) : (own(final) ?? own('default') ?? own('final'))
  if (Array.isArray(list) && list.length === 0)
    return [
      {
        path: where('gateProfiles', [final]),
        found: '[]: no command has to pass before a release',
        allowed: `at least one command in the final profile${none}`,
        example: JSON.stringify({ [final]: [gates[0]?.[0] ?? 'test'] }),
      },
    ]
  if (list === undefined && gates.length === 0)
    return [
      {
        path: 'commands',
        found: Object.keys(commands).length === 0 ? 'no command' : 'only commands kept for evidence',
        allowed: `at least one command for the final profile${none}`,
        example: '{"test": ["npm", "test"]}',
      },
    ]
  return []
}
