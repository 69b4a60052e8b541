import path from 'node:path'
import { isWithin, realPath } from '../../base/within.ts'
import { type Result, ok } from '../../base/result.ts'
import { evidenceOptions } from '../../evidence/options.ts'
import { gateRunner } from '../../judging/gate-runner.ts'
import { type Judged, judge } from '../../judging/judge.ts'
import type { Ports } from '../../judging/ports.ts'
import type { LedgerPlace } from '../../ledger/paths.ts'
import type { RunState } from '../../ledger/state.ts'
import { readRecord } from '../../ledger/store.ts'
import { cleanRoom } from '../../records/clean-room.ts'
import { startMover } from '../../workspace/room/start-mover.ts'
import { gateMachine } from '../../records/gate-machine.ts'
import { checkoutAt, moveCheckout } from '../../workspace/trees/checkout.ts'
import type { Contract } from '../../contract/types.ts'
import { frozenRun } from './freeze.ts'
import { batchStep } from '../step.ts'
import type { Ground } from '../world.ts'

/** Gates have time limits of their own. */
const PATIENCE_MS = 7 * 24 * 3600_000

export interface TreeToJudge {
  readonly place: LedgerPlace
  readonly contract: Contract
  readonly item: string
  readonly attempt: number
  /** Commit it is judged against. */
  readonly head: string
  /** What it is to be judged as a change of; absent: of the head. */
  readonly start?: string
  /** How often the head was seen red: what was frozen before the last time is not used again. */
  readonly since: number
  readonly known?: string | null
  /** What the head is to become. */
  readonly tree: string
}

export interface JudgedTree {
  readonly judged: Judged<null>
  readonly ledgerHead: string
  /** What `prepare` made of the tree; empty where no room was entered. */
  readonly layers: readonly string[]
}

/**
 * What the engine says of a tree joined to the head, in a checkout that no agent ever wrote to:
 *
 *   checkout at head ─► freeze (start = head) ─► checkout at tree ─► scope, evidence, fast gates ─► final profile in the clean room
 *
 * Codes: those of trees, of frozenRun and of judge.
 */
export async function judgeTree(
  world: Ground,
  { tree, start, ...asked }: TreeToJudge,
): Promise<Result<JudgedTree>> {
  const { context, own, opened } = world
  const { place, head } = asked
  batchStep('checkout')
  const checkout = await checkoutAt(own, start ?? head)
  if (!checkout.ok) return checkout
  const root = path.join(checkout.value.dir, opened.prefix)
  const person = path.join(opened.top, opened.prefix)
  const run = await frozenRun(world, { ...asked, root, person })
  if (!run.ok) return run
  const moved = await moveCheckout(own, checkout.value, tree)
  if (!moved.ok) return moved
  let layers: readonly string[] = []
  batchStep('judge')
  const judged = await judge<null>({
    place,
    clock: context.clock,
    deadline: context.clock() + PATIENCE_MS,
    gone: world.signals.gates,
    isGone: () => world.signals.gates.aborted,
    shared: () => null,
    mayJudge: () => ok(undefined),
    ports: (one, abort) => portsOf(world, place, one, abort, (seen) => (layers = seen)),
    tell: () => null,
    delivered: () => null,
  })
  batchStep('judge')
  if (!judged.ok) return judged
  const record = readRecord(place)
  return record.ok ? ok({ judged: judged.value, ledgerHead: record.value.state.head, layers }) : record
}

/** How gates of a run of this batch are run. Its agent is gone, so no session is asked. */
export function portsOf(
  world: Ground,
  place: LedgerPlace,
  run: RunState,
  abort: AbortSignal,
  prepared: (layers: readonly string[]) => void,
): Ports {
  const { context, repo, watch } = world
  const parts = { vars: context.env.vars, abort, logs: place.gates, watch }
  const room = cleanRoom(context, {
    mover: startMover,
    run,
    codex: null,
    baselineDir: place.dir,
    place: repo.room,
    gates: parts,
  })
  return {
    now: context.clock,
    workspace: evidenceOptions(context.env),
    baselineDir: place.dir,
    session: null,
    runGates: gateRunner(run, { ...parts, machine: () => gateMachine(context, run, null) }),
    room: {
      enter: async (look) => {
        const answer = await room.enter(look)
        // What `copy` names is for gates alone, and lies with the run.
        if (answer.kind === 'ready')
          prepared(answer.room.layers.filter((dir) => !isWithin(realPath(dir), realPath(place.dir))))
        return answer
      },
    },
  }
}
