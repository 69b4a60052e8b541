import { type Result, fail, ok } from '../base/result.ts'
import { shellWord } from '../base/shell-word.ts'
import type { DetectedCommand } from '../detect/detection.ts'
import type { MeasureRequest } from '../setup/install/measure-request.ts'
import { asGates, asSteps, measure } from '../setup/install/measure.ts'
import { type Measuring, gatesForNotice, onlyInPlace, withMeasured } from '../setup/install/measured.ts'
import { measuredNotes, noticeNotes } from '../setup/install/measured-notes.ts'
import { lookWhatIsNoticed } from '../setup/install/notice.ts'
import type { Noticing } from '../setup/install/noticing.ts'
import { type InstallPlan, withCommands } from '../setup/install/plan.ts'
import type { RoomProposal } from '../setup/install/project-config.ts'
import { askToMeasure } from './ask-to-measure.ts'
import { askerOf } from './asker.ts'
import type { Io } from './command.ts'
import { aheadWords, secondsWords } from './render/ahead.ts'
import { type WaitingLine, gateProgress, waitingLine } from './render/progress.ts'

export interface KnownPlan {
  readonly plan: InstallPlan
  /** Null where nothing was measured, as `noticing`. */
  readonly measuring: Measuring | null
  readonly noticing: Noticing | null
}

export interface MeasureWish {
  readonly asked: boolean
  /** Look also at slow gates whether they notice a broken source. */
  readonly full: boolean
  readonly dry: boolean
}

/** With the person's yes, what the commands need is found out by running them. Codes: person-only, interrupted. */
export async function measurePlan(
  io: Io,
  plan: InstallPlan,
  { asked, full, dry }: MeasureWish,
): Promise<Result<KnownPlan>> {
  const again = `autonomous-loop install-repo --repo ${shellWord(plan.root)}`
  const isAgent = askerOf(io.context) === 'agent'
  if (asked && isAgent) return personMeasures(`${again} --measure`)
  const isKept = plan.ecosystems.length === 0
  const ask = !asked && io.interactive && !dry && !isAgent && !isKept
  const wanted = ask ? await askToMeasure(plan) : ok(asked)
  if (!wanted.ok) return wanted
  if (!wanted.value || isKept) return ok({ plan, measuring: null, noticing: null })
  const line = waitingLine(io)
  try {
    const measuring = await measure(io.context, {
      ...measuringOf(io, line, plan.commands),
      root: plan.root,
      config: asGates(plan.commands, plan.version),
      ways: asSteps(plan.prepare, plan.commands),
    })
    if (measuring === null) return interrupted(again)
    const commands = withMeasured(plan.commands, measuring.measured)
    const noticing = await notice(io, line, { ...plan, commands }, measuring, full)
    if (noticing === null) return interrupted(again)
    const notes = [
      ...measuredNotes(measuring, plan.version, plan.root, plan.prepare.steps),
      ...noticeNotes(noticing),
    ]
    const after = withCommands(plan, commands, notes, roomOf(plan, measuring))
    return after.ok ? ok({ plan: after.value, measuring, noticing }) : after
  } finally {
    line.clear()
  }
}

export function personMeasures(call: string): Result<never> {
  return fail('person-only', "--measure is for the person, and this call comes from an agent's shell.", {
    fix: `the person runs in a terminal: ${call}`,
  })
}

export function interrupted(again: string): Result<never> {
  return fail('interrupted', 'the measuring was interrupted; nothing was written', { fix: again })
}

/** What a person who waits is told meanwhile. */
export function measuringOf(
  io: Io,
  line: WaitingLine,
  commands: readonly { readonly name: string }[],
): Pick<MeasureRequest, 'abort' | 'onRun' | 'watch'> {
  const names = commands.map((one) => one.name)
  return {
    abort: io.interrupted,
    watch: gateProgress(line),
    onRun: (run) => line.show(aheadWords(run, names)),
  }
}

function roomOf(plan: InstallPlan, measuring: Measuring): RoomProposal | null {
  if (measuring.room.kind !== 'used') return null
  const { steps, withScripts } = plan.prepare
  return {
    prepare: measuring.room.nth === 0 ? steps : (withScripts ?? steps),
    inPlace: onlyInPlace(measuring),
  }
}

/** Null: interrupted. */
async function notice(
  io: Io,
  line: WaitingLine,
  plan: InstallPlan,
  { measured }: Measuring,
  full: boolean,
): Promise<Noticing | null> {
  const tests = gatesForNotice(plan.commands, measured, full)
  if (typeof tests === 'string') return { kind: 'not-looked', why: tests }
  const gateNames = tests.map((one: DetectedCommand) => one.name)
  const expected = measured
    .filter((one) => gateNames.includes(one.name))
    .reduce((sum, one) => sum + one.durationMs, 0)
  return lookWhatIsNoticed(io.context, {
    root: plan.root,
    config: asGates(tests, plan.version),
    abort: io.interrupted,
    onFile: (file) =>
      line.show(
        `running the tests ${file === null ? '' : `with ${file} broken `}in a copy (about ${secondsWords(expected)})`,
      ),
  })
}
