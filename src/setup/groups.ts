import * as z from 'zod/mini'
import type { InstalledHooks, OurGroup } from '../codex/hooks-file/json.ts'
import type { HookEvent } from '../codex/types.ts'
import { configChangeCommand, hookCommand } from './shim.ts'

export const defaultStopTimeoutSeconds = 3600
/** Below this even an ordinary test suite would run into it, and a hook that Codex kills lets the stop through. */
export const smallestStopTimeoutSeconds = 60
/** Everything but a stop is answered in milliseconds. */
const quickTimeoutSeconds = 60

/** What stands in hooks.json for one home. SessionStart has no matcher: `compact`, `clear` and `fork` matter as much as `startup`. */
export function ourGroups(home: string, stopTimeoutSeconds: number): OurGroup[] {
  const quick = (event: HookEvent) => ({
    event,
    command: hookCommand(home, event),
    timeout: quickTimeoutSeconds,
  })
  return [
    {
      event: 'Stop',
      command: hookCommand(home, 'Stop'),
      timeout: stopTimeoutSeconds,
      statusMessage: 'checking the contract',
    },
    quick('SessionStart'),
    quick('UserPromptSubmit'),
    { ...quick('PostToolUse'), matcher: '^update_plan$' },
    quick('SubagentStart'),
    quick('SubagentStop'),
  ]
}

/**
 * What stands in Claude Code's settings. Its own word at a stop says which sub-agents are at work, so their hooks are not needed; and it
 * has no plan tool like Codex's.
 */
export function claudeGroups(home: string, stopTimeoutSeconds: number): OurGroup[] {
  const own = ourGroups(home, stopTimeoutSeconds)
    .filter(({ event }) => claudeEvents.includes(event))
    .map((group) => ({ ...group, command: hookCommand(home, group.event as HookEvent, 'claude') }))
  return [...own, { event: 'ConfigChange', command: configChangeCommand(home), timeout: quickTimeoutSeconds }]
}

const claudeEvents = ['Stop', 'SessionStart', 'UserPromptSubmit']

const installedSchema = z.object({
  originalSha256: z.nullable(z.string()),
  pieces: z.array(z.string()),
  merged: z.nullable(z.object({ sha256: z.string(), offsets: z.array(z.number()) })),
  created: z.array(z.string()),
})

/** The record of a merge as machine.json holds it; null when there is none, or it is not one. */
export function installedRecord(value: unknown): InstalledHooks | null {
  const parsed = installedSchema.safeParse(value)
  return parsed.success ? parsed.data : null
}
