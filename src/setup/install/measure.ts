import { parseProjectConfig } from '../../contract/config.ts'
import type { Command, PrepareStep, ProjectConfig } from '../../contract/types.ts'
import type { Verify } from '../../contract/verify.ts'
import type { DetectedCommand } from '../../detect/detection.ts'
import type { PrepareProposal } from '../../detect/prepare/proposal.ts'
import type { Context } from '../../records/context.ts'
import { measuredGround } from './ground.ts'
import type { Measured, Measuring } from './measured.ts'
import { type ConfigVersion, projectConfigText } from './project-config.ts'
import { type MeasureRequest, rungsOf } from './measure-request.ts'
import { type InRoom, tryRooms } from './room-rungs.ts'
import { type Climbed, climb, climbWithoutBox, whyNot } from './rungs.ts'
import { type TryPlace, inDirectory } from './try-gate.ts'

/**
 * Runs each command as a gate would be run, and keeps for each the first rung that it passes on: in a clean room that holds the tree
 * as it is, without and with the network; then the same in place; then without the box. One command's rung lowers no other's. Sequential
 * and in order, because a build may have to come before its tests. What the commands write stays where they are not sealed (version 1).
 * Null: interrupted.
 */
export async function measure(context: Context, request: MeasureRequest): Promise<Measuring | null> {
  const { abort } = request
  // Somebody has to listen between two commands too, or Ctrl-C there would end us without a word.
  const listening = (): void => undefined
  abort.addEventListener('abort', listening)
  const place = inDirectory(context, measuredGround(context, request.root, request.config), abort)
  let inRoom: InRoom | null = null
  try {
    inRoom = await tryRooms(context, request)
    if (inRoom === null) return null
    const measured: Measured[] = []
    for (const command of Object.values(request.config.commands)) {
      const one = await measureOne(request, place, inRoom, command)
      if (one === null) return null
      measured.push(one)
    }
    return { measured, room: inRoom.found(measured) }
  } finally {
    place.row.end()
    inRoom?.close()
    abort.removeEventListener('abort', listening)
  }
}

/** The commands as the new config makes gates of them. */
export function asGates(commands: readonly DetectedCommand[], version: ConfigVersion): ProjectConfig {
  return parsed(projectConfigText(commands, version))
}

/** What a proposal offers, as steps of a config. */
export function asSteps(
  { steps, withScripts }: PrepareProposal,
  commands: readonly DetectedCommand[],
): (readonly PrepareStep[])[] {
  return [steps, ...(withScripts === null ? [] : [withScripts])].map(
    (prepare) => parsed(projectConfigText(commands, 2, { prepare, inPlace: [] })).prepare ?? [],
  )
}

function parsed(text: string): ProjectConfig {
  const config = parseProjectConfig(text, 'the new config')
  if (!config.ok) throw new Error(`a config of ours is not valid: ${JSON.stringify(config.error)}`)
  return config.value
}

async function measureOne(
  request: MeasureRequest,
  place: TryPlace,
  inRoom: InRoom,
  command: Command,
): Promise<Measured | null> {
  const above = inRoom.climbed(command)
  if (above.kind === 'passed') return measuredAs(command, 'clean-room', above)
  const { version } = request.config
  const rungs = rungsOf(request, place, 'in-place')
  const below = await climbInPlace()
  if (below.kind === 'interrupted') return null
  const one = { ...measuredAs(command, 'in-place', below), notInRoom: above.why }
  if (below.kind === 'not' || above.result === null) return one
  const lacking = await inRoom.lacking(command, above.result, below)
  return lacking === null ? null : { ...one, ...lacking }

  async function climbInPlace(): Promise<Climbed> {
    if (command.box === false) return climbWithoutBox(rungs, command, null)
    const climbed = await climb(
      rungs,
      command,
      above.kind === 'not' ? (above.result?.durationMs ?? null) : null,
    )
    if (climbed.kind !== 'not' || version === 1 || climbed.first.outcome.kind === 'could-not-run')
      return climbed
    return climbWithoutBox(rungs, command, climbed.first)
  }
}

function measuredAs(
  { name }: Command,
  place: Verify,
  of: Exclude<Climbed, { kind: 'interrupted' }>,
): Measured {
  const none = { notInRoom: null, lacks: [], copy: [] }
  if (of.kind === 'not') {
    const { outcome, durationMs } = of.first
    return {
      name,
      ...none,
      outcome: outcome.kind === 'could-not-run' ? 'could-not-run' : 'fails',
      durationMs,
      detail: whyNot(of.first),
      network: null,
      above: null,
      place: null,
    }
  }
  const { outcome, network, above, result } = of
  return { name, ...none, outcome, durationMs: result.durationMs, detail: null, network, above, place }
}
