import { exactGlob } from '../../contract/exact-glob.ts'
import { globProblem } from '../../contract/path-rules.ts'
import { cycles } from '../../contract/task-graph.ts'
import type { Command, Evidence, ProjectConfig } from '../../contract/types.ts'
import { itemName, draftText } from '../draft-text.ts'
import { nextId } from '../item-id.ts'
import { type PlainCommand, nameFor, plainCommand } from './command-argv.ts'
import type { ForeignBacklog, ForeignTask, LeftOut } from './drafts.ts'

/** A command that the config gets, so that items can name it. */
export interface NewCommand extends PlainCommand {
  readonly name: string
  /** As the source has it. */
  readonly text: string
}

export interface NewItem {
  readonly id: string
  /** Of the file, in the backlog's directory. */
  readonly name: string
  readonly text: string
  readonly from: ForeignTask
}

/** A task that becomes no item, and why. */
export interface Refused {
  readonly task: ForeignTask
  readonly why: string
}

export interface ImportPlan {
  readonly items: readonly NewItem[]
  readonly commands: readonly NewCommand[]
  readonly done: readonly ForeignTask[]
  readonly refused: readonly Refused[]
  readonly left: readonly LeftOut[]
  /** What makes the source as a whole unusable: keys that stand twice, circles. Nothing of it is imported then. */
  readonly broken: readonly LeftOut[]
}

export interface ImportInto {
  readonly config: ProjectConfig
  /** Numbers that the backlog has. */
  readonly ids: readonly string[]
  /** Of tasks that name no file. */
  readonly scope: readonly string[]
  /** What was found wrong with the items of an earlier plan, by key. */
  readonly faults?: ReadonlyMap<string, string>
}

/** What a source would become here. Pure. */
export function planImport(source: ForeignBacklog, { config, ids, scope, faults }: ImportInto): ImportPlan {
  const { tasks, left } = source
  const open = tasks.filter((one) => one.status !== 'done')
  const refused = refusedOf(tasks, open, scope, faults)
  const taken = open.filter((one) => !refused.has(one))
  const idOf = new Map(taken.map((one, at) => [one.key, nextId(ids, at)]))
  const commands = commandNames(config)
  const items = taken.map((task): NewItem => {
    const id = idOf.get(task.key) ?? ''
    const own = task.files.length === 0 ? scope : task.files.map(exactGlob)
    const names = [...new Set(task.commands.map((one) => commands.nameOf(one.text)))]
    const evidence: Evidence[] = names.map((name) => ({ kind: 'commandRef', name }))
    const text = draftText({
      ...task.draft,
      scope: own,
      after: task.after.flatMap((key) => idOf.get(key) ?? []),
      exclusive: [],
      // Without tasks any change in the scope is asked for.
      tasks: names.length === 0 ? [] : [{ title: 'Done', evidence: [...changed(task), ...evidence] }],
    })
    return { id, name: itemName(id, task.draft.title), text, from: task }
  })
  return {
    items,
    commands: commands.made,
    done: tasks.filter((one) => one.status === 'done'),
    refused: open.flatMap((task) => (refused.has(task) ? [{ task, why: refused.get(task) ?? '' }] : [])),
    left,
    broken: brokenIn(tasks),
  }
}

/** A task is no item whose commands pass while nothing was done. One file is named; of several any may be the one. */
function changed({ files }: ForeignTask): readonly Evidence[] {
  const [only] = files
  if (only === undefined) return []
  if (files.length === 1) return [{ kind: 'pathChanged', path: only }]
  const glob = `{${files.map((one) => exactGlob(one).replaceAll(',', '\\,')).join(',')}}`
  return globProblem(glob) === null ? [{ kind: 'pathChanged', glob }] : []
}

/** Tasks that become no item, with the reason; and with each of them those that come after it. */
function refusedOf(
  tasks: readonly ForeignTask[],
  open: readonly ForeignTask[],
  scope: readonly string[],
  faults: ImportInto['faults'],
): ReadonlyMap<ForeignTask, string> {
  const keys = new Set(tasks.map((one) => one.key))
  const refused = new Map<ForeignTask, string>()
  for (const task of open) {
    const unknown = task.after.find((key) => !keys.has(key))
    const fault = task.fault ?? faults?.get(task.key)
    if (fault !== undefined) refused.set(task, fault)
    else if (task.files.length === 0 && scope.length === 0)
      refused.set(task, 'it names no file that may change; --scope gives one to all such tasks')
    else if (unknown !== undefined) refused.set(task, `it comes after ${unknown}, which is not there`)
  }
  for (let before = -1; before !== refused.size;) {
    before = refused.size
    const out = new Set([...refused.keys()].map((one) => one.key))
    for (const task of open) {
      const behind = task.after.find((key) => out.has(key))
      if (behind !== undefined && !refused.has(task))
        refused.set(task, `it comes after ${behind}, which is not imported`)
    }
  }
  return refused
}

function brokenIn(tasks: readonly ForeignTask[]): readonly LeftOut[] {
  const twice = tasks.flatMap((task): LeftOut[] => {
    const earlier = tasks.find((one) => one.key === task.key)
    return earlier === undefined || earlier === task
      ? []
      : [{ ...placeOf(task), what: `${task.key} stands in ${earlier.file}:${earlier.line} too` }]
  })
  const nodes = tasks.map((one, at) => ({ place: String(at), id: one.key, dependsOn: one.after }))
  const round = cycles(nodes).flatMap((problem): LeftOut[] => {
    const task = tasks[Number(problem.path.split('.')[0])]
    return task === undefined
      ? []
      : [{ ...placeOf(task), what: `${task.key} waits for itself: ${problem.found}` }]
  })
  return [...twice, ...round]
}

const placeOf = ({ file, line }: ForeignTask): Pick<LeftOut, 'file' | 'line'> => ({ file, line })

/** Names of commands: of the config where one means the same and may be named by items, else of a new one. */
function commandNames(config: ProjectConfig): {
  readonly made: NewCommand[]
  readonly nameOf: (text: string) => string
} {
  const made: NewCommand[] = []
  const inProfiles = new Set(Object.values(config.gateProfiles).flat())
  const had = Object.values(config.commands)
  const usable = had.filter((one) => one.cwd === '.' && (one.evidence || inProfiles.has(one.name)))
  const nameOf = (text: string): string => {
    const plain = plainCommand(text)
    const same = [...usable, ...made].find((one) => isSame(one, plain))
    if (same !== undefined) return same.name
    const name = nameFor(text, new Set([...had, ...made].map((one) => one.name)))
    made.push({ ...plain, name, text })
    return name
  }
  return { made, nameOf }
}

function isSame(one: Pick<Command, 'argv' | 'env'>, { argv, env }: PlainCommand): boolean {
  return JSON.stringify([one.argv, one.env]) === JSON.stringify([argv, env])
}
