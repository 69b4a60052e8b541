import { randomBytes } from 'node:crypto'
import { gateOwner } from '../gates/environment.ts'
import { starterArgv } from '../gates/starter.ts'
import type { AgentEvent, Outcome, Turn } from './agent.ts'
import type { AgentGround } from './launch.ts'
import type { AgentStart } from './launch.ts'
import { writtenRoot } from './places.ts'
import { type Program, type ProgramEnd, runProgram } from './run-program.ts'
import type { StopOrder } from './stop-order.ts'

/** What one turn of a program is started with, whatever program it is. */
export interface Placed extends Omit<AgentStart, 'env' | 'root'> {
  readonly cwd: string
  /** `mark`: of this run, for its environment. */
  readonly env: (mark: string) => Readonly<Record<string, string>>
  /** From TERM to KILL; absent: as the turn says. */
  readonly graceMs?: number
}

/** How it came to its end, as far as no program has a say in that. */
export type PlacedEnd =
  | Extract<ProgramEnd, { readonly kind: 'exit' | 'no-mark' | 'silent' | 'too-long' | 'stopped' }>
  | Extract<Outcome<never>, { readonly kind: 'could-not-start' }>

/** Starts it where the launcher puts it, and waits for its end. `started` is told before anything else. Never rejects. */
export async function runInPlace<A>(
  { launch, gatePath, mark }: AgentGround,
  turn: Turn<A>,
  { cwd, argv, env, graceMs = turn.limits.graceMs, ...start }: Placed,
  { onOutput, isBusy }: Pick<Program, 'onOutput' | 'isBusy'>,
  events: (event: AgentEvent) => void,
  order: StopOrder,
): Promise<PlacedEnd> {
  const nonce = `${gateOwner(process.pid)}${randomBytes(8).toString('hex')}`
  const own = `${mark}:${nonce}`
  const launched = launch({
    ...start,
    argv: starterArgv({ nonce, path: gatePath, cwd, argv }),
    env: env(own),
    root: writtenRoot(turn),
  })
  if (!launched.ok) return { kind: 'could-not-start', why: launched.error }
  const end = await runProgram(
    {
      launch: launched.value,
      nonce,
      mark: own,
      cwd,
      privateDir: turn.dir,
      limits: { ...turn.limits, graceMs },
      onStart: (process) => events({ kind: 'started', process, sandbox: launched.value.box?.rung ?? 'off' }),
      onOutput,
      ...(isBusy === undefined ? {} : { isBusy }),
    },
    order,
  )
  return end.kind === 'not-started' ? { kind: 'could-not-start', why: end.why } : end
}
