import { isObject } from '../../base/json.ts'
import { type Result, err, ok } from '../../base/result.ts'
import { show } from '../../contract/problem.ts'
import { parseYamlText } from '../../contract/file/yaml-text.ts'
import type { Place } from '../../contract/file/located.ts'
import type { ForeignBacklog, ForeignTask, LeftOut } from './drafts.ts'

/** The files of a project of codex-loop, as texts. Names are relative to its directory. */
export interface CodexLoopFiles {
  readonly config: { readonly file: string; readonly text: string }
  /** Every file of the directory with the tasks, in the order of their names. */
  readonly tasks: readonly { readonly file: string; readonly name: string; readonly text: string }[]
  /** The text of STATE; null: there is none. */
  readonly state: string | null
}

/** What codex-loop knows of its tasks. */
export const STATE = '.codex-loop/state.json'

/** What is asked of every task, and what stands in the config besides. */
interface Project {
  readonly summary: string
  readonly doneWhen: readonly string[]
  readonly commands: ForeignTask['commands']
  readonly left: readonly LeftOut[]
}

/** Sections that say how codex-loop itself runs. */
const ITS_OWN: readonly string[] = ['execution', 'codex', 'logging', 'operator']
const KNOWN: readonly string[] = ['version', 'project', 'goal', 'verification', 'tasks', 'hooks', ...ITS_OWN]

/** Where the tasks lie: `tasks.source_dir` of the config, or `tasks`. Errors: the config cannot be read, as words with their line. */
export function tasksDirectory(config: string): Result<string, LeftOut> {
  const parsed = parsedConfig({ file: '', text: config })
  if (!parsed.ok) return parsed
  const { tasks } = parsed.value.value
  const named = isObject(tasks) ? tasks['source_dir'] : undefined
  return ok(typeof named === 'string' ? named : 'tasks')
}

/**
 * Tasks of codex-loop, in the order of their files. It knows no scope. Pure; what it does not understand is left out, with its line.
 * Errors: the config itself cannot be read.
 */
export function readCodexLoop({ config, tasks, state }: CodexLoopFiles): Result<ForeignBacklog, LeftOut> {
  const project = projectOf(config)
  if (!project.ok) return project
  const done = doneIn(state)
  if (done === null)
    return err({ file: STATE, line: 1, what: 'it cannot be read, and nobody else knows what is done' })
  const [own, others] = [tasks.filter((one) => isTask(one.name)), tasks.filter((one) => !isTask(one.name))]
  return ok({
    format: 'codex-loop',
    tasks: own.map((one) => taskOf(one, project.value, done)),
    left: [
      ...project.value.left,
      ...others.map(({ file }) => ({ file, line: 1, what: 'its name is not that of a task: 001-name.md' })),
    ],
  })
}

export const isTask = (name: string): boolean => /^\d{3}-.+\.md$/.test(name)

function parsedConfig({
  file,
  text,
}: CodexLoopFiles['config']): Result<
  { readonly value: Readonly<Record<string, unknown>>; readonly lineOf: (place: Place) => number },
  LeftOut
> {
  const parsed = parseYamlText(text.replace(/^\ufeff/, ''))
  if (!parsed.ok)
    return err({ file, line: parsed.problems[0]?.line ?? 1, what: parsed.problems[0]?.message ?? '' })
  const { value, lineOf } = parsed.located
  return isObject(value) ? ok({ value, lineOf }) : err({ file, line: 1, what: 'it holds no settings' })
}

function projectOf(config: CodexLoopFiles['config']): Result<Project, LeftOut> {
  const parsed = parsedConfig(config)
  if (!parsed.ok) return parsed
  const { value, lineOf } = parsed.value
  const { file } = config
  const left: LeftOut[] = []
  const leave = (place: Place, what: string): void => void left.push({ file, line: lineOf(place), what })
  const section = (name: string): Readonly<Record<string, unknown>> => {
    const found = value[name]
    if (found !== undefined && !isObject(found)) leave([name], `${name} is no section`)
    return isObject(found) ? found : {}
  }
  const texts = (name: string, key: string): readonly { text: string; line: number }[] => {
    const found = section(name)[key]
    if (found === undefined) return []
    if (!Array.isArray(found)) leave([name, key], `${name}.${key} is no list`)
    return (Array.isArray(found) ? (found as unknown[]) : []).flatMap((one, at) => {
      if (typeof one === 'string' && one.trim() !== '')
        return [{ text: one.trim(), line: lineOf([name, key, at]) }]
      leave([name, key, at], `${name}.${key}: ${show(one)} is no text`)
      return []
    })
  }
  for (const name of Object.keys(value)) {
    if (!KNOWN.includes(name)) leave([name], `${name} is unknown`)
    if (ITS_OWN.includes(name))
      leave([name], `${name} is about codex-loop's own runs; see supervisor in the config here`)
  }
  for (const [name, commands] of Object.entries(section('hooks')))
    if (Array.isArray(commands) && commands.length > 0)
      leave(['hooks', name], `hooks.${name} is not taken over; prepare of the config may be what you need`)
  if (section('verification')['pass_requires_all'] === false)
    leave(['verification', 'pass_requires_all'], 'that one command is enough: here all have to pass')
  const { summary } = section('goal')
  const commands = texts('verification', 'commands').map((one) => ({ file, ...one }))
  const doneWhen = texts('goal', 'done_when').map((one) => one.text)
  return ok({ summary: typeof summary === 'string' ? summary.trim() : '', doneWhen, commands, left })
}

const COMMENT = /<!--\s*depends_on:\s*([^>]*?)\s*-->/g

function taskOf(
  { file, name, text }: CodexLoopFiles['tasks'][number],
  { summary, doneWhen, commands }: Project,
  done: ReadonlySet<string>,
): ForeignTask {
  const key = name.slice(0, -3)
  const { front, body } = parted(text)
  const lines = body.split('\n')
  const at = lines.findIndex((one) => /^#\s/.test(one))
  const title = at === -1 ? key : (lines[at] ?? '').replace(/^#\s+/, '').trim()
  const goal = [
    ...(summary === '' ? [] : [`This is part of: ${summary}`]),
    ...(doneWhen.length === 0 ? [] : ['All of it is done when:', ...doneWhen.map((one) => `- ${one}`)]),
  ].join('\n')
  const rest = lines.filter((_, index) => index !== at).join('\n')
  const named = [...text.matchAll(COMMENT)].flatMap((one) => (one[1] ?? '').split(','))
  return {
    file,
    line: 1,
    key,
    after: [
      ...new Set([...named, ...front.after].map((one) => one.trim().replace(/\.md$/, '')).filter(Boolean)),
    ],
    status: done.has(key) ? 'done' : 'open',
    commands,
    files: [],
    draft: { title, text: [rest.replaceAll(COMMENT, '').trim(), goal].filter(Boolean).join('\n\n') },
    fault: front.fault,
  }
}

/** Front matter, of which only `depends_on` means something, and the text below it. */
function parted(text: string): {
  readonly front: { readonly after: readonly string[]; readonly fault: string | null }
  readonly body: string
} {
  const plain = text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n')
  const found = /^---[ \t]*\n([^]*?)\n---[ \t]*(?:\n|$)/.exec(plain)
  if (found === null) return { front: { after: [], fault: null }, body: plain }
  const body = plain.slice(found[0].length)
  const parsed = parseYamlText(found[1] ?? '')
  const value = parsed.ok && isObject(parsed.located.value) ? parsed.located.value['depends_on'] : undefined
  const words = typeof value === 'string' ? value.split(',') : (value ?? [])
  const isRead = parsed.ok && Array.isArray(words) && words.every((one) => typeof one === 'string')
  return {
    front: {
      after: isRead ? words : [],
      fault: isRead ? null : 'its front matter cannot be read',
    },
    body,
  }
}

/** Ids of tasks that its state calls done; none without one; null: it cannot be read. */
function doneIn(state: string | null): ReadonlySet<string> | null {
  const parsed = state === null ? null : parseYamlText(state)
  if (parsed?.ok === false) return null
  const value =
    parsed?.ok === true && isObject(parsed.located.value) ? parsed.located.value['tasks'] : undefined
  const entries: readonly unknown[] = Array.isArray(value)
    ? value
    : isObject(value)
      ? Object.entries(value).map(([id, one]) => (isObject(one) ? { id, ...one } : null))
      : []
  return new Set(
    entries.flatMap((one) =>
      isObject(one) && one['status'] === 'done' && typeof one['id'] === 'string' ? [one['id']] : [],
    ),
  )
}
