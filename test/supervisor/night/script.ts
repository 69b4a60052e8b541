import { long } from '../../rig/long.ts'
import { type ScriptedTurn, item } from '../rig.ts'

/*
 * A night as it is scripted: groups of items that run side by side, each after the one before. What happens to a group happens while
 * all of it is at work, so that nothing depends on who was quicker.
 */

/** What happens while a group is at work. */
export type Happening = 'kill' | 'quota' | 'config' | 'nothing'

/** How an agent does its item. */
export type Way = 'honest' | 'claims-first' | 'breaks-first' | 'strays-first' | 'gives-up'

export interface Planned {
  readonly id: string
  readonly way: Way
  readonly group: number
}

export interface Group {
  readonly happening: Happening
  readonly items: readonly Planned[]
}

/** In CI a short night, which has one of everything. */
export const JOBS = long ? 4 : 2
const happenings: readonly Happening[] = long
  ? ['kill', 'quota', 'config', 'kill', 'quota', 'kill', 'nothing', 'nothing', 'nothing', 'nothing']
  : ['quota', 'config', 'kill']
const ways: readonly Way[] = [
  'honest',
  'claims-first',
  'honest',
  'breaks-first',
  'honest',
  'strays-first',
  'honest',
]

const idOf = (nth: number): string => String(nth + 1).padStart(3, '0')

export const groups: readonly Group[] = happenings.map((happening, group) => ({
  happening,
  items: Array.from({ length: JOBS }, (_, at) => {
    const nth = group * JOBS + at
    const isLast = nth === happenings.length * JOBS - 1
    return { id: idOf(nth), group, way: isLast ? 'gives-up' : ways[nth % ways.length]! }
  }),
}))
export const planned = groups.flatMap((one) => one.items)

/** Agents of a group wait for this file before they go on. */
export const gateFile = (group: number): string => `go-${group}`

export const fileOf = (id: string): string => `src/${id}.txt`

/** The backlog: each group after the one before it. */
export const backlog: Readonly<Record<string, string>> = Object.fromEntries(
  planned.map(({ id, group }) => [
    `${id}-write.md`,
    item({
      title: `Write file ${id}`,
      scope: `[src/${id}.txt, src/bad.txt]`,
      front: group === 0 ? '' : `after: [${groups[group - 1]!.items.map((one) => one.id).join(', ')}]\n`,
      tasks: `## T1: It is there\n- pathChanged: src/${id}.txt\n`,
    }),
  ]),
)

/** What its agent says at the end of its last turn. */
export const claimOf = (id: string, way: Way): string =>
  way === 'gives-up' ? `which words go into file ${id}?` : `I wrote file ${id} and all tests pass`

/** Turns of one agent. `waits`: until the person or the machine has done what is planned for its group. */
export function turnsOf({ id, way }: Planned, waits: string): readonly ScriptedTurn[] {
  const write = { write: fileOf(id), text: `${id}\n` }
  const answer = { status: way === 'gives-up' ? 'blocked' : 'complete', summary: claimOf(id, way) }
  const wait = { sh: waits }
  switch (way) {
    case 'honest':
      return [{ steps: [wait, write], answer }]
    case 'claims-first':
      return [
        { steps: [wait], answer },
        { steps: [write], answer },
      ]
    case 'breaks-first':
      return [
        { steps: [wait, write, { write: 'src/bad.txt', text: 'bad\n' }], answer },
        { steps: [{ remove: 'src/bad.txt' }], answer },
      ]
    case 'strays-first':
      return [
        { steps: [wait, write, { write: 'elsewhere.txt', text: 'x\n' }], answer },
        { steps: [{ remove: 'elsewhere.txt' }], answer },
      ]
    case 'gives-up':
      return [{ steps: [wait], answer }]
    default:
      throw new Error(`no such way: ${String(way satisfies never)}`)
  }
}
