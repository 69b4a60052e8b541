import type { Failure } from '../base/result.ts'
import { StartFilter } from '../gates/start-filter.ts'
import { startPiped } from '../gates/start-piped.ts'
import type { Exit, Started } from '../gates/started.ts'
import { drain } from '../gates/drain.ts'
import type { TurnLimits } from './agent.ts'
import { type AgentProcess, agentProcess } from './agent-process.ts'
import type { AgentLaunch } from './launch.ts'
import { LONGEST_MS, SilenceClock } from './silence-clock.ts'
import { ProcessTree } from './process-tree.ts'
import type { StopOrder } from './stop-order.ts'

export interface Program {
  readonly launch: AgentLaunch
  /** Of the starter in the launch's argv; the mark ends with it. */
  readonly nonce: string
  readonly mark: string
  readonly cwd: string
  /** Out of the agent's reach. */
  readonly privateDir: string
  readonly limits: TurnLimits
  /** What the program itself says; the bytes are valid during the call only. */
  readonly onOutput: (bytes: Buffer) => void
  readonly onStart: (process: AgentProcess) => void
  /** Asked after so much silence: it is at work all the same. Absent: it never is. */
  readonly isBusy?: () => boolean
}

/** How a program came to its end: the first cause wins. */
export type ProgramEnd =
  | { readonly kind: 'exit'; readonly exit: Exit }
  | { readonly kind: 'silent' | 'too-long' | 'stopped' }
  | { readonly kind: 'not-started'; readonly why: Failure }
  /** `said`: by the box, in place of a start. */
  | { readonly kind: 'no-mark'; readonly said: string }

/** A busy machine's delay is not the agent's silence. */
const START_MS = 60_000

/** How long what an agent left running may take to end. */
const LEFTOVER_MS = 500

/*
 *   started ─► (start mark) ─► running ─► exited ─► drained ─► leftovers ended ─► end
 *                                 │ silence, length, stop: TERM ─► grace ─► KILL ─┘
 */

/**
 * Runs one program under limits. Never rejects for anything that it or the machine does; nothing of it is alive afterwards. A box names the
 * directories that lie around it: if one of them goes while it is made, it is made once more.
 */
export async function runProgram(program: Program, order: StopOrder): Promise<ProgramEnd> {
  const end = await runOnce(program, order)
  const { launch } = program
  if (end.kind !== 'no-mark' || order.isGiven || launch.isStale?.() !== true) return end
  const again = launch.again?.()
  if (again === undefined) return end
  return again.ok
    ? runOnce({ ...program, launch: again.value }, order)
    : { kind: 'not-started', why: again.error }
}

async function runOnce(program: Program, order: StopOrder): Promise<ProgramEnd> {
  const clock = new SilenceClock(program.limits.silentMs)
  const filter = new StartFilter(program.nonce, program.onOutput)
  const { argv, env } = program.launch
  const started = await startPiped({
    argv,
    env,
    cwd: program.cwd,
    descriptors: [],
    privateDir: program.privateDir,
    ownSession: true,
    onOutput: (bytes) => {
      clock.restart()
      filter.push(bytes)
    },
  })
  if (!started.ok) return { kind: 'not-started', why: started.error }
  const leader = agentProcess(started.value.pid)
  program.onStart(leader)
  const tree = new ProcessTree(program.mark, leader)
  tree.remember()
  void filter.began.then(() => tree.remember())
  const end = await firstEnd(started.value, filter.began, program, clock, order)
  if (end.kind !== 'exit') await endInTime(tree, program.limits.graceMs, order)
  await drain(started.value, () => tree.end(LEFTOVER_MS))
  if (end.kind === 'stopped' || (filter.started && end.kind !== 'late')) return end
  return { kind: 'no-mark', said: filter.before((text) => text) }
}

type FirstEnd =
  | Exclude<ProgramEnd, { readonly kind: 'not-started' | 'no-mark' }>
  /** No start mark in time. One that comes after that is too late. */
  | { readonly kind: 'late' }

/** Limits of the program count from its start mark on. */
async function firstEnd(
  started: Started,
  began: Promise<void>,
  { limits: { lengthMs }, isBusy }: Program,
  clock: SilenceClock,
  order: StopOrder,
): Promise<FirstEnd> {
  let timer: NodeJS.Timeout | undefined
  let isOver = false
  const stopped = new Promise<FirstEnd>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'late' }), START_MS)
    void began.then(() => {
      if (isOver) return
      clearTimeout(timer)
      timer = setTimeout(() => resolve({ kind: 'too-long' }), Math.min(lengthMs, LONGEST_MS))
      clock.begin(() => (isBusy?.() === true ? clock.restart() : resolve({ kind: 'silent' })))
    })
    order.onGiven(() => resolve({ kind: 'stopped' }))
    if (order.isGiven) resolve({ kind: 'stopped' })
  })
  const end = await Promise.race([started.exited.then((exit) => ({ kind: 'exit' as const, exit })), stopped])
  isOver = true
  clearTimeout(timer)
  clock.end()
  return end
}

/** A second, harder order cuts the grace short. */
async function endInTime(tree: ProcessTree, graceMs: number, order: StopOrder): Promise<void> {
  if (order.isNow) return tree.end(0)
  const hurried = new Promise<void>((resolve) => order.onNow(resolve)).then(() => tree.end(0))
  await Promise.race([tree.end(graceMs), hurried])
}
