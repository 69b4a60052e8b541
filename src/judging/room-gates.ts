import { releaseCommands } from '../contract/release-commands.ts'
import type { Command } from '../contract/types.ts'
import { verifiedIn } from '../contract/verify.ts'
import type { RunState } from '../ledger/state.ts'
import type { RoomPasses } from '../verdict/room-passes.ts'
import type { Unproved } from '../verdict/unproved.ts'
import { movedBetween } from '../workspace/moved-between.ts'
import type { Looking, WorkspaceLook } from '../workspace/look.ts'
import { type GatesJudged, fullGates, lostSight, seenIn } from './full-gates.ts'
import { triedInPlace } from './in-place.ts'
import { type RoomWord, inTheRoom } from './in-the-room.ts'
import type { Ports, RoomPort } from './ports.ts'
import { withStartTests } from './start-tests.ts'
import { secondLook } from './second-look.ts'

/** Others who work in the repository are between two writes by then, as a rule. */
const mostRounds = 3

export interface RoomJudging {
  /** Commands of the agent run meanwhile. */
  readonly watched: boolean
  /** Gates whose pass an earlier stop has on record are not run. */
  readonly spare: boolean
}

/** The gates the release needs, by where their word counts. */
export function gatesByPlace(
  { contract, activation: { config } }: RunState,
  { room }: Pick<Ports, 'room'>,
): { readonly inRoom: readonly Command[]; readonly inPlace: readonly Command[] } {
  const commands = releaseCommands({ contract, config })
  const isInRoom = (command: Command): boolean =>
    config !== null && room !== null && verifiedIn(command, config.policy) === 'clean-room'
  return {
    inRoom: commands.filter(isInRoom),
    inPlace: commands.filter((command) => !isInRoom(command)),
  }
}

/**
 * The gates the release needs, each where its word counts: in the clean room, which holds what `before` saw, and those that a
 * person lets pass in place in the workspace. What is written to the workspace meanwhile was not what the room held, so all run
 * again on what is there then.
 *
 *   copy ─► prepare ─► gates in the room ─► second look ─► start's tests ─► what failed, in place ─► gates in place ─► facts
 *     ▲                                                     │ the workspace moved meanwhile
 *     └─────────────────────────────────────────────────────┘
 */
export async function roomGates(
  run: RunState,
  ports: Ports,
  look: Looking,
  before: WorkspaceLook,
  { watched, spare }: RoomJudging,
): Promise<GatesJudged> {
  const { inRoom, inPlace } = gatesByPlace(run, ports)
  if (ports.room === null || inRoom.length === 0)
    return fullGates(run, ports.runGates, look, before, watched, inPlace)
  const passes = spare ? (run.roomPasses ?? {}) : {}
  let from = before
  for (let round = 1; ; round += 1) {
    const { word, unproved } = await saidInRoom(run, { ...ports, room: ports.room }, from, inRoom, passes)
    const after = await look()
    const commands = word.kind === 'moved' ? [] : word.records
    const gatesRun = word.kind === 'unprepared' || word.kind === 'moved' ? 'none' : 'full'
    if (!after.ok) return { commands, gatesRun, ...lostSight(after) }
    const moved = movedBetween(from.comparison, after.value.comparison)
    if ((word.kind === 'moved' || moved.length > 0) && round < mostRounds) {
      from = after.value
      continue
    }
    // It is as it was by now, and was not while it was copied.
    const gateWrites = word.kind === 'moved' && moved.length === 0 ? [...new Set(word.paths)].sort() : moved
    const judged: GatesJudged = {
      commands,
      gatesRun,
      gateWrites,
      ...seenIn(after.value),
      leftByGates: null,
      ...(unproved ? { unproved } : {}),
    }
    if (gateWrites.length > 0 || word.kind !== 'spoken') return judged
    const tried = await triedInPlace(run, ports, look, after.value, inRoom, word)
    if (inPlace.length === 0) return { ...judged, ...tried }
    const rest = await fullGates(run, ports.runGates, look, after.value, watched, inPlace)
    return {
      ...rest,
      ...(judged.unproved ? { unproved: judged.unproved } : {}),
      commands: inOrder(run, [...tried.commands, ...rest.commands]),
      leftByGates: rest.leftByGates ?? tried.leftByGates,
    }
  }
}

/** The gates once in the room; where all of them passed, what they say of the start's definition and of its tests. */
async function saidInRoom(
  run: RunState,
  ports: Ports & { readonly room: RoomPort },
  look: WorkspaceLook,
  commands: readonly Command[],
  passes: RoomPasses,
): Promise<{ readonly word: RoomWord; readonly unproved: Unproved | null }> {
  const first = await inTheRoom(ports.room, look, commands, passes)
  if (first.kind !== 'spoken') return { word: first, unproved: null }
  const second = await secondLook(run, ports, look, commands, first)
  if (second.kind === 'moved') return { word: second, unproved: null }
  const { unproved, back } = second
  const word = await withStartTests(run, ports, look, first, { commands, passes, unproved, back })
  return { word, unproved }
}

/** As the config has them. */
function inOrder(
  { activation: { config } }: RunState,
  records: GatesJudged['commands'],
): GatesJudged['commands'] {
  const at = new Map(Object.keys(config?.commands ?? {}).map((name, index) => [name, index]))
  return records.toSorted((a, b) => (at.get(a.name) ?? -1) - (at.get(b.name) ?? -1))
}
