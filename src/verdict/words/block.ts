import { releaseCommands } from '../../contract/release-commands.ts'
import type { ProjectConfig } from '../../contract/types.ts'
import type { Judgement } from '../judgement.ts'
import { timesInARow } from '../limits.ts'
import type { RunSoFar } from '../so-far.ts'
import { blockerWords, nextFor } from './blocker.ts'
import { changeWords } from './definition.ts'
import { haltWords } from './limit.ts'
import { outputWords } from './output.ts'
import { flakyPasses } from './room.ts'
import { maxListed, flat, short } from './short.ts'
import { type Voice, helpWords, resumeWords, thenWords } from './voice.ts'
import { witness } from './witness.ts'

/** Lines of a whole reason: what is longer is not read to its end. */
const maxLines = 59
const maxDefinitionLines = 40

/** The run that was judged, as it was before this verdict. */
export type JudgedRun = RunSoFar & { readonly activation: { readonly config: ProjectConfig | null } }

/** The reason of a block (or of the last block before a halt): what is outstanding, the proof, the one next step. */
export function blockReason(judgement: Judgement, run: JudgedRun, head: string, voice: Voice): string {
  const { drift } = judgement
  const stop = `stop ${run.iteration + 1} of ${run.contract.limits.maxStopIterations}`
  const parts =
    judgement.verdict === 'halt'
      ? [
          `autonomous-loop: last block (${stop}). ${haltWords(judgement.halt)}`,
          haltRequest(judgement, run, voice),
        ]
      : [`autonomous-loop: not done yet (${stop}).${repeatWords(judgement, run)}`]

  if (run.reopened)
    parts.push(
      'This run had been released, and you went on after its release. So its contract holds again, until what it asks for is true again.',
    )
  if (drift) parts.push(...definitionWords(judgement, drift, voice))
  else parts.push(['Outstanding:', ...outstanding(judgement, run)].join('\n'))
  if (judgement.session?.plan.state === 'stale')
    parts.push(
      'The plan on record is older than this session start and was not enforced; update it if it still matters.',
    )
  const end = [...(judgement.verdict === 'halt' ? [] : [nextStep(judgement, voice)]), witness(head)]
  if (!drift) {
    const failed = judgement.commands.filter(hasSpoken)
    const room = maxLines - [...parts, ...end].join('\n\n').split('\n').length
    parts.push(...outputWords(failed, lastShown(run), room, voice))
  }
  return [...parts, ...end].join('\n\n')
}

/** A run that stands still is told so before its limit ends it. */
function repeatWords(judgement: Judgement, run: RunSoFar): string {
  const times = timesInARow(judgement, run, judgement.signature)
  if (times < 2) return ''
  const left = run.contract.limits.maxRepeatedFailureSignature - times
  const again = `The same blocker for the ${ordinal(times)} time without a change in the workspace`
  return left === 1 ? ` ${again}; the next such stop ends the run.` : ` ${again}.`
}

function ordinal(times: number): string {
  return ['first', 'second', 'third', 'fourth', 'fifth'][times - 1] ?? `${times}th`
}

/** The commands of the last stop, if that was a block which the agent got since the limits were made fresh. */
function lastShown(run: RunSoFar): Judgement['commands'] {
  return run.iteration > 0 && run.lastStop?.verdict === 'block' ? run.lastStop.commands : []
}

function outstanding(judgement: Judgement, run: JudgedRun): string[] {
  const lines = judgement.blockers.map((one) => `- ${flat(blockerWords(one, judgement, run))}`)
  const more = lines.length - maxListed
  const shown = more > 0 ? [...lines.slice(0, maxListed), `- and ${more} more`] : lines
  const waiting = notRunYet(judgement, run)
  return [
    ...shown,
    ...(waiting.length > 0 ? [`- not run yet: ${waiting.join(', ')}`] : []),
    ...flakyPasses(judgement).map((one) => `- for your information: gate ${one}`),
  ]
}

/** Gates that the release needs and that were not reached, because something cheaper was missing already. */
function notRunYet(judgement: Judgement, run: JudgedRun): readonly string[] {
  if (judgement.gatesRun === 'full') return []
  const ran = new Set(judgement.commands.map((command) => command.name))
  return releaseCommands({ contract: run.contract, config: run.activation.config })
    .map((command) => command.name)
    .filter((name) => !ran.has(name))
}

function definitionWords(
  { gatesRun }: Judgement,
  drift: NonNullable<Judgement['drift']>,
  voice: Voice,
): string[] {
  const lines = drift.changes.flatMap((change) => `- ${changeWords(change)}`.split('\n'))
  const more = lines.length - maxDefinitionLines
  return [
    gatesRun === 'none'
      ? 'The gate definition has changed since the contract was frozen. Nothing of it was run.'
      : 'The gate definition changed while the gates ran. What they said does not count.',
    [...lines.slice(0, maxDefinitionLines), ...(more > 0 ? [`- and ${more} more lines`] : [])].join('\n'),
    voice.kind === 'attempt'
      ? 'Put it back as it was, and end your turn again. If the change is right, only a person can say so.'
      : `Put it back as it was and stop again. If the change is right, only the person can accept it, with the prompt: autonomous-loop amend ${drift.digest.slice(0, 12)}`,
  ]
}

function nextStep(judgement: Judgement, voice: Voice): string {
  const { drift, blockers } = judgement
  const help = helpWords(voice)
  if (drift) return `Next: restore the files named above, then go on with the work. ${help}`
  const first = blockers[0]
  return `Next: ${first ? nextFor(first, judgement, voice) : 'go on with the work'}. ${thenWords(voice)} ${help}`
}

function haltRequest({ outstandingTaskIds }: Judgement, run: RunSoFar, voice: Voice): string {
  const open = outstandingTaskIds.length > 0 ? ` Open tasks: ${outstandingTaskIds.join(', ')}.` : ''
  return (
    `The contract "${short(run.contract.objective)}" is NOT fulfilled.${open} Do no more work. Your last message must tell the person exactly that, ` +
    `what is missing below, and that ${resumeWords(voice)}.`
  )
}

/** It ran, and what it printed may tell why it did not pass. */
function hasSpoken({ outcome, likely, lacks }: Judgement['commands'][number]): boolean {
  return (
    outcome === 'failed' || (outcome === 'could-not-run' && (likely !== undefined || lacks !== undefined))
  )
}
