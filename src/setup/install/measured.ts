import { never } from '../../base/result.ts'
import type { Network } from '../../contract/network.ts'
import type { DetectedCommand } from '../../detect/detection.ts'
import type { Noticing } from './noticing.ts'
import type { ConfigVersion } from './project-config.ts'

/** `passes-after-download`: it needed the network once, and what it took from there is enough from now on. */
export type Outcome =
  | 'passes'
  | 'passes-after-download'
  | 'passes-with-network'
  | 'passes-as-version-1'
  | 'fails'
  | 'could-not-run'

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
  /** Why it did not pass on the rung above, with the lines that say most; null when there was none, or when it did not pass at all. */
  readonly above: string | null
}

/** The commands with what was measured written into them, and what a person should know. */
export function withMeasured(
  commands: readonly DetectedCommand[],
  measured: readonly Measured[],
  version: ConfigVersion,
): { readonly commands: readonly DetectedCommand[]; readonly notes: readonly string[] } {
  const of = new Map(measured.map((one) => [one.name, one]))
  return {
    commands: commands.map((command) => {
      const network = of.get(command.name)?.network ?? null
      return network === null ? command : { ...command, network }
    }),
    notes: measured.flatMap((one) => {
      if (one.outcome === 'passes') return []
      if (one.outcome === 'passes-after-download')
        return [`${one.name} needed the network once, for what it downloaded; it is not granted`]
      if (one.outcome === 'passes-with-network')
        return [
          `${one.name} needs the network${version === 1 ? ' (or loopback)' : ''}: it is granted to this command. Without it: ${one.above}`,
        ]
      if (one.outcome === 'passes-as-version-1')
        return [
          `${one.name} passes only without the box, as version 1 ran it${one.network === true ? ', and with the network' : ''}: it is not sealed ("box": false). In the box: ${one.above}`,
        ]
      const tried = version === 1 ? '' : ', in the box and without it'
      const why =
        one.outcome === 'fails' ? `fails here now, with and without network${tried}` : 'could not run'
      return [`${one.name} ${why}: ${one.detail}`]
    }),
  }
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

/** What a person should know of it. */
export function noticeNotes(noticing: Noticing): string[] {
  if (noticing.kind === 'noticed') return []
  if (noticing.kind === 'unnoticed')
    return [
      `these gates do not notice a broken source: ${noticing.gates.join(', ')} passed with each of these files broken in a copy: ${noticing.files.join(', ')}`,
    ]
  switch (noticing.why) {
    case 'too-slow':
      return [
        'whether the gates notice a broken source was not tried, they take over two minutes: --measure=full',
      ]
    case 'too-large':
      return ['whether the gates notice a broken source was not tried, the repository is over 2 GiB']
    case 'not-copied':
      return ['whether the gates notice a broken source was not tried, the repository could not be copied']
    case 'fails-in-copy':
      return ['whether the gates notice a broken source was not tried, they fail in a copy of the repository']
    case 'no-test-gate':
    case 'no-source':
    case 'no-home':
      return []
    default:
      return never(noticing.why, 'reason')
  }
}
