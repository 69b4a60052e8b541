import type { Failure } from '../base/result.ts'
import { releaseCommands } from '../contract/release-commands.ts'
import type { Command } from '../contract/types.ts'
import { verifiedIn } from '../contract/verify.ts'
import type { GateResult } from '../gates/types.ts'
import { couldNotRun } from '../gates/outcome.ts'
import type { RunState } from '../ledger/state.ts'
import { commandRecord } from '../gates/command-record.ts'
import { movedBetween } from '../workspace/moved-between.ts'
import type { Looking, WorkspaceLook } from '../workspace/look.ts'
import { type GatesJudged, fullGates, lostSight, seenIn } from './full-gates.ts'
import type { Ports, RoomPort } from './ports.ts'

/** Others who work in the repository are between two writes by then, as a rule. */
const mostRounds = 3

/**
 * The gates the release needs, each where its word counts: in the clean room, which holds what `before` saw, and those that a
 * person lets pass in place in the workspace. What is written to the workspace meanwhile was not what the room held, so all run
 * again on what is there then.
 */
export async function roomGates(
  run: RunState,
  ports: Ports,
  look: Looking,
  before: WorkspaceLook,
  watched: boolean,
): Promise<GatesJudged> {
  const { config } = run.activation
  const commands = releaseCommands({ contract: run.contract, config })
  const isInRoom = (command: Command): boolean =>
    config !== null && ports.room !== null && verifiedIn(command, config.policy) === 'clean-room'
  const inRoom = commands.filter(isInRoom)
  const inPlace = commands.filter((command) => !isInRoom(command))
  if (ports.room === null || inRoom.length === 0)
    return fullGates(run, ports.runGates, look, before, watched, commands)
  let from = before
  for (let round = 1; ; round += 1) {
    const results = await inTheRoom(ports.room, from, inRoom)
    const after = await look()
    const records = (results ?? []).map(commandRecord)
    if (!after.ok) return { commands: records, gatesRun: 'full', ...lostSight(after) }
    const moved = movedBetween(from.comparison, after.value.comparison)
    if ((results === null || moved.length > 0) && round < mostRounds) {
      from = after.value
      continue
    }
    const gateWrites = results === null && moved.length === 0 ? ['(the workspace)'] : moved
    const judged: GatesJudged = {
      commands: records,
      gatesRun: 'full',
      gateWrites,
      ...seenIn(after.value),
      leftByGates: null,
    }
    if (inPlace.length === 0 || gateWrites.length > 0) return judged
    const rest = await fullGates(run, ports.runGates, look, after.value, watched, inPlace)
    return { ...rest, commands: inOrder(commands, [...judged.commands, ...rest.commands]) }
  }
}

/** Null: the workspace moved while it was copied. */
async function inTheRoom(
  room: RoomPort,
  look: WorkspaceLook,
  commands: readonly Command[],
): Promise<readonly GateResult[] | null> {
  const entered = await room.enter(look)
  switch (entered.kind) {
    case 'ready':
      return entered.runGates(commands)
    case 'moved':
      return null
    case 'unprepared':
      return [entered.result]
    case 'refused':
      return commands.map((command) => notRun(command, entered.why))
    default:
      return entered satisfies never
  }
}

function notRun({ name, argv }: Command, why: Failure): GateResult {
  return {
    name,
    argv,
    outcome: couldNotRun(why),
    durationMs: 0,
    head: '',
    tail: '',
    outputBytes: 0,
    logFile: null,
    sandboxed: false,
    box: null,
  }
}

function inOrder(commands: readonly Command[], records: GatesJudged['commands']): GatesJudged['commands'] {
  const at = new Map(commands.map(({ name }, index) => [name, index]))
  return records.toSorted((a, b) => (at.get(a.name) ?? -1) - (at.get(b.name) ?? -1))
}
