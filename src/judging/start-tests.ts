import type { Failure } from '../base/result.ts'
import type { Command } from '../contract/types.ts'
import { loadBaselines } from '../evidence/baseline-file.ts'
import type { Change } from '../evidence/types.ts'
import { type CommandRecord, type StartTests, commandRecord } from '../gates/command-record.ts'
import type { RunState } from '../ledger/state.ts'
import { type RoomPasses, passOf } from '../verdict/room-passes.ts'
import { type Unproved, asksPerson } from '../verdict/unproved.ts'
import type { WorkspaceLook } from '../workspace/look.ts'
import type { StartFiles } from '../workspace/room/start-content.ts'
import { isTestFile } from '../workspace/test-files.ts'
import { filesOfStart } from './files-of-start.ts'
import { type RoomWord, notRun } from './in-the-room.ts'
import type { Ports, ReadyRoom } from './ports.ts'

type Spoken = Extract<RoomWord, { kind: 'spoken' }>

/** What a pass with the tests of the work is followed by, where a gate asks for those of the start too. */
interface Before {
  readonly commands: readonly Command[]
  /** Passes of earlier stops; none where nothing is to be spared. */
  readonly passes: RoomPasses
  /** What the second look said, and what it had put back. */
  readonly unproved: Unproved | null
  readonly back: StartFiles
}

/**
 * A gate with `tests: start` has passed on the work. Here it runs once more in the room, on the same work with every test file as
 * it was at the start (those that are new are gone). What else gives the gates their meaning is as the second look had it: one that
 * passes the new tests over would pass over the old ones. Where it failed there, a person is asked first.
 */
export async function withStartTests(
  run: RunState,
  ports: Ports,
  look: WorkspaceLook,
  word: Spoken,
  { commands, passes, unproved, back }: Before,
): Promise<Spoken | Extract<RoomWord, { kind: 'moved' }>> {
  const { records, room } = word
  const asked = commands.filter((command) => command.tests === 'start')
  if (asked.length === 0 || records.some((one) => one.outcome !== 'passed')) return word
  if (asksPerson(unproved ?? undefined)) return word
  const tests = testsThatDiffer(look.comparison.changes, room.files)
  if (tests.length === 0) return word
  const baselines = loadBaselines(ports.baselineDir, run.activation.baselines)
  const start = baselines.ok ? await filesOfStart(run, ports, baselines.value, tests) : baselines
  if (!start.ok) return replaced(word, asked, stuck(start.error))
  const entered = await room.withStart(new Map([...start.value, ...back]))
  switch (entered.kind) {
    case 'moved':
      return entered
    case 'refused':
      return replaced(word, asked, stuck(entered.why))
    case 'unprepared': {
      const { name } = entered.result
      const message = `${name} does not pass with the tests of the start`
      return replaced(word, asked, stuck({ code: 'room-refused', message }))
    }
    case 'ready':
      return spokenAgain(word, entered.room, asked, commands, passes)
    default:
      return entered satisfies never
  }
}

/** Test files that differ from the start; none where the start had no test, as its tests then say nothing. */
function testsThatDiffer(changes: readonly Change[], files: ReadonlySet<string>): readonly string[] {
  const tests = changes.filter(({ path }) => isTestFile(path))
  const added = new Set(tests.flatMap(({ path, kind }) => (kind === 'added' ? [path] : [])))
  const had = tests.length > added.size || [...files].some((file) => isTestFile(file) && !added.has(file))
  return had ? tests.map(({ path }) => path) : []
}

/** These and the gates before them that keep something for them. */
function withKeepers(commands: readonly Command[], wanted: readonly Command[]): readonly Command[] {
  const last = commands.findLastIndex((one) => wanted.includes(one))
  return commands.filter((one, at) => wanted.includes(one) || (at < last && (one.keeps ?? []).length > 0))
}

/** Those that passed in the same room before are not run. */
async function spokenAgain(
  word: Spoken,
  room: ReadyRoom,
  asked: readonly Command[],
  commands: readonly Command[],
  passes: RoomPasses,
): Promise<Spoken> {
  const all = withKeepers(commands, asked)
  const keys = room.passKeys(all)
  const keyOf = new Map(all.map(({ name }, at) => [name, keys[at]!]))
  const before = ({ name }: Pick<Command, 'name'>): StartTests | undefined => {
    const pass = passOf(passes, name)?.command.startTests
    return pass?.passKey === keyOf.get(name) ? pass : undefined
  }
  const open = asked.filter((command) => before(command) === undefined)
  const results = open.length === 0 ? [] : await room.runGates(withKeepers(commands, open))
  return replaced(word, asked, (record) => {
    const pass = before(record)
    if (pass !== undefined) return { ...record, startTests: { ...pass, reused: true } }
    const result = results.find((one) => one.name === record.name)
    if (result === undefined) return stuck({ code: 'room-refused', message: 'it was not run' })(record)
    if (result.outcome.kind !== 'passed') return { ...commandRecord(result), tests: 'start' }
    const { durationMs, logFile } = result
    return { ...record, startTests: { durationMs, logFile, passKey: keyOf.get(record.name)! } }
  })
}

/** The same with other records of the gates that were asked. */
function replaced(
  word: Spoken,
  asked: readonly Command[],
  what: (record: CommandRecord) => CommandRecord,
): Spoken {
  const names = new Set(asked.map(({ name }) => name))
  return { ...word, records: word.records.map((one) => (names.has(one.name) ? what(one) : one)) }
}

function stuck(why: Failure): (record: CommandRecord) => CommandRecord {
  return (record) => ({ ...commandRecord(notRun(record, why)), tests: 'start' })
}
