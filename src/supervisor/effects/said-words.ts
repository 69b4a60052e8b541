import { type Result, never, ok } from '../../base/result.ts'
import { oneLine, shortened, withoutControls } from '../../base/text.ts'
import { readRecord } from '../../ledger/store.ts'
import { blockReason } from '../../verdict/words/block.ts'
import { attemptPaths } from '../batch/paths.ts'
import type { Finding } from '../record/events.ts'
import type { AttemptState, Said } from '../record/state.ts'
import { refusedWords } from '../planning/plan-words.ts'
import { reviewWords } from '../review/review-words.ts'
import type { World } from '../world.ts'

/** Longest account of what stands in the way, and of one name in it, in UTF-16 units. */
const MOST = 20_000
const MOST_NAME = 500

/** Above a verdict on a tree that had passed before others moved the head. */
const JOINED =
  'Your change passed by itself. Others have finished work meanwhile, and joined to theirs it does not pass:'

/** What an attempt was told after its last turn, bounded. Codes: those of the attempt's ledger. */
export function saidWords(world: World, attempt: Told, told: Said): Result<string> {
  const words = unbounded(world, attempt, told)
  return words.ok ? ok(shortened(words.value, MOST)) : words
}

/** The attempt that is spoken of. */
type Told = Pick<AttemptState, 'item' | 'attempt' | 'turn' | 'same'>

function unbounded(world: World, attempt: Told, told: Said): Result<string> {
  switch (told.kind) {
    case 'item':
      return ok('')
    case 'continue':
      return ok('Go on with this item.')
    case 'conflict':
      return ok(
        [
          'Your change does not join with what others have finished meanwhile. It differs from theirs in:',
          ...told.paths.slice(0, 50).map((path) => `- ${JSON.stringify(shortened(path, MOST_NAME))}`),
          'Change these files as little as the item needs, so that both changes fit.',
        ].join('\n'),
      )
    case 'findings':
      return ok(
        told.findings.length === 0
          ? 'Go on with this item.'
          : [
              'Not done yet. These stand in the way:',
              ...told.findings.slice(0, 50).map((finding) => `- ${findingWords(finding)}`),
            ].join('\n'),
      )
    case 'review':
      return ok(reviewWords(told.findings))
    case 'plan-review':
      return ok(refusedWords(told.findings))
    case 'verdict':
      return lastVerdict(world, attempt, told.alone)
    default:
      return never(told, 'what a worker is told')
  }
}

function lastVerdict({ batch, item, settings }: World, attempt: Told, alone: boolean): Result<string> {
  const record = readRecord(attemptPaths(batch, attempt.item, attempt.attempt).place)
  if (!record.ok) return record
  const run = record.value.state.runs.at(-1)
  const last = run?.lastStop
  if (!run || !last) return ok('Go on with this item.')
  const turns = item(attempt.item).limits.turns ?? settings.limits.turns
  // Counted in turns. Each may be another conversation, so nothing counts as shown before.
  const before = {
    ...run,
    contract: { ...run.contract, limits: { ...run.contract.limits, maxStopIterations: turns } },
    iteration: attempt.turn - 1,
    lastStop: null,
    repeated: 0,
  }
  const words = [
    ...(alone ? [JOINED] : []),
    blockReason(last, before, record.value.state.head, { kind: 'attempt' }),
    ...(attempt.same.times > 1
      ? [`The same for the ${attempt.same.times}. time in a row, and no file has changed.`]
      : []),
  ]
  return ok(words.join('\n\n'))
}

const findingText: Readonly<Record<string, string>> = {
  'no-change': 'nothing has changed yet',
  outside: 'lies outside of the directory that this backlog is about',
  protected: 'may not be changed',
  attributes: 'git attributes may not be changed',
  modules: 'submodules may not be changed',
  gitlink: 'submodules may not be changed',
  repository: 'is a git repository inside of this one',
  link: 'is a link that leads out of this directory',
  special: 'is a FIFO, a socket or a device',
  name: 'has a name that git cannot hold',
  'deleted-test': 'is a test that is there at the start, and may not be removed',
  'conflict-marks': 'lines with the marks <<<<<<<, ======= or >>>>>>> are left in it',
  'candidate-failed': 'git cannot take in what is there',
}

/** A path is an agent's, and stands as JSON. */
export function findingWords({ kind, path, why }: Finding): string {
  const text = findingText[kind] ?? kind
  const where = path === '.' ? '' : `${JSON.stringify(shortened(path, MOST_NAME))}: `
  return `${where}${text}${why === undefined ? '' : ` (${oneLine(withoutControls(why), MOST_NAME)})`}`
}
