import { isObject } from '../base/json.ts'
import type { HookAnswer } from '../codex/types.ts'

/**
 * A stop of Claude Code's root while sub-agents of it are at work, by its own word in the payload (`background_tasks`). The end of each
 * begins a turn by itself, whose stop is judged; a block meanwhile would only be repeated until the run halts (both measured on
 * 2.1.332). Null where none is.
 */
export function childrenAtWorkAnswer(tasks: unknown): HookAnswer | null {
  const names = (Array.isArray(tasks) ? tasks : []).flatMap((task: unknown) =>
    isObject(task) && task['type'] === 'subagent' && task['status'] === 'running' ? [String(task['id'])] : [],
  )
  if (names.length === 0) return null
  const text = `autonomous-loop: nothing is judged while sub-agents work (${names.join(', ')}). The contract stays open.`
  return { kind: 'message', text }
}
