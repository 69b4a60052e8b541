import type { PinView, PinsView } from '../../views/pins-view.ts'
import { type Doc, type Line, columns, indented, quiet, strong, warn } from './doc.ts'
import { wrap } from './help.ts'
import { stepLines } from './steps.ts'

const width = 80

/** What is frozen, by the commands that lead to it. `whose` says for what. */
export function pinsDoc(whose: string, { pins, changes, steps }: PinsView, compared: boolean): Doc {
  const groups = new Map<string, PinView[]>()
  for (const pin of pins) {
    const why = pin.commands.length === 0 ? 'no command any more' : pin.commands.join(', ')
    groups.set(why, [...(groups.get(why) ?? []), pin])
  }
  return [
    [strong(`${pins.length} pins`), ` ${whose}`],
    [
      quiet(
        compared
          ? 'These decide what the gates do. A difference is shown, and never run.'
          : 'These decide what the gates do. Every gate passes in the clean room: a difference is tried there.',
      ),
    ],
    ...[...groups].flatMap(([why, some]): Doc => ['', [quiet('for '), strong(why)], ...pinLines(some)]),
    ...Object.entries(steps).flatMap(([name, made]): Doc => {
      const lines = stepLines(made)
      return lines.length === 0
        ? []
        : ['', [strong(name), quiet(' runs as')], ...lines.map((line): Line => [`  ${line}`])]
    }),
    ...(changes.length === 0
      ? []
      : ['', [warn('Differs by now:')], ...changes.flatMap((text) => indented(text, 2))]),
  ]
}

function pinLines(pins: readonly PinView[]): Doc {
  const absent = pins.filter((pin) => pin.value === null).map((pin) => pin.name)
  const present = pins.flatMap(({ name, value }): Line[] =>
    value === null ? [] : [[cut(name, 38), quiet(cut(value, 38))]],
  )
  return [
    ...columns(present, 2),
    ...(absent.length === 0
      ? []
      : [
          [quiet('  must stay absent:')],
          ...wrap(absent.join(', '), width - 4).map((line): Line => [`    ${line}`]),
        ]),
  ]
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}
