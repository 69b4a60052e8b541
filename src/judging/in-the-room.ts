import type { Failure } from '../base/result.ts'
import type { Command } from '../contract/types.ts'
import { type CommandRecord, commandRecord } from '../gates/command-record.ts'
import { couldNotRun } from '../gates/outcome.ts'
import type { GateResult } from '../gates/types.ts'
import { type RoomPasses, sparedGates } from '../verdict/room-passes.ts'
import type { WorkspaceLook } from '../workspace/look.ts'
import type { ReadyRoom, RoomPort } from './ports.ts'

export type RoomWord =
  /** The workspace moved while it was copied. */
  | { readonly kind: 'moved'; readonly paths: readonly string[] }
  /** No gate could be started; a step of `prepare` stands in their place, or why none of them ran. */
  | { readonly kind: 'unprepared' | 'refused'; readonly records: readonly CommandRecord[] }
  | {
      readonly kind: 'spoken'
      readonly records: readonly CommandRecord[]
      /** Of those that were run. */
      readonly results: readonly GateResult[]
      readonly room: ReadyRoom
    }

/** What these gates say in the clean room once it holds what was looked at. Those that passed there on the same are not run. */
export async function inTheRoom(
  port: RoomPort,
  look: WorkspaceLook,
  commands: readonly Command[],
  passes: RoomPasses,
): Promise<RoomWord> {
  const entered = await port.enter(look)
  switch (entered.kind) {
    case 'moved':
      return entered
    case 'unprepared': {
      const step = { ...commandRecord(entered.result), prepares: { work: entered.readsWork } }
      return { kind: 'unprepared', records: [step] }
    }
    case 'refused':
      return {
        kind: 'refused',
        records: commands.map((command) => commandRecord(notRun(command, entered.why))),
      }
    case 'ready':
      return spoken(entered.room, commands, passes)
    default:
      return entered satisfies never
  }
}

async function spoken(
  room: ReadyRoom,
  commands: readonly Command[],
  passes: RoomPasses,
): Promise<Extract<RoomWord, { kind: 'spoken' }>> {
  const passKeys = room.passKeys(commands)
  const keyed = commands.map(({ name, keeps = [] }, at) => ({
    name,
    keeps: keeps.length > 0,
    passKey: passKeys[at]!,
  }))
  const spared = sparedGates(keyed, passes)
  const results = await room.runGates(commands.filter(({ name }) => !spared.has(name)))
  const records = keyed.flatMap(({ name, passKey }) => {
    const before = spared.get(name)
    if (before) return [before]
    return results.filter((one) => one.name === name).map((one) => ({ ...commandRecord(one), passKey }))
  })
  return { kind: 'spoken', records, results, room }
}

/** What stands for a gate that was not started. */
export function notRun({ name, argv }: Pick<Command, 'name' | 'argv'>, why: Failure): GateResult {
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
