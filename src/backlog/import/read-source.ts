import fs from 'node:fs'
import path from 'node:path'
import { namesIn } from '../../base/names-in.ts'
import { readTextSafe } from '../../base/read-file.ts'
import { type Result, err, fail, ok } from '../../base/result.ts'
import { statOf } from '../../base/stat-of.ts'
import { isWithin, realPath } from '../../base/within.ts'
import { type CodexLoopFiles, STATE, isTask, readCodexLoop, tasksDirectory } from './codex-loop.ts'
import type { ForeignBacklog, LeftOut } from './drafts.ts'
import { readLoopDex } from './loopdex.ts'

const MOST_BYTES = 4_000_000
const MOST_TASKS = 1000

/** Where each tool keeps what it works through, below a project. */
const PLACES = ['codex-loop.yaml', '.loop-agent/backlog.md', 'backlog.md'] as const

/**
 * Reads what another tool works through: a backlog of LoopDex (Markdown), or codex-loop's `codex-loop.yaml` with its tasks; of a
 * directory the one that lies there. `where`: absolute. Codes: import-format, import-unreadable.
 */
export function readSource(where: string): Result<ForeignBacklog> {
  const file = sourceFile(where)
  if (!file.ok) return file
  const text = read(file.value)
  if (!text.ok) return text
  return /\.ya?ml$/i.test(file.value)
    ? codexLoop(file.value, text.value)
    : ok(readLoopDex(text.value, file.value))
}

function sourceFile(where: string): Result<string> {
  const found = statOf(where)
  if (!found.ok) return fail('import-unreadable', found.error.message)
  const stat = found.value
  if (!stat.isDirectory())
    return /\.(?:md|ya?ml)$/i.test(where)
      ? ok(where)
      : fail('import-format', `${where} is neither a backlog in Markdown nor a codex-loop.yaml`)
  const there = PLACES.map((name) => path.join(where, name)).filter((one) => fs.existsSync(one))
  const [only] = there
  if (only === undefined)
    return fail('import-format', `${where} has none of ${PLACES.join(', ')}`, {
      fix: 'autonomous-loop backlog import <file>',
    })
  return there.length === 1
    ? ok(only)
    : fail(
        'import-format',
        `${where} has several: ${there.map((one) => path.relative(where, one)).join(', ')}`,
        {
          fix: `autonomous-loop backlog import ${only}`,
        },
      )
}

function codexLoop(file: string, text: string): Result<ForeignBacklog> {
  const root = path.dirname(file)
  const named = tasksDirectory(text)
  if (!named.ok) return unreadable({ ...named.error, file })
  const dir = path.resolve(root, named.value)
  if (!isWithin(realPath(dir), realPath(root)))
    return fail('import-unreadable', `${file}: tasks.source_dir leads out of ${root}`)
  const tasks: CodexLoopFiles['tasks'][number][] = []
  const names = namesIn(dir)
  if (names.length > MOST_TASKS)
    return fail('import-unreadable', `${dir} has ${names.length} entries, and at most ${MOST_TASKS} are read`)
  for (const name of names) {
    // Of another name: it is listed, whatever it is.
    const task = isTask(name) ? read(path.join(dir, name)) : ok('')
    if (!task.ok) return task
    tasks.push({ file: path.join(dir, name), name, text: task.value })
  }
  const state = readTextSafe(path.join(root, STATE), { maxBytes: MOST_BYTES })
  if (!state.ok && state.error.code !== 'missing')
    return fail('import-unreadable', state.error.message, { fix: 'without it nobody knows what is done' })
  const backlog = readCodexLoop({ config: { file, text }, tasks, state: state.ok ? state.value : null })
  return backlog.ok ? backlog : unreadable(backlog.error)
}

function unreadable({ file, line, what }: LeftOut): Result<never> {
  return fail('import-unreadable', `${file}:${line}: ${what}`)
}

function read(file: string): Result<string> {
  const text = readTextSafe(file, { maxBytes: MOST_BYTES })
  return text.ok ? text : err({ code: 'import-unreadable', message: text.error.message })
}
