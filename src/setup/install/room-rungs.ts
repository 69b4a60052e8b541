import type { Command, PrepareStep } from '../../contract/types.ts'
import type { GateResult } from '../../gates/types.ts'
import { gateSaid } from '../../judging/in-place.ts'
import { roomLacks } from '../../judging/room-lacks.ts'
import type { Context } from '../../records/context.ts'
import { copyHelps } from './copy-helps.ts'
import { type MeasureRequest, rungsOf } from './measure-request.ts'
import type { Measured, RoomFound } from './measured.ts'
import { type MeasuredRoom, openRoom } from './measured-room.ts'
import { type Climbed, climb, whyNot } from './rungs.ts'

/** What the clean room says of each command. */
export interface InRoom {
  climbed(
    command: Command,
  ):
    | Extract<Climbed, { kind: 'passed' }>
    | { readonly kind: 'not'; readonly why: string; readonly result: GateResult | null }
  /** What of the workspace may make the difference to a command that passes there. Null: interrupted. */
  lacking(
    command: Command,
    inRoom: GateResult,
    inPlace: Extract<Climbed, { kind: 'passed' }>,
  ): Promise<Pick<Measured, 'lacks' | 'copy'> | null>
  found(measured: readonly Measured[]): RoomFound
  close(): void
}

interface Tried {
  readonly prepare: readonly PrepareStep[]
  readonly nth: number
  readonly room: MeasuredRoom
  readonly climbed: ReadonlyMap<string, Climbed>
}

/** Tries all commands in clean rooms, one for each way to prepare it, until they pass. Null: interrupted. */
export async function tryRooms(context: Context, request: MeasureRequest): Promise<InRoom | null> {
  const { config, abort } = request
  const commands = Object.values(config.commands).filter((command) => command.box !== false)
  if (config.version === 1) return without('a config of format version 1 has no clean room')
  if (config.policy.sandbox === 'off') return without('gates run without a sandbox here')
  let best: Tried | null = null
  let none: string | null = null
  for (const [nth, prepare] of request.ways.entries()) {
    const room = await openRoom(context, { ...request, prepare })
    if (room.kind === 'none') none ??= room.why
    if (room.kind === 'ready') {
      const climbed = await climbAll(request, room, commands)
      const tried: Tried = { prepare, nth, room, climbed }
      const isBetter = best === null || passing(tried) > passing(best)
      ;(isBetter ? best : tried)?.room.close()
      if (isBetter) best = tried
    }
    if (abort.aborted || room.kind === 'interrupted' || [...(best?.climbed.values() ?? [])].some(isCut)) {
      best?.room.close()
      return null
    }
    if (best !== null && passing(best) === commands.length) break
  }
  return best === null ? without(none ?? 'nothing was tried') : inRoomOf(context, request, best)
}

const isCut = (one: Climbed): boolean => one.kind === 'interrupted'

const passing = ({ climbed }: Tried): number =>
  [...climbed.values()].filter((one) => one.kind === 'passed').length

async function climbAll(
  request: MeasureRequest,
  room: MeasuredRoom,
  commands: readonly Command[],
): Promise<ReadonlyMap<string, Climbed>> {
  const climbed = new Map<string, Climbed>()
  const rungs = rungsOf(request, room.place, 'clean-room')
  for (const command of commands) {
    const one = await climb(rungs, command, null)
    climbed.set(command.name, one)
    if (one.kind === 'interrupted') break
  }
  return climbed
}

function without(why: string): InRoom {
  return {
    climbed: () => ({ kind: 'not', why, result: null }),
    lacking: () => Promise.resolve({ lacks: [], copy: [] }),
    found: () => ({ kind: 'none', why }),
    close: () => undefined,
  }
}

function inRoomOf(context: Context, request: MeasureRequest, { prepare, nth, room, climbed }: Tried): InRoom {
  return {
    climbed: ({ name }) => {
      const one = climbed.get(name)
      if (one?.kind === 'passed') return one
      const result = one?.kind === 'not' ? one.first : null
      return { kind: 'not', why: result === null ? 'it runs without the box' : whyNot(result), result }
    },
    lacking: async (command, result, inPlace) => {
      const { root } = request
      const lacks = roomLacks({ ...gateSaid(result), root, cwd: command.cwd, room })
      const copy = await copyHelps(context, { ...request, prepare }, { command, inPlace, lacks, room })
      return copy === null ? null : { lacks, copy }
    },
    found: (measured) =>
      measured.some((one) => one.place === 'clean-room') ? { kind: 'used', nth } : { kind: 'unused' },
    close: room.close,
  }
}
