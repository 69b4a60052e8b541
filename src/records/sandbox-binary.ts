import fs from 'node:fs'
import path from 'node:path'
import { isExecutable } from '../base/file-kind.ts'
import type { ProcessId } from '../base/process-id.ts'
import type { Context } from './context.ts'
import { readMachine } from './machine.ts'

/** The native binary that bootstrap recorded, as long as it is there. */
export function recordedBinary({ env }: Context): string | null {
  const machine = readMachine(env.home)
  const native = machine.ok ? machine.value.codex?.native : undefined
  return native !== undefined && isExecutable(native) ? native : null
}

/** The binary that runs this session, for when the recorded one has gone (an upgrade). */
export function runningBinary(codex: ProcessId | null): string | null {
  if (!codex) return null
  try {
    const running = fs.realpathSync(`/proc/${codex.pid}/exe`)
    return path.basename(running).startsWith('codex') && isExecutable(running) ? running : null
  } catch {
    return null
  }
}
