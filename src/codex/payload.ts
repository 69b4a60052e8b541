import { type JsonObject, isObject, parseJson } from '../base/json.ts'
import { type Result, fail, ok } from '../base/result.ts'
import type { Host, HookPayload } from './types.ts'

/** Larger payloads are refused by name: characters. Codex does not cut last_assistant_message or prompt. */
export const MAX_PAYLOAD_CHARS = 64 * 1024 * 1024
/** Ids and paths beyond this are nothing Codex makes. */
const MAX_ID_CHARS = 4096

/**
 * What Codex or Claude Code wrote to the hook's stdin. Strict about the members we use, blind to all others, total: never throws.
 * Failures: `payload-too-large`, `invalid-json`, `payload-event` (an event we do not handle), `payload-invalid`
 * (`data.member` names the member).
 */
export function parsePayload(text: string, host: Host = 'codex'): Result<HookPayload> {
  if (text.length > MAX_PAYLOAD_CHARS)
    return fail('payload-too-large', `the hook payload has ${text.length} characters`)
  const json = parseJson(text, 'the hook payload')
  if (!json.ok) return json
  if (!isObject(json.value)) return invalid('payload', 'an object')
  const problem = { member: null as null | { name: string; wanted: string } }
  const payload = read(new Members(json.value, problem), host === 'claude')
  if (problem.member) return invalid(problem.member.name, problem.member.wanted)
  if (!payload) {
    const name = json.value['hook_event_name']
    return fail(
      'payload-event',
      `unknown hook event ${typeof name === 'string' ? name.slice(0, 80) : '(none)'}`,
    )
  }
  return ok(payload)
}

function read(from: Members, claude: boolean): HookPayload | undefined {
  const turnId = () => from.textOrNull(claude ? 'prompt_id' : 'turn_id')
  const transcript = (name: string) => (claude ? null : from.textOrNull(name))
  const base = {
    ...(claude ? { host: 'claude' as const } : {}),
    sessionId: from.id('session_id'),
    cwd: from.id('cwd'),
    transcriptPath: transcript('transcript_path'),
    model: from.textOrNull('model'),
    agentId: from.textOrNull('agent_id'),
  }
  const event = from.text('hook_event_name')
  switch (event) {
    case 'Stop':
      return {
        event,
        ...base,
        turnId: turnId(),
        stopHookActive: from.flag('stop_hook_active'),
        lastAssistantMessage: from.textOrNull('last_assistant_message'),
        ...(claude ? { background: from.any('background_tasks') } : {}),
      }
    case 'SessionStart':
      return { event, ...base, source: from.text('source') }
    case 'UserPromptSubmit':
      return { event, ...base, turnId: turnId(), prompt: from.text('prompt') }
    case 'PostToolUse':
      return {
        event,
        ...base,
        turnId: turnId(),
        toolName: from.text('tool_name'),
        toolInput: from.any('tool_input'),
      }
    case 'SubagentStart':
      return { event, ...base, agentType: from.textOrNull('agent_type') }
    case 'SubagentStop':
      return {
        event,
        ...base,
        agentType: from.textOrNull('agent_type'),
        agentTranscriptPath: transcript('agent_transcript_path'),
      }
    default:
      return undefined
  }
}

/** Reads members one by one and remembers the first that is wrong. */
class Members {
  readonly #from: JsonObject
  readonly #problem: { member: null | { name: string; wanted: string } }

  constructor(from: JsonObject, problem: { member: null | { name: string; wanted: string } }) {
    this.#from = from
    this.#problem = problem
  }

  /** Own members only, so that `__proto__` in the JSON lends nothing. */
  any(name: string): unknown {
    return Object.hasOwn(this.#from, name) ? (this.#from[name] ?? null) : null
  }

  text(name: string): string {
    const value = this.any(name)
    return typeof value === 'string' ? value : this.#wrong(name, 'a string', '')
  }

  textOrNull(name: string): string | null {
    return this.any(name) === null ? null : this.text(name)
  }

  id(name: string): string {
    const value = this.text(name)
    return value !== '' && value.length <= MAX_ID_CHARS && !value.includes('\0')
      ? value
      : this.#wrong(name, `a text of 1 to ${MAX_ID_CHARS} characters`, '')
  }

  flag(name: string): boolean {
    const value = this.any(name)
    if (value === null) return false
    return typeof value === 'boolean' ? value : this.#wrong(name, 'true or false', false)
  }

  #wrong<T>(name: string, wanted: string, instead: T): T {
    this.#problem.member ??= { name, wanted }
    return instead
  }
}

function invalid(member: string, wanted: string): Result<never> {
  return fail('payload-invalid', `${member} in the hook payload must be ${wanted}`, { data: { member } })
}
