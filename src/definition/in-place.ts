import { type Result, ok } from '../base/result.ts'
import { startedBy } from '../contract/prepare.ts'
import type { ProjectConfig } from '../contract/types.ts'
import { inPlaceCommands, usesCleanRoom } from '../contract/verify.ts'
import { collectDefinition, collectPins } from './index.ts'
import type { Pin } from './types.ts'

type Collected = ReturnType<typeof collectDefinition>

/** What the commands of a config mean, and which of the pins a gate in place rests on. Codes: those of collectPins. */
export function definitionOfConfig(root: string, config: ProjectConfig | null, gatePath: string): Collected {
  const all = collectDefinition(root, startedBy(config), gatePath)
  if (!all.ok || config === null || !usesCleanRoom(config)) return all
  const own = collectPins(root, inPlaceCommands(config), gatePath)
  if (!own.ok) return own
  const ids = new Set(own.value.map(({ id }) => id))
  const pins = all.value.pins.map((pin): Pin => (ids.has(pin.id) ? { ...pin, inPlace: true } : pin))
  return ok({ ...all.value, pins })
}

/**
 * The pins that a changed file is held against, and what they are by now. Where gates pass in the clean room, theirs are not: there a
 * change of what they mean is tried, with the start's definition in its place (see judging/second-look.ts).
 */
export function comparedPins(
  root: string,
  { pins, config }: { readonly pins: readonly Pin[]; readonly config: ProjectConfig | null },
  gatePath: string,
): { readonly frozen: readonly Pin[]; readonly now: Result<Pin[]> } {
  if (config === null || !usesCleanRoom(config))
    return { frozen: pins, now: collectPins(root, startedBy(config), gatePath) }
  const commands = inPlaceCommands(config)
  const now = commands.length === 0 ? ok([]) : collectPins(root, commands, gatePath)
  return { frozen: pins.filter((pin) => pin.inPlace), now }
}

/** The pins of a run once those of now were accepted: of gates in the clean room they stay as they were. */
export function acceptedPins(
  { pins, config }: { readonly pins: readonly Pin[]; readonly config: ProjectConfig | null },
  now: readonly Pin[],
): readonly Pin[] {
  if (config === null || !usesCleanRoom(config)) return now
  const ids = new Set(now.map(({ id }) => id))
  const kept = pins.filter((pin) => !pin.inPlace && !ids.has(pin.id))
  return [...kept, ...now.map((pin): Pin => ({ ...pin, inPlace: true }))].toSorted((a, b) =>
    a.id < b.id ? -1 : 1,
  )
}
