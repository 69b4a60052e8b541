import { type Result, ok } from '../base/result.ts'
import type { FrozenSteps } from '../contract/steps.ts'
import type { Command } from '../contract/types.ts'
import { changeOf } from '../definition/difference.ts'
import { collectDefinition, collectPins, diffPins } from '../definition/index.ts'
import type { Frozen } from '../definition/frozen.ts'
import type { Pin } from '../definition/types.ts'
import { changeWords } from '../verdict/words/definition.ts'

/** One thing that gives a command its meaning. */
export interface PinView {
  readonly id: string
  readonly file: string
  /** What it is: a file, or a part of one. */
  readonly name: string
  /** Its value in words; null: it must stay absent. */
  readonly value: string | null
  /** Names of the commands that lead to it; empty where none does any more. */
  readonly commands: readonly string[]
}

export interface PinsView {
  readonly pins: readonly PinView[]
  /** What differs from it by now, in words. */
  readonly changes: readonly string[]
  /** What the commands are made of: as frozen, or as they would be frozen now. */
  readonly steps: FrozenSteps
}

/**
 * What is frozen and because of which command: the pins of a run, or (`frozen` null) those that a run would freeze now.
 * Reads the workspace, runs nothing. Codes: pin-unreadable, pin-too-many.
 */
export function viewPins(
  root: string,
  commands: readonly Command[],
  gatePath: string,
  frozen: Pick<Frozen, 'pins' | 'steps'> | null,
): Result<PinsView> {
  const leading = new Map<string, string[]>()
  for (const command of commands) {
    const own = collectPins(root, [command], gatePath)
    if (!own.ok) return own
    for (const { id } of own.value) leading.set(id, [...(leading.get(id) ?? []), command.name])
  }
  const now = collectDefinition(root, commands, gatePath)
  if (!now.ok) return now
  return ok({
    pins: (frozen ?? now.value).pins
      // The version of the collecting itself belongs to no file.
      .filter((pin) => pin.file !== '')
      .map((pin) => ({
        id: pin.id,
        file: pin.file,
        ...described(pin),
        commands: leading.get(pin.id) ?? [],
      })),
    changes:
      frozen === null
        ? []
        : diffPins(frozen.pins, now.value.pins).map((change) => changeWords(changeOf(change))),
    steps: frozen === null ? now.value.steps : (frozen.steps ?? {}),
  })
}

/** In the words of a change from nothing to what it holds. */
function described(pin: Pin): Pick<PinView, 'name' | 'value'> {
  const { file, member, difference } = changeOf({
    id: pin.id,
    file: pin.file,
    before: null,
    after: pin.value === null ? null : (pin.text ?? pin.value),
  })
  return {
    name: member === null ? file : `${file} ${member}`,
    value: difference.kind === 'value' ? difference.now : null,
  }
}
