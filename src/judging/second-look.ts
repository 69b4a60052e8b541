import { canonicalJson } from '../base/hash.ts'
import { readFileSafe } from '../base/read-file.ts'
import { type Failure, type Result, ok } from '../base/result.ts'
import type { Command } from '../contract/types.ts'
import { changeOf } from '../definition/difference.ts'
import type { DefinitionChange } from '../definition/drift.ts'
import { pinId } from '../definition/pin-id.ts'
import { loadBaselines } from '../evidence/baseline-file.ts'
import { fsPath } from '../evidence/path-text.ts'
import { type CommandRecord, commandRecord } from '../gates/command-record.ts'
import type { RunState } from '../ledger/state.ts'
import type { SecondLook, Unproved } from '../verdict/unproved.ts'
import type { WorkspaceLook } from '../workspace/look.ts'
import type { StartFile, StartFiles } from '../workspace/room/start-content.ts'
import { type DefinitionLook, differencesDigest, lookAtShapes } from '../workspace/shape/definition-look.ts'
import type { DefinitionDifference } from '../workspace/shape/shape.ts'
import { filesOfStart } from './files-of-start.ts'
import { programsOf, withoutFreeDependencies } from './free-dependencies.ts'
import type { RoomWord } from './in-the-room.ts'
import type { Ports, ReadyRoom } from './ports.ts'

export type SecondWord =
  /** `back`: what it put back in the room. */
  | { readonly kind: 'said'; readonly unproved: Unproved | null; readonly back: StartFiles }
  /** The workspace moved meanwhile. */
  | Extract<RoomWord, { kind: 'moved' }>

/**
 * What differs from the start and could give the gates another meaning is no part of the proof. So once all of them passed in the
 * room, they run there again on the same work, with all that as it was at the start. What a person accepted stays.
 *
 *   differences ─► work     definition, but for packages that were only added ─► none? nothing to say
 *                                     └─► room with these as at the start ─► the same gates ─► passed, failed, not possible
 */
export async function secondLook(
  run: RunState,
  ports: Ports,
  look: WorkspaceLook,
  commands: readonly Command[],
  { records, room }: Extract<RoomWord, { kind: 'spoken' }>,
): Promise<SecondWord> {
  if (records.some((one) => one.outcome !== 'passed')) return nothing
  const { repoRoot: root, pins, gatePath } = run.activation
  const baselines = loadBaselines(ports.baselineDir, run.activation.baselines)
  if (!baselines.ok) return unknown(run, baselines.error)
  const shapes = await lookAtShapes(
    {
      root,
      baselines: baselines.value,
      comparison: look.comparison,
      pins,
      programs: programsOf(run.activation),
      gatePath,
      layers: room.layers,
    },
    ports.workspace,
  )
  if (!shapes.ok) return unknown(run, shapes.error)
  const unsettled = unaccepted(shapes.value, run)
  if (unsettled.length === 0)
    return shapes.value.kind === 'greenfield' ? said({ kind: 'greenfield' }) : nothing
  const files = unsettled.map(({ path }) => path)
  const then = await filesOfStart(run, ports, baselines.value, files)
  if (!then.ok) return said(question(run, unsettled, then, { kind: 'not-possible', why: then.error.message }))
  const back = await withoutFreeDependencies(
    { differences: unsettled, start: then.value },
    room,
    run.activation,
  )
  if (back.differences.length === 0) return nothing
  const tried = await tryWithStart(room, back.start, commands)
  if (tried.kind === 'moved') return tried
  return said(question(run, back.differences, then, tried), back.start)
}

/** More are in a ledger nobody reads. What is left out is put back as well, and asked about once these were accepted. */
const MOST_NAMED = 500

/** What the person is shown where the answer is theirs, and the release names where it is not. */
function question(
  { runId, activation }: RunState,
  differences: readonly DefinitionDifference[],
  start: Result<StartFiles>,
  look: SecondLook,
): Unproved {
  const named = differences.slice(0, MOST_NAMED)
  const count = differences.length - named.length
  const more: DefinitionChange = { id: 'more', file: '', member: null, difference: { kind: 'more', count } }
  return {
    kind: 'definition',
    changes: [
      ...named.map(({ path, now }) => changeAt(activation.repoRoot, path, now, start)),
      ...(count > 0 ? [more] : []),
    ],
    states: Object.fromEntries(named.map(({ path, now }) => [path, now])),
    digest: differencesDigest(runId, named),
    look,
  }
}

function said(unproved: Unproved | null, back: StartFiles = new Map()): SecondWord {
  return { kind: 'said', unproved, back }
}

const nothing = said(null)

/** Where nobody can tell what differs, nobody can tell that nothing does. */
function unknown({ runId }: RunState, { message }: Failure): SecondWord {
  const why = { kind: 'unreadable', why: message } as const
  return said({
    kind: 'definition',
    changes: [{ id: 'definition', file: '', member: null, difference: why }],
    states: {},
    digest: differencesDigest(runId, []),
    look: { kind: 'not-possible', why: message },
  })
}

function unaccepted(look: DefinitionLook, { accepted = {} }: RunState): readonly DefinitionDifference[] {
  return look.differences.filter(
    ({ path, now }) => !(Object.hasOwn(accepted, path) && accepted[path] === now),
  )
}

async function tryWithStart(
  room: ReadyRoom,
  start: StartFiles,
  commands: readonly Command[],
): Promise<SecondLook | Extract<RoomWord, { kind: 'moved' }>> {
  const entered = await room.withStart(start)
  switch (entered.kind) {
    case 'moved':
      return entered
    case 'unprepared':
      return {
        kind: 'failed',
        commands: [{ ...commandRecord(entered.result), prepares: { work: entered.readsWork } }],
      }
    case 'refused':
      return { kind: 'not-possible', why: entered.why.message }
    case 'ready': {
      const records = (await entered.room.runGates(commands)).map(commandRecord)
      const unsaid = whyUnsaid(records, commands)
      if (unsaid !== null) return { kind: 'not-possible', why: unsaid }
      const passed = records.every((one) => one.outcome === 'passed')
      return { kind: passed ? 'passed' : 'failed', commands: records }
    }
    default:
      return entered satisfies never
  }
}

/** Why the gates have not said it all, the first of them that did not; null when they have. */
function whyUnsaid(records: readonly CommandRecord[], commands: readonly Command[]): string | null {
  for (const { name } of commands) {
    const record = records.find((one) => one.name === name)
    if (record === undefined) return `${name} was not run`
    if (record.outcome === 'could-not-run')
      return `${name} could not run: ${record.why ?? 'no reason is known'}`
    if (record.cause === 'killed') return `${name} was ended before it had spoken`
    if (record.outcome === 'failed') return null
  }
  return null
}

/** Longest text that is compared line by line. Bytes. */
const MOST_SHOWN = 1 << 20

/** For people: a text by its lines, anything else by what it is. */
function changeAt(root: string, path: string, now: string, start: Result<StartFiles>): DefinitionChange {
  const was = start.ok ? textOf(start.value.get(path) ?? null) : null
  const read = now === '-' ? ok(null) : readFileSafe(fsPath(root, path) as string, { maxBytes: MOST_SHOWN })
  const is = read.ok ? (read.value === null ? null : plainText(read.value)) : canonicalJson(now)
  return changeOf({ id: pinId('file', path), file: path, before: was, after: is })
}

function textOf(file: StartFile | null): string | null {
  return file === null ? null : plainText(file.bytes)
}

function plainText(bytes: Buffer): string {
  return bytes.includes(0) ? `a binary file of ${bytes.length} bytes` : bytes.toString('utf8')
}
