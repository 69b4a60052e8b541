import { isObject, parseJson } from '../base/json.ts'
import type { HookStanding } from '../codex/hook-standing.ts'

/**
 * How the hooks with these commands stand in the text of a settings.json. It must be strict JSON: with a comment or a trailing comma Claude
 * Code ignores the whole file (measured on 2.1.332). A project's own settings may also say `disableAllHooks`, which is not seen here,
 * and then no hook of ours runs at all. Pure.
 */
export function settingsStandings(
  text: string | null,
  commands: ReadonlyMap<string, string>,
): ReadonlyMap<string, HookStanding> {
  const json = text === null ? null : parseJson(text.replace(/^\uFEFF/, ''), 'settings.json')
  const settings = json?.ok && isObject(json.value) ? json.value : null
  const hooks = settings?.['hooks']
  const state = (event: string, command: string): HookStanding['state'] => {
    if (text === null) return 'missing'
    if (settings === null) return 'unreadable'
    if (settings['disableAllHooks'] === true) return 'off'
    return commandsOf(isObject(hooks) ? hooks[event] : null).includes(command) ? 'trusted' : 'missing'
  }
  return new Map(
    [...commands].map(([event, command]) => [event, { state: state(event, command), key: null }]),
  )
}

function commandsOf(groups: unknown): readonly unknown[] {
  return list(groups)
    .flatMap((group) => (isObject(group) ? list(group['hooks']) : []))
    .map((hook) => (isObject(hook) ? hook['command'] : null))
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
