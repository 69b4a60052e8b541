import { spawn } from 'node:child_process'
import { setTimeout as later } from 'node:timers/promises'
import path from 'node:path'
import { isExecutable } from '../../base/file-kind.ts'
import { safeGatePath } from '../../gates/gate-path.ts'
import type { Context } from '../../records/context.ts'

/** A program that runs as if the person typed it: with their surroundings, sign-ins and hooks. */
export interface PersonProgram {
  readonly file: string
  readonly args: readonly string[]
  readonly cwd: string
  /** Over the person's variables; undefined takes one out. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Bytes for standard input; absent: there is none, or the terminal. */
  readonly input?: string
  readonly timeoutMs: number
}

export type ProgramSaid =
  | { readonly kind: 'ended'; readonly code: number; readonly stdout: string; readonly stderr: string }
  /** It could not be started, took too long, or was ended; `why` in words. */
  | { readonly kind: 'cut-short'; readonly why: string; readonly isOrdered: boolean }

/** Who may be asked something meanwhile, and what ends it. */
export interface Beside {
  /** A person sits at the terminal, and a program may ask there. */
  readonly interactive: boolean
  readonly ending: AbortSignal
}

const MOST_OUTPUT = 1 << 22
const GRACE_MS = 2000
/** What it left running may hold its outputs open, such as a shared connection of ssh. */
const DRAIN_MS = 300

/**
 * A program on the person's PATH, but for places where an agent could have put one; null: there is none. Absolute.
 */
export function personProgram({ env }: Context, top: string, name: string): string | null {
  return (
    safeGatePath(env.vars['PATH'] ?? '/usr/local/bin:/usr/bin:/bin', { root: top, tmpDir: env.tmpDir })
      .split(path.delimiter)
      .map((dir) => path.join(dir, name))
      .find(isExecutable) ?? null
  )
}

/**
 * Runs it to its end. Where nobody sits at a terminal it has none either, so that nothing can ask unseen; on a terminal there is no
 * limit of time, because a person sees it wait. Never rejects.
 */
export async function runAsPerson(
  vars: Readonly<Record<string, string | undefined>>,
  program: PersonProgram,
  { interactive, ending }: Beside,
): Promise<ProgramSaid> {
  const { file, args, cwd, env, input, timeoutMs } = program
  const child = spawn(file, args, {
    cwd,
    env: { ...vars, ...env },
    stdio: [input !== undefined ? 'pipe' : interactive ? 'inherit' : 'ignore', 'pipe', 'pipe'],
    detached: !interactive,
  })
  const out = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      if (out[name].length < MOST_OUTPUT) out[name] += text
    })
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(input)
  let cut: { readonly why: string; readonly isOrdered: boolean } | null = null
  let killed: NodeJS.Timeout | undefined
  const end = (why: string, isOrdered: boolean): void => {
    if (cut !== null) return
    cut = { why, isOrdered }
    signal(child.pid, 'SIGTERM', !interactive)
    killed = setTimeout(() => signal(child.pid, 'SIGKILL', !interactive), GRACE_MS)
  }
  const timer = interactive
    ? undefined
    : setTimeout(() => end(`did not end within ${Math.round(timeoutMs / 1000)} s`, false), timeoutMs)
  const stopped = (): void => end('was ended', true)
  ending.addEventListener('abort', stopped)
  if (ending.aborted) stopped()
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const exit = await new Promise<number | string>((resolve) => {
    child.once('error', (cause) => resolve(`could not be started: ${cause.message}`))
    child.once('exit', (code, name) => resolve(code ?? `was ended by ${name}`))
  })
  clearTimeout(timer)
  clearTimeout(killed)
  ending.removeEventListener('abort', stopped)
  await Promise.race([closed, later(typeof exit === 'number' ? DRAIN_MS : 0)])
  child.stdout?.destroy()
  child.stderr?.destroy()
  if (cut !== null) return { kind: 'cut-short', ...(cut as { why: string; isOrdered: boolean }) }
  if (typeof exit === 'string') return { kind: 'cut-short', why: exit, isOrdered: false }
  return { kind: 'ended', code: exit, ...out }
}

function signal(pid: number | undefined, name: 'SIGTERM' | 'SIGKILL', group: boolean): void {
  if (pid === undefined) return
  try {
    process.kill(group ? -pid : pid, name)
  } catch {
    // Gone already.
  }
}
