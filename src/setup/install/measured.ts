import type { Network } from '../../contract/network.ts'
import type { Verify } from '../../contract/verify.ts'
import type { DetectedCommand } from '../../detect/detection.ts'
import type { RoomLack } from '../../gates/command-record.ts'

/** `passes-after-download`: it needed the network once, and what it took from there is enough from now on. */
export type Passing = 'passes' | 'passes-after-download' | 'passes-with-network' | 'passes-as-version-1'
export type Outcome = Passing | 'fails' | 'could-not-run'

/** Without the outside, and with it. Loopback belongs to the network in version 1: Codex's sandbox gives both or neither. */
export const networkOf = {
  1: { narrow: false, wide: true },
  2: { narrow: 'loopback', wide: 'full' },
} as const

/** What running a command in the gate sandbox showed. */
export interface Measured {
  readonly name: string
  readonly outcome: Outcome
  /** Of the run that decided. */
  readonly durationMs: number
  /** Why it failed or could not run, with the last lines; null when it passed. */
  readonly detail: string | null
  /** What it passed with, as the config says it; null when it did not pass. */
  readonly network: Network | boolean | null
  /** Why it did not pass on the first rung of that place, with the lines that say most; null when it did, or when it did not pass at all. */
  readonly above: string | null
  /** Where it passed, and is to be verified; null when it did not pass. */
  readonly place: Verify | null
  /** Why it did not pass in the clean room, or why there was none; null where it passed there. */
  readonly notInRoom: string | null
  /** What a gate that passes in place may miss in the room, as its output names it. */
  readonly lacks: readonly RoomLack[]
  /** Ignored files with which it was seen to pass in the room too. Only a person gives them to it. */
  readonly copy: readonly string[]
}

/** `nth`: which of the ways to prepare it is kept. `unused`: it was made, and no gate passes there. */
export type RoomFound =
  | { readonly kind: 'used'; readonly nth: number }
  | { readonly kind: 'unused' }
  | { readonly kind: 'none'; readonly why: string }

export interface Measuring {
  readonly measured: readonly Measured[]
  readonly room: RoomFound
}

/** The commands with the network that they were measured with. */
export function withMeasured(
  commands: readonly DetectedCommand[],
  measured: readonly Measured[],
): readonly DetectedCommand[] {
  const of = new Map(measured.map((one) => [one.name, one]))
  return commands.map((command) => {
    const network = of.get(command.name)?.network ?? null
    return network === null ? command : { ...command, network }
  })
}

/** Those that the clean room does not vouch for, where there is one. */
export function onlyInPlace({ measured, room }: Measuring): readonly string[] {
  return room.kind === 'used' ? measured.filter((one) => one.place === 'in-place').map((one) => one.name) : []
}

/** Why those did not pass in the room, by name. */
export function inPlaceReasons(measuring: Measuring): Readonly<Record<string, string>> {
  const names = onlyInPlace(measuring)
  return Object.fromEntries(
    measuring.measured.flatMap(({ name, notInRoom }) =>
      names.includes(name) && notInRoom !== null ? [[name, notInRoom]] : [],
    ),
  )
}

/** Longer ones are run for a look at what they notice only if that was asked for. */
const NOTICE_MS = 120_000

/**
 * Of the gates that passed: those that run tests and are quick enough, and the builds before them. Not type checks and linters, which
 * notice every broken source and would hide that no test does. Else why there are none.
 */
export function gatesForNotice(
  commands: readonly DetectedCommand[],
  measured: readonly Measured[],
  all: boolean,
): readonly DetectedCommand[] | 'no-test-gate' | 'too-slow' {
  const of = new Map(measured.map((one) => [one.name, one]))
  const passing = commands.filter((one) => !one.fast && (of.get(one.name)?.network ?? null) !== null)
  if (!passing.some((one) => one.tests)) return 'no-test-gate'
  const slow = passing.filter((one) => !all && (of.get(one.name)?.durationMs ?? 0) > NOTICE_MS)
  const quick = passing.filter((one) => !slow.includes(one))
  // Without its build a test would run what was built before.
  return slow.some((one) => !one.tests) || !quick.some((one) => one.tests) ? 'too-slow' : quick
}
