import { type Result, ok } from '../base/result.ts'
import type { FrozenItem } from '../supervisor/record/events.ts'
import { type Agreement, askGoal } from './ask-goal.ts'
import type { Io } from './command.ts'

/** What of the command line says where the work comes from: the backlog, a plan, or one task. */
export interface SourceFlags {
  readonly item: readonly string[]
  readonly goal?: string | undefined
  readonly 'task-file'?: string | undefined
  readonly task?: string | undefined
  readonly proof?: readonly string[] | undefined
  readonly scope?: readonly string[] | undefined
  readonly yes?: boolean | undefined
  readonly 'dry-run'?: boolean | undefined
  readonly detach?: boolean | undefined
  readonly continuous?: boolean | undefined
  readonly 'retry-parked'?: boolean | undefined
}

/** Of these `--dry-run` would pass over without a word what they change. */
const NOT_SHOWN = ['task', 'detach', 'continuous', 'retry-parked'] as const

/** The backlog is meant: nothing was typed in place of it. */
export const asksBacklog = ({ goal, task }: SourceFlags): boolean => goal === undefined && task === undefined

/** What of them does not go together; undefined: nothing. Pure. */
export function wrongSource(args: SourceFlags): string | undefined {
  const { goal, task, item, scope } = args
  const source = goal === undefined ? (task === undefined ? null : '--task') : '--goal'
  if (goal !== undefined && task !== undefined) return '--task and --goal cannot be given together'
  if (source !== null && item.length > 0) return `${source} and numbers of items cannot be given together`
  const stray = (Object.keys(ONLY_WITH) as Dependent[]).find(
    (flag) => args[flag] !== undefined && !(source !== null && ONLY_WITH[flag].includes(source)),
  )
  if (stray !== undefined) return `--${stray} is about ${ONLY_WITH[stray].join(' or ')}, which is not given`
  const unshown = args['dry-run'] === true ? NOT_SHOWN.find((flag) => args[flag] !== undefined) : undefined
  if (unshown !== undefined) return `--dry-run does not show what --${unshown} does: leave one of them out`
  return task !== undefined && scope === undefined
    ? "--task wants --scope 'src/**': what may change"
    : undefined
}

type Dependent = 'task-file' | 'yes' | 'proof' | 'scope'

const ONLY_WITH: Readonly<Record<Dependent, readonly string[]>> = {
  'task-file': ['--goal'],
  yes: ['--goal'],
  proof: ['--task'],
  scope: ['--task', '--goal'],
}

/** The goal that was typed, as a person agrees to it; null: none was. Codes: those of askGoal. */
export async function typedGoal(
  io: Io,
  cwd: string,
  { goal, scope, ...args }: SourceFlags,
  agreement: Agreement,
): Promise<Result<FrozenItem | null>> {
  if (goal === undefined) return ok(null)
  return askGoal(io, cwd, { plan: goal, rules: args['task-file'] ?? null, scope: scope ?? [] }, agreement)
}
