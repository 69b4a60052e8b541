import type { ForeignBacklog, ForeignCommand, ForeignTask, LeftOut } from './drafts.ts'
import { pathFault } from './path-fault.ts'

/*
 *   ## Tasks                                     headings mean nothing
 *   - [ ] Task 1.2: Validate the form            [x] done, [!] blocked
 *     - Size: Small
 *     - Files: src/form.py, test/test_form.py    paths to the letter, also as a list below
 *     - Description: …                           may go on below
 *     - Completion criteria:
 *       - an address without @ is refused
 *       - verify: pytest test/test_form.py
 *     - Depends: 1.1                             or none
 *     - Fail count: 0
 */

const TASK = /^\s*(?:[-*+]\s+|#{1,6}\s+)?\[([ xX!])\]\s+\**Task\s+(\d+(?:\.\d+)*)\s*[:—–-]\s*(.*?)\**\s*$/
/** Marked as a task, and yet none that can be read. */
const LIKE_TASK = /^(?:[-*+]\s+|#{1,6}\s+)?\[[^\]]{0,3}\]/
const FIELD =
  /^\s*(?:[-*+]\s+)?\**(Size|Files|Description|Completion criteria|Depends|Fail count)\**\s*:\**\s*(.*)$/i
const FIELDS = ['Size', 'Files', 'Description', 'Completion criteria', 'Depends', 'Fail count'] as const
const VERIFY = /`?\bverify:\s*(`[^`]+`|.+)$/i
const STATUS = { ' ': 'open', x: 'done', X: 'done', '!': 'blocked' } as const

interface Line {
  readonly text: string
  readonly line: number
}

interface Block {
  readonly key: string
  readonly title: string
  readonly status: ForeignTask['status']
  readonly line: number
  readonly fields: Map<string, Line[]>
}

/** Tasks of a backlog of LoopDex. Pure; what it does not understand is left out, with its line. */
export function readLoopDex(text: string, file: string): ForeignBacklog {
  const left: LeftOut[] = []
  const blocks: Block[] = []
  let field: Line[] | null = null
  for (const [index, raw] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = { text: raw, line: index + 1 }
    const task = TASK.exec(raw)
    const named = FIELD.exec(raw)
    const block = blocks.at(-1)
    if (task !== null) {
      const [, mark = ' ', key = '', title = ''] = task
      const status = STATUS[mark as keyof typeof STATUS]
      blocks.push({ key, title, status, line: line.line, fields: new Map() })
      field = null
    } else if (LIKE_TASK.test(raw) && !(field !== null && /^\s/.test(raw))) {
      left.push({ file, line: line.line, what: `no task that can be read: ${raw.trim()}` })
      field = null
    } else if (named !== null && block !== undefined) {
      const [, name = '', rest = ''] = named
      if (block.fields.has(name.toLowerCase()))
        left.push({ file, line: line.line, what: `${name} stands twice in task ${block.key}` })
      field = rest.trim() === '' ? [] : [{ text: rest, line: line.line }]
      block.fields.set(name.toLowerCase(), field)
    } else if (/^#{1,6}\s/.test(raw)) field = null
    else if (field !== null) field.push(line)
    else if (raw.trim() !== '' && !/^\s*(?:-{3,}|\*{3,}|<!--.*-->)\s*$/.test(raw))
      left.push({ file, line: line.line, what: raw.trim() })
  }
  return { format: 'loopdex', tasks: blocks.map((one) => taskOf(one, file, left)), left: byLine(left) }
}

function taskOf(block: Block, file: string, left: LeftOut[]): ForeignTask {
  const { key, title, status, line, fields } = block
  const of = (name: string): readonly Line[] => fields.get(name) ?? []
  const leave = (at: Line, what: string): void => void left.push({ file, line: at.line, what })
  // Of what is done nothing is needed any more.
  for (const name of status === 'done' ? [] : FIELDS)
    if (!fields.has(name.toLowerCase())) leave({ text: '', line }, `task ${key} has no field ${name}`)
  const size = wordOf(of('size'))
  if (size !== '' && !/^(?:small|medium)$/i.test(size))
    leave(of('size')[0] ?? { text: '', line }, `Size: ${size} (Small or Medium)`)
  const count = wordOf(of('fail count'))
  if (count !== '' && !/^\d+$/.test(count))
    leave(of('fail count')[0] ?? { text: '', line }, `Fail count: ${count}`)
  const commands = of('completion criteria').flatMap((one): ForeignCommand[] => {
    const found = VERIFY.exec(one.text)?.[0]
    if (found === undefined) return []
    const command = commandIn(found)
    if (command === '') leave(one, 'verify: without a command')
    return command === '' ? [] : [{ file, line: one.line, text: command }]
  })
  const files = listed(of('files'))
  const wrong = files.flatMap((one) => pathFault(one.text) ?? [])[0]
  const after = listed(of('depends'))
    .map((one) => one.text.replace(/^task\s+/i, ''))
    .filter((one) => !/^(?:none|-|n\/a)$/i.test(one))
  const unread = after.find((one) => !/^\d+(?:\.\d+)*$/.test(one))
  return {
    file,
    line,
    key,
    after,
    status,
    commands,
    files: files.map((one) => one.text),
    draft: { title, text: textOf(of('description'), of('completion criteria'), size) },
    fault:
      wrong ?? (unread === undefined ? null : `Depends: ${JSON.stringify(unread)} is no number of a task`),
  }
}

/** In backticks, up to the closing one; else the rest of the line. */
function commandIn(found: string): string {
  const isTicked = found.startsWith('`')
  const text = found.replace(/^`?verify:\s*/i, '').trim()
  if (text.startsWith('`')) return /^`([^`]+)`/.exec(text)?.[1]?.trim() ?? ''
  return (isTicked ? (text.split('`')[0] ?? '') : text).trim()
}

/** Words between commas, or one a line. */
function listed(lines: readonly Line[]): readonly Line[] {
  return lines.flatMap(({ text, line }) =>
    text
      .replace(/^\s*[-*+]\s+/, '')
      .split(',')
      .map((one) => one.trim().replace(/^`([^`]*)`$/, '$1'))
      .filter((one) => one !== '')
      .map((one) => ({ text: one, line })),
  )
}

function wordOf(lines: readonly Line[]): string {
  return lines
    .map((one) => one.text.trim())
    .join(' ')
    .trim()
}

function textOf(description: readonly Line[], criteria: readonly Line[], size: string): string {
  const wanted = dedented(criteria)
  return [
    dedented(description),
    ...(wanted === '' ? [] : [`Completion criteria:\n${wanted}`]),
    ...(size === '' ? [] : [`Size: ${size}`]),
  ]
    .filter((one) => one !== '')
    .join('\n\n')
}

function dedented(lines: readonly Line[]): string {
  const texts = lines.map((one) => one.text.trimEnd())
  const indents = texts.filter((one) => one !== '').map((one) => /^\s*/.exec(one)?.[0].length ?? 0)
  const least = indents.length === 0 ? 0 : Math.min(...indents)
  return texts
    .map((one) => one.slice(least))
    .join('\n')
    .trim()
}

function byLine(left: readonly LeftOut[]): readonly LeftOut[] {
  return left.toSorted((a, b) => a.line - b.line)
}
