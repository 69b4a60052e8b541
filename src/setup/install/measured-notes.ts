import { never } from '../../base/result.ts'
import { shellWord } from '../../base/shell-word.ts'
import { type ProposedStep, stepJson } from '../../detect/prepare/proposal.ts'
import { isKept, isReserved } from '../../gates/environment.ts'
import type { Measured, Measuring } from './measured.ts'
import type { Noticing } from './noticing.ts'
import { CONFIG_PATH, type ConfigVersion } from './project-config.ts'

/** What a person should know of what was measured. `proposed`: what was prepared at first. */
export function measuredNotes(
  { measured, room }: Measuring,
  version: ConfigVersion,
  root: string,
  proposed: readonly ProposedStep[],
): readonly string[] {
  return [
    ...(version === 2 && room.kind === 'none'
      ? [`no clean room for these gates: ${room.why}`, ...secretNotes(proposed, root)]
      : []),
    ...(version === 2 && room.kind === 'unused'
      ? ['no gate passes in the clean room, so the config says nothing of it']
      : []),
    ...(room.kind === 'used' && room.nth > 0
      ? ["in the clean room the project's own install scripts run too: what they make is of one tree alone"]
      : []),
    ...measured.flatMap((one) => [
      ...networkNotes(one, version),
      ...(room.kind === 'none' ? [] : placeNotes(one, room.kind, root)),
    ]),
  ]
}

function networkNotes(one: Measured, version: ConfigVersion): string[] {
  switch (one.outcome) {
    case 'passes':
      return []
    case 'passes-after-download':
      return [`${one.name} needed the network once, for what it downloaded; it is not granted`]
    case 'passes-with-network': {
      const what = version === 1 ? 'the network (or loopback)' : 'the network'
      return [`${one.name} needs ${what}: it is granted to this command. Without it: ${one.above}`]
    }
    case 'passes-as-version-1':
      return [
        `${one.name} passes only without the box, as version 1 ran it${one.network === true ? ', and with the network' : ''}: it is not sealed ("box": false). In the box: ${one.above}`,
      ]
    case 'fails':
    case 'could-not-run': {
      const tried = version === 1 ? '' : ', in the box and without it'
      const why =
        one.outcome === 'fails' ? `fails here now, with and without network${tried}` : 'could not run'
      return [`${one.name} ${why}: ${one.detail}`]
    }
    default:
      return never(one.outcome, 'outcome')
  }
}

/** A token of a registry, for example. Only steps of `prepare` that ask one get it, never scripts of packages. */
function secretNotes(proposed: readonly ProposedStep[], root: string): string[] {
  const steps = proposed.map((step) => ({
    step,
    secrets: step.variables.filter((name) => !isKept(name, step.network) && !isReserved(name)),
  }))
  const names = [...new Set(steps.flatMap((one) => one.secrets))]
  if (names.length === 0) return []
  const prepare = steps.map(({ step, secrets }) => ({
    ...stepJson(step),
    ...(secrets.length === 0 ? {} : { secrets }),
  }))
  return [
    `what is prepared may need ${names.join(', ')}, which the settings of its installer name. ${byHand(`"prepare": ${JSON.stringify(prepare)}`, root)}`,
  ]
}

function byHand(line: string, root: string): string {
  return `Only you can give it that: put ${line} into ${CONFIG_PATH}, then see what to change: autonomous-loop allow --measure --repo ${shellWord(root)}`
}

/** Why a gate is verified in place, and what a person can do about it. */
function placeNotes(
  { name, place, notInRoom, lacks, copy }: Measured,
  room: 'used' | 'unused',
  root: string,
): string[] {
  if (place !== 'in-place') return []
  const so = room === 'used' ? ', so it is verified there ("verify": "in-place")' : ''
  const missing = lacks.map((one) => one.name).join(', ')
  const without = missing === '' ? '' : ` The room does not have ${missing}.`
  return [
    `${name} passes in place only${so}. In the clean room: ${notInRoom}.${without}`,
    ...(copy.length === 0
      ? []
      : [
          `${name} passes in the clean room too with ${copy.join(', ')}, which git ignores. ${byHand(`"copy": ${JSON.stringify(copy)}`, root)}`,
        ]),
  ]
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
