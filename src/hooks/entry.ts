import fs from 'node:fs'
import { type Env, readEnv } from '../base/env.ts'
import type { ProcessId } from '../base/process-id.ts'
import { never } from '../base/result.ts'
import { renderAnswer } from '../codex/answer.ts'
import { parsePayload } from '../codex/payload.ts'
import { findCodexProcess } from '../codex/processes.ts'
import { isSupervised } from '../codex/session.ts'
import type { Host, HookAnswer, HookPayload } from '../codex/types.ts'
import { realContext } from '../records/context.ts'
import { readMachine } from '../records/machine.ts'
import { sessionPaths } from '../ledger/paths.ts'
import { guardDeadline } from './deadline.ts'
import { nothing, sentinel } from './handled.ts'
import { lateAnswer, lateUnheld } from './late-answer.ts'
import { onPostToolUse } from './post-tool-use.ts'
import { onSessionStart } from './session-start.ts'
import { onStop } from './stop.ts'
import { onSubagent } from './subagent.ts'
import { onUserPromptSubmit } from './user-prompt-submit.ts'

const defaultStopTimeoutSeconds = 3600
/** Kept back from the hook's timeout for ending gates, appending and answering; of a short timeout its half. */
const marginMs = 20_000
/** Kept back for the guard's answer in place of a main thread that hangs; of a short timeout its tenth. */
const hardMarginMs = 10_000
/** When a hook other than Stop must have answered: Codex ends it after 60 seconds. */
const quickMs = 50_000
/** One call of git in such a hook: shorter, so that the reason is said where git is what hangs. */
const quickGitMs = 40_000

/** Said by the shim. */
const host: Host = process.argv[3] === 'claude' ? 'claude' : 'codex'

/** Nothing before the guard stands. */
let unguard = (): void => undefined

/** The process behind every hook: payload on stdin, at most one JSON object on stdout, then the sentinel. */
async function main(): Promise<void> {
  const env = callersEnv(readEnv())
  const started = Date.now()
  const raw = fs.readFileSync(0, 'utf8')
  const payload = parsePayload(raw, host)
  // A payload we cannot read names no session; the shim knows from its own look whether one is armed.
  if (!payload.ok) throw new Error(payload.error.message)

  if (isSupervised(env.vars)) return finish(nothing, payload.value.event)
  const parentPid = Number(env.vars['AUTOLOOP_PPID']) || process.ppid
  const event = payload.value
  if (event.event === 'Stop') {
    const timeoutMs = stopTimeoutMs(env.home)
    const deadline = started + Math.max(timeoutMs - marginMs, timeoutMs / 2)
    const codex = findCodexProcess(parentPid, host)
    guard(event, env, codex, Math.max(timeoutMs - hardMarginMs, timeoutMs * 0.9))
    const around = { parentPid, codex, raw, deadline, unguard }
    return finish(await onStop(realContext(env), event, around), event.event)
  }
  guard(event, env, undefined, quickMs)
  const context = realContext({ ...env, gitTimeoutMs: quickGitMs })
  switch (event.event) {
    case 'SessionStart':
      return finish(await onSessionStart(context, event, parentPid), event.event)
    case 'UserPromptSubmit':
      return finish(await onUserPromptSubmit(context, event), event.event)
    case 'PostToolUse':
      return finish(await onPostToolUse(context, event), event.event)
    case 'SubagentStart':
    case 'SubagentStop':
      return finish(await onSubagent(context, event, parentPid), event.event)
    default:
      return never(event, 'event')
  }
}

/** From here on there is an answer in time, whatever hangs. */
function guard(event: HookPayload, env: Env, codex: ProcessId | undefined, inMs: number): void {
  const isStop = event.event === 'Stop'
  const paths = sessionPaths(env.home, event.sessionId)
  unguard = guardDeadline({
    inMs,
    answer: printed(lateAnswer(event), event.event),
    unheld: isStop ? printed(lateUnheld, event.event) : '',
    codex: codex ?? null,
    marker: isStop ? paths.marker : null,
    note: isStop ? paths.unjudgedNote : null,
  })
}

/**
 * The shim narrows PATH for itself and hands its caller's on: git may live elsewhere than in /usr/bin. Claude Code marks what its
 * hooks start as the agent's, and a hook is not.
 */
function callersEnv(env: Env): Env {
  const PATH = env.vars['AUTOLOOP_PATH'] || env.vars['PATH']
  return { ...env, vars: { ...env.vars, PATH, CLAUDECODE: undefined } }
}

/** The timeout that bootstrap wrote into hooks.json. */
function stopTimeoutMs(home: string): number {
  const machine = readMachine(home)
  return (machine.ok ? machine.value.stopTimeoutSeconds : defaultStopTimeoutSeconds) * 1000
}

function finish(answer: HookAnswer, event: HookPayload['event']): void {
  const text = printed(answer, event)
  unguard()
  fs.writeSync(1, text)
  // Nothing may keep the process: an abandoned asynchronous read of a FIFO would.
  process.exit(0)
}

function printed(answer: HookAnswer, event: HookPayload['event']): string {
  const text = renderAnswer(answer, event, host)
  return text === '' ? `${sentinel}\n` : `${text}\n${sentinel}\n`
}

/** Runs the hook to its end; never returns to whoever started it. */
export function run(): void {
  main().catch(failed)
}

function failed(error: unknown): void {
  unguard()
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  fs.writeSync(2, `${new Date().toISOString()} hook ${process.argv[2] ?? ''}: ${text}\n`)
  process.exit(1)
}
