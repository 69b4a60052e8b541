import { canonicalJson, sha256 } from '../base/hash.ts'
import { type JsonObject, isObject, parseJson } from '../base/json.ts'
import { type Result, ok } from '../base/result.ts'
import { tomlValues } from '../base/toml.ts'

/**
 * What Codex makes of one hook, by its files:
 * - `trusted`, `managed`: it runs.
 * - `untrusted`: nobody trusted what stands at this place; `modified`: something else was trusted there.
 * - `disabled`: switched off by itself; `off`: hooks are switched off as a whole.
 * - `missing`: hooks.json does not hold it; `unreadable`: Codex drops the whole hooks.json.
 */
export type HookState =
  | 'trusted'
  | 'managed'
  | 'untrusted'
  | 'modified'
  | 'disabled'
  | 'off'
  | 'missing'
  | 'unreadable'

export interface HookStanding {
  readonly state: HookState
  /** `<hooks.json>:<event>:<group>:<handler>`; null where it has no place. */
  readonly key: string | null
}

/** Texts of the files; null where there is none. */
export interface HookFiles {
  /** The name under which Codex knows hooks.json: its directory with links resolved, a link in its own place not. */
  readonly hooksFile: string
  readonly hooks: string | null
  readonly config: string | null
  /** Whether the machine's requirements hold our hooks, which nobody can switch off. */
  readonly managed: boolean
}

/** Whether Codex runs a hook that stands like this. */
export function isRunning(state: HookState): boolean {
  return state === 'trusted' || state === 'managed'
}

/**
 * How the hooks with these commands stand, by event, without asking Codex: trust belongs to a position in hooks.json, so
 * another tool's hook that is added or removed before ours takes it away. Layers that the files do not show (flags of one
 * call, a project's `features.hooks`) are not seen. Pure. Code: `invalid-toml` (then Codex does not start either).
 */
export function hookStandings(
  files: HookFiles,
  commands: ReadonlyMap<string, string>,
): Result<ReadonlyMap<string, HookStanding>> {
  const config = tomlValues(files.config ?? '')
  if (!config.ok) return config
  const settings = new Map(config.value.map(({ path, value }) => [path.join('\0'), value]))
  const events = eventsOf(files.hooks)
  const standing = (event: string, command: string): HookStanding => {
    if (files.managed) return { state: 'managed', key: null }
    if (settings.get('features\0hooks') === false) return { state: 'off', key: null }
    if (events === null) return { state: 'unreadable', key: null }
    const found = placesOf(events, event, command).map(({ group, index, hash }): HookStanding => {
      const key = `${files.hooksFile}:${snake(event)}:${group}:${index}`
      const own = (name: string) => settings.get(['hooks', 'state', key, name].join('\0'))
      // First, because trust alone would not make it run, nor does what bypasses trust.
      if (own('enabled') === false) return { state: 'disabled', key }
      const trusted = own('trusted_hash')
      return { state: trusted === hash ? 'trusted' : trusted === undefined ? 'untrusted' : 'modified', key }
    })
    // One that runs outweighs a copy that does not.
    return found.find(({ state }) => isRunning(state)) ?? found[0] ?? { state: 'missing', key: null }
  }
  return ok(new Map([...commands].map(([event, command]) => [event, standing(event, command)])))
}

/** Null where Codex takes nothing from the file. */
function eventsOf(text: string | null): JsonObject | null {
  if (text === null) return {}
  const json = parseJson(text, 'hooks.json')
  if (!json.ok || !isObject(json.value)) return null
  if (Object.keys(json.value).some((name) => name !== 'hooks' && name !== 'description')) return null
  const hooks = json.value['hooks'] ?? {}
  return isObject(hooks) ? hooks : null
}

function placesOf(
  events: JsonObject,
  event: string,
  command: string,
): { group: number; index: number; hash: string }[] {
  return list(events[event]).flatMap((group, at) =>
    isObject(group)
      ? list(group['hooks']).flatMap((handler, index) =>
          isObject(handler) && handler['type'] === 'command' && handler['command'] === command
            ? [{ group: at, index, hash: hashOf(event, group, handler) }]
            : [],
        )
      : [],
  )
}

/** The hash that Codex trusts (measured with 0.169 and 0.171): defaults filled in, keys sorted, unknown keys left out. */
function hashOf(event: string, group: JsonObject, handler: JsonObject): string {
  const { command, timeout, statusMessage, additionalContextLimit } = handler
  const matcher = matched.has(event) ? (group['matcher'] ?? undefined) : undefined
  const hashed = {
    event_name: snake(event),
    matcher,
    hooks: [
      {
        type: 'command',
        command,
        timeout: typeof timeout === 'number' ? Math.max(1, timeout) : 600,
        async: handler['async'] === true,
        statusMessage: statusMessage ?? undefined,
        additionalContextLimit: additionalContextLimit ?? undefined,
      },
    ],
  }
  return `sha256:${sha256(canonicalJson(hashed))}`
}

/** Elsewhere Codex ignores a matcher. */
const matched: ReadonlySet<string> = new Set(['SessionStart', 'PostToolUse', 'SubagentStart', 'SubagentStop'])

function snake(event: string): string {
  return event.replaceAll(/(?!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase()
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
