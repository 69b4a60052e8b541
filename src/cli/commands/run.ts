import { type Failure, type Result, ok } from '../../base/result.ts'
import { plainJson } from '../../base/text.ts'
import type { Context } from '../../records/context.ts'
import { dryRun } from '../../supervisor/batch/dry-run.ts'
import type { RunAsked } from '../../supervisor/batch/run-asked.ts'
import { runBatch } from '../../supervisor/batch/run-batch.ts'
import { siteOf } from '../../supervisor/batch/site.ts'
import type { BatchEvent, FrozenItem } from '../../supervisor/record/events.ts'
import { restCode } from '../../views/batch-code.ts'
import { lookAround } from '../../views/batch-around.ts'
import { batchView } from '../../views/batch-status.ts'
import { confirm } from '../ask.ts'
import { askAccept } from '../ask-accept.ts'
import { mayChangeSetup } from '../asker.ts'
import { type Io, command, cwdFlag } from '../command.ts'
import { detach } from '../detach.ts'
import { detachedVariable, tellStarter } from '../detached.ts'
import { directoryOf } from '../directory.ts'
import { type CliOutcome, done } from '../outcome.ts'
import { batchDoc } from '../render/batch.ts'
import { failureOutcome } from '../render/failure.ts'
import { batchEventLine } from '../render/batch-event.ts'
import { type Line, quiet } from '../render/doc.ts'
import { batchProgress } from '../render/batch-progress.ts'
import { dryRunDoc, dryRunFields } from '../render/dry-run.ts'
import { hookLine } from '../render/hook-line.ts'
import { waitingLine } from '../render/progress.ts'
import { wrongCycles } from '../run-cycles.ts'
import { asksBacklog, typedGoal, wrongSource } from '../run-source.ts'
import { catchSignals } from '../signals.ts'
import { startNotify } from '../start-notify.ts'
import { timeSpan } from '../time-span.ts'
import { untilTime } from '../until-time.ts'
import { version } from '../version.ts'

/** `run`: works through the backlog until it rests; the exit status is that of `status --batch --check`. */
export const run = command({
  flags: {
    ...cwdFlag,
    jobs: { type: 'number', describe: 'items that may be worked on at the same time' },
    iterations: { type: 'number', describe: 'attempts to open in this call' },
    until: { type: 'string', value: 'time', describe: 'work ends then and is kept, as 07:00' },
    new: { type: 'boolean', describe: 'open a new batch after one that is completed' },
    task: { type: 'string', value: 'text', describe: 'work on this one task, and not on the backlog' },
    proof: {
      type: 'string',
      array: true,
      value: 'text',
      describe:
        "with --task: what has to be there, as 'pathExists: docs/a.md', or in words for the agent; repeat it",
    },
    continuous: {
      type: 'boolean',
      describe: 'then wait for items that are accepted meanwhile, and go on with them',
    },
    every: {
      type: 'string',
      value: 'time',
      describe: 'with --continuous: look again after so long, as 90s, 10m, 2h (default: 10m)',
    },
    'max-cycles': { type: 'number', describe: 'with --continuous: how often to work at most' },
    'retry-parked': { type: 'boolean', describe: 'give parked items fresh limits first' },
    'on-quota': {
      type: 'string',
      value: 'what',
      describe: 'where a quota is used up: wait, exit, or next (another agent of the role)',
    },
    detach: {
      type: 'boolean',
      describe: 'work in the background, started again after a crash; returns once it is at work',
    },
    adopt: { type: 'boolean', describe: 'the repository was moved, and is the same one' },
    goal: {
      type: 'string',
      value: 'plan.md',
      describe: 'work towards the goal of this plan, and not through the backlog',
    },
    'task-file': {
      type: 'string',
      value: 'TASK.md',
      describe: 'rules of every iteration (default: TASK.md beside the plan, if it is there)',
    },
    scope: {
      type: 'string',
      array: true,
      value: 'glob',
      describe:
        'with --task, and with --goal where the plan does not say it: what may change; repeat it for more',
    },
    yes: { type: 'boolean', describe: 'say yes to the goal without being asked' },
    'dry-run': {
      type: 'boolean',
      describe: 'only show order, agents and commands; starts and writes nothing',
    },
  },
  many: { item: 'number of an item, as 003: only these, and what they wait for' },
  ownSignals: true,
  usage: ({ 'on-quota': onQuota, ...args }) =>
    wrongSource(args) ??
    wrongCycles(args) ??
    wrongCount('--max-cycles', args['max-cycles']) ??
    wrongCount('--jobs', args.jobs) ??
    wrongCount('--iterations', args.iterations) ??
    (onQuota !== undefined && onQuotaOf(onQuota) === null
      ? `--on-quota wants wait, exit or next, not "${onQuota}"`
      : undefined) ??
    (args.until !== undefined && untilTime(args.until, 0) === null
      ? `--until wants a time such as 07:00, not "${args.until}"`
      : undefined),
  run: async (args, io): Promise<Result<CliOutcome>> => {
    const { context } = io
    const cwd = directoryOf(context.env, args.cwd)
    if (!cwd.ok) return cwd
    const isDry = args['dry-run'] === true
    const may = isDry ? ok(true) : mayChangeSetup(context, 'run', false)
    if (!may.ok) return may
    // Its first process opened the batch.
    const isRestart = context.env.vars[detachedVariable] === 'again'
    const goal = isRestart
      ? ok(null)
      : await typedGoal(io, cwd.value, args, isDry ? 'shown' : args.yes === true ? 'yes' : 'ask')
    if (!goal.ok) return goal
    if (isDry) return shown(context, cwd.value, { ...args, goal: goal.value })
    if (args.detach === true) {
      for (const which of io.interactive && asksBacklog(args) ? (['open', 'next'] as const) : []) {
        const said = await askAccept(context, cwd.value, which)
        if (!said.ok && said.error.code === 'unanswered') return said
      }
      // Whoever was asked here is not asked there.
      return detach(io, cwd.value, goal.value !== null && args.yes !== true ? ['--yes'] : [])
    }
    const asked: RunAsked = {
      items: args.item,
      iterations: args.iterations ?? null,
      until: args.until === undefined ? null : untilTime(args.until, context.clock()),
      jobs: args.jobs ?? null,
      isNew: args.new === true && !isRestart,
      isRestart,
      continuous:
        args.continuous === true
          ? { everyMs: timeSpan(args.every ?? '10m') ?? 600_000, cycles: args['max-cycles'] ?? null }
          : null,
      task:
        args.task === undefined || isRestart
          ? null
          : { text: args.task, proof: args.proof ?? [], scope: args.scope ?? [] },
      retryParked: args['retry-parked'] === true && !isRestart,
      onQuota: args['on-quota'] === undefined ? null : onQuotaOf(args['on-quota']),
      mayBill: false,
      adopt: args.adopt === true,
      goal: goal.value,
    }
    // An open batch goes on without what is not accepted, and whatever keeps us from asking.
    const before =
      io.interactive && asksBacklog(args) ? await askAccept(context, cwd.value, 'open') : ok(null)
    if (!before.ok && before.error.code === 'unanswered') return before
    const first = await supervise(io, cwd.value, asked)
    if (first.ok || !io.interactive) return first
    const agreed = await askFor(first.error, context, cwd.value, asked)
    if (!agreed.ok) return agreed
    return agreed.value === null ? first : supervise(io, cwd.value, agreed.value)
  },
})

const onQuotaOf = (text: string): RunAsked['onQuota'] =>
  text === 'wait' || text === 'exit' || text === 'next' ? text : null

/** Asks for the word of a person that was missing, once; null: nothing that can be asked for, or the answer was no. Codes: those of askAccept. */
async function askFor(
  { code }: Failure,
  context: Context,
  cwd: string,
  asked: RunAsked,
): Promise<Result<RunAsked | null>> {
  if (code === 'quota-next') {
    const agreed = await confirm(
      'Where a quota is used up the next agent goes on, and another account may pay for it. Go on?',
      'nothing began',
    )
    return agreed.ok ? ok(agreed.value ? { ...asked, mayBill: true } : null) : agreed
  }
  if (code !== 'backlog-unaccepted') return ok(null)
  const said = await askAccept(context, cwd, 'next')
  if (!said.ok) return said
  return ok(said.value === 'accepted' ? asked : null)
}

/** Under what comes next: how the night went. */
const LOOK_BACK: Line = [quiet('look back: '), 'autonomous-loop report']

async function supervise(io: Io, cwd: string, asked: RunAsked): Promise<Result<CliOutcome>> {
  const line = waitingLine(io)
  const progress = batchProgress(line)
  const print = (event: BatchEvent): void => {
    line.clear()
    if (event.type === 'started') atWork()
    const text = io.json ? plainJson(event) : batchEventLine(event)
    if (text !== null) process.stdout.write(`${text}\n`)
    progress.event(event)
  }
  const atWork = (): void => {
    if (io.context.env.vars[detachedVariable] !== undefined) tellStarter({ kind: 'at-work' })
  }
  const signals = catchSignals()
  const ended = await runBatch(io.context, cwd, asked, {
    version,
    seen: print,
    watch: progress.watch,
    waits: atWork,
    hookEnded: (hook) => {
      line.clear()
      if (hook.why !== null) process.stderr.write(`${hookLine(hook)}\n`)
    },
    notify: (batch) => startNotify(cwd, batch),
    ...signals,
  }).finally(() => {
    line.clear()
    signals.close()
  })
  const code = signals.code()
  // Whoever sent the signal is told so, also where no batch came of it.
  if (!ended.ok) return code === null ? ended : ok(failureOutcome(ended.error, code))
  const { batch, state, rest, published } = ended.value
  const view = batchView(batch, state, lookAround(state, io.context))
  return ok({
    code: code ?? restCode(rest),
    data: view,
    // Each event was a line already.
    plain: io.json,
    text: () => (io.json ? [] : ['', ...batchDoc(view, io.context.clock(), published), LOOK_BACK]),
  })
}

function shown(
  context: Context,
  cwd: string,
  args: {
    readonly item: readonly string[]
    readonly new?: boolean | undefined
    readonly jobs?: number | undefined
    readonly goal: FrozenItem | null
  },
): Result<CliOutcome> {
  const site = siteOf(cwd)
  if (!site.ok) return site
  const found = dryRun(context, site.value, {
    items: args.item,
    isNew: args.new === true,
    jobs: args.jobs ?? null,
    goal: args.goal,
  })
  return found.ok ? ok(done(dryRunFields(found.value), () => dryRunDoc(found.value))) : found
}

function wrongCount(flag: string, value: number | undefined): string | undefined {
  return value === undefined || (Number.isInteger(value) && value > 0)
    ? undefined
    : `${flag} wants a number from 1`
}
