import fs from 'node:fs'
import { type Env, readEnv } from '../base/env.ts'
import { never } from '../base/result.ts'
import { renderAnswer } from '../codex/answer.ts'
import { parsePayload } from '../codex/payload.ts'
import type { HookAnswer, HookPayload } from '../codex/types.ts'
import { realContext } from '../control/context.ts'
import { readMachine } from '../control/machine.ts'
import { sentinel } from './handled.ts'
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

/** The process behind every hook: payload on stdin, at most one JSON object on stdout, then the sentinel. */
async function main(): Promise<void> {
  const env = callersEnv(readEnv())
  const context = realContext(env)
  const started = context.clock()
  const raw = fs.readFileSync(0, 'utf8')
  const payload = parsePayload(raw)
  // A payload we cannot read names no session; the shim knows from its own look whether one is armed.
  if (!payload.ok) throw new Error(payload.error.message)

  const parentPid = Number(env.vars['AUTOLOOP_PPID']) || process.ppid
  const event = payload.value
  switch (event.event) {
    case 'Stop': {
      const timeoutMs = stopTimeoutMs(env.home)
      const deadline = started + Math.max(timeoutMs - marginMs, timeoutMs / 2)
      const hardDeadline = started + Math.max(timeoutMs - hardMarginMs, timeoutMs * 0.9)
      return finish(await onStop(context, event, { parentPid, raw, deadline, hardDeadline }), event.event)
    }
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

/** The shim narrows PATH for itself and hands Codex's on: git may live elsewhere than in /usr/bin. */
function callersEnv(env: Env): Env {
  const PATH = env.vars['AUTOLOOP_PATH'] || env.vars['PATH']
  return { ...env, vars: { ...env.vars, PATH } }
}

/** The timeout that bootstrap wrote into hooks.json. */
function stopTimeoutMs(home: string): number {
  const machine = readMachine(home)
  return (machine.ok ? machine.value.stopTimeoutSeconds : defaultStopTimeoutSeconds) * 1000
}

function finish(answer: HookAnswer, event: HookPayload['event']): void {
  const text = renderAnswer(answer, event)
  fs.writeSync(1, text === '' ? `${sentinel}\n` : `${text}\n${sentinel}\n`)
  // Nothing may keep the process: an abandoned asynchronous read of a FIFO would.
  process.exit(0)
}

main().catch((error: unknown) => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  fs.writeSync(2, `${new Date().toISOString()} hook ${process.argv[2] ?? ''}: ${text}\n`)
  process.exit(1)
})
