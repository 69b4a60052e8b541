import type { Result } from '../base/result.ts'
import { shellWord } from '../base/shell-word.ts'
import { type HookStanding, type HookState, isRunning } from '../codex/hook-standing.ts'
import type { HookEvent, Host } from '../codex/types.ts'
import type { HookLook } from './hook-look.ts'

/** Whether Codex (or Claude Code) runs our Stop hook in a session, which alone holds it. */
export type StopHeld =
  | { readonly kind: 'held' }
  /** The files do not tell, and nothing speaks against it. */
  | { readonly kind: 'unknown' }
  | NotHeld

export interface NotHeld {
  readonly kind: 'not-held'
  readonly state: HookState
  /** A sentence without a full stop. */
  readonly why: string
  readonly fix: string
}

/**
 * How the Stop hook stands, by a look at the files. `witness` is a hook of ours that runs, or ran, in the thread in question:
 * where the look denies that one too, trust was bypassed (`--dangerously-bypass-hook-trust`) or the files have changed
 * since the thread began, and the look says nothing about this thread. Null then, and when there was no look. Pure.
 */
export function stopStanding(look: Result<HookLook>, witness: HookEvent | null): HookStanding | null {
  const stop = look.ok ? look.value.get('Stop') : undefined
  if (!look.ok || stop === undefined) return null
  const seen = witness === null ? undefined : look.value.get(witness)?.state
  const denied = seen !== undefined && !isRunning(seen)
  // A bypass of trust runs what nobody trusts, not what is switched off or missing.
  const bypassed = stop.state === 'untrusted' || stop.state === 'modified' || stop.state === seen
  return denied && bypassed ? null : stop
}

/**
 * Both must run it: the thread, by the look at its start (`began`; undefined when there was none), and the next one, by
 * the files as they are now. Pure.
 */
export function stopHeld(
  sessionId: string,
  began: HookState | undefined,
  now: HookStanding | null,
  host: Host = 'codex',
): StopHeld {
  const claude = host === 'claude'
  const name = claude ? 'Claude Code' : 'Codex'
  const again = `start this session again: ${claude ? 'claude --resume' : 'codex resume'} ${shellWord(sessionId)}`
  const fixOf = claude ? () => 'autonomous-loop bootstrap --claude' : hookFix
  if (now !== null && !isRunning(now.state))
    return {
      kind: 'not-held',
      state: now.state,
      why: `${name} does not run our Stop hook: ${claude ? whyNotInSettings(now) : whyNotRun(now)}`,
      fix: `${fixOf(now.state)}, then ${again}`,
    }
  // Claude Code reads its settings again: how they stood at the start tells only where they cannot be read now.
  const counts = !claude || now === null
  if (counts && began !== undefined && !isRunning(began))
    return {
      kind: 'not-held',
      state: began,
      why: `${name} did not run our Stop hook when this session began (${began})${claude ? '' : ', and goes on with what it saw then'}`,
      fix: now === null ? `${fixOf(began)}, then ${again}` : again,
    }
  return now === null && began === undefined ? { kind: 'unknown' } : { kind: 'held' }
}

/** Why Codex does not run a hook that stands like this, with its place. */
export function whyNotRun({ state, key }: HookStanding): string {
  return `${reasons[state]}${key === null ? '' : ` (${key})`}`
}

/** The same of Claude Code, which knows no trust. */
export function whyNotInSettings({ state }: HookStanding): string {
  if (state === 'off') return 'its settings say disableAllHooks'
  return state === 'unreadable'
    ? 'its settings.json is not strict JSON, and Claude Code ignores it as a whole'
    : 'its settings.json does not hold it'
}

const reasons: Readonly<Record<HookState, string>> = {
  trusted: 'it runs',
  managed: 'it runs',
  untrusted: 'nobody has trusted it where it stands now',
  modified:
    'another hook was trusted where it stands now: trust belongs to the position, which changes when a hook before it comes or goes',
  disabled: 'it is switched off in Codex',
  off: 'hooks are switched off in Codex as a whole',
  missing: 'hooks.json does not hold it',
  unreadable: 'Codex cannot read hooks.json and ignores it',
}

/** The one command that makes Codex run it in the next session. */
export function hookFix(state: HookState): string {
  return fixes[state] ?? trustAgain
}

const trustAgain = 'autonomous-loop bootstrap --trust'

const fixes: Readonly<Partial<Record<HookState, string>>> = {
  disabled: 'enable it in Codex: /hooks',
  off: 'codex features enable hooks',
  unreadable: 'correct hooks.json (autonomous-loop doctor names the place)',
}
