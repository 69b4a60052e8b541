import { isObject } from '../../base/json.ts'
import { evidenceKinds, isEvidenceKind } from '../evidence-kinds.ts'
import type { EvidenceKind } from '../types.ts'
import type { Parsed, Place, SyntaxProblem } from './located.ts'
import { parseYamlText, yamlValue } from './yaml-text.ts'

/*
 *   ---                              limits and the like, as YAML; may be left out
 *   gateProfile: final
 *   ---
 *   # Add a --json flag              the objective, with the text below it
 *   Scripts want to read it.
 *   ## T1: Write the flag            a task; without an id it gets the next free T<n>
 *   Words for the reader.
 *   - pathChanged: src/**            its evidence, `required: false`, `dependsOn: T0`
 *   - fileMatches: README.md /^## JSON/
 *   ## Notes                         this heading alone is no task
 *
 * A list item `word: …` whose word is unknown is an error: a misspelt kind must not become prose.
 */

interface Section {
  readonly title: string
  readonly line: number
  readonly lines: { readonly text: string; readonly line: number; readonly code: boolean }[]
}

/** A contract in Markdown as the same value that YAML and JSON give, with the line of every part. */
export function parseMarkdownText(text: string): Parsed {
  const all = text.split(/\r?\n/)
  const front = frontMatter(all)
  // Without its end everything below may belong to it.
  if (front?.end === 0) return front.parsed
  const given = front?.parsed.ok ? front.parsed.located.value : {}
  const problems: SyntaxProblem[] = front && !front.parsed.ok ? [...front.parsed.problems] : []
  const notWhole: string[] = []
  if (!isObject(given ?? {})) problems.push({ line: 2, message: 'between the two --- stand keys and values' })
  const lines = new Map<string, number>()
  const note = (place: Place, line: number) => lines.set(JSON.stringify(place), line)
  const { head, sections } = split(all, front?.end ?? 0)

  const tasks: Record<string, unknown>[] = []
  const own = sections.filter((one) => !/^notes$/i.test(one.title))
  const titles = own.map((section) => idAndTitle(section.title))
  const taken = new Set(titles.flatMap(({ id }) => id ?? []))
  own.forEach((section, index) => {
    const { id, title } = titles[index] ?? { id: null, title: section.title }
    note(['tasks', index], section.line)
    const before = problems.length
    tasks.push({ id: id ?? freeId(taken), title, ...membersOf(section, index, note, problems) })
    if (problems.length > before) notWhole.push(`tasks[${index}].evidence`)
  })
  const value = {
    ...(isObject(given) ? given : {}),
    ...(head && head.title !== '' ? { objective: objectiveOf(head) } : {}),
    ...(tasks.length > 0 ? { tasks } : {}),
  }
  if (isObject(given) && 'tasks' in given && tasks.length > 0)
    problems.push({ line: 2, message: 'tasks stand between the two --- and as headings; keep one of them' })
  if (head) note(['objective'], head.line)
  const inFront = front?.parsed.ok ? front.parsed.located.lineOf : null
  return {
    ok: true,
    unread: problems,
    notWhole,
    membersUnread: front?.parsed.ok === false,
    located: {
      value,
      lineOf: (place) => {
        for (let length = place.length; length > 0; length -= 1) {
          const line = lines.get(JSON.stringify(place.slice(0, length)))
          if (line !== undefined) return line
        }
        return inFront && place.length > 0 ? inFront(place) + 1 : 1
      },
    },
  }
}

function frontMatter(all: readonly string[]): { readonly parsed: Parsed; readonly end: number } | null {
  if (all[0]?.trimEnd() !== '---') return null
  const end = all.findIndex((line, index) => index > 0 && line.trimEnd() === '---')
  if (end < 0)
    return { parsed: { ok: false, problems: [{ line: 1, message: 'the closing --- is missing' }] }, end: 0 }
  const parsed = parseYamlText(all.slice(1, end).join('\n'))
  return {
    parsed: parsed.ok
      ? parsed
      : { ok: false, problems: parsed.problems.map((one) => ({ ...one, line: one.line + 1 })) },
    end: end + 1,
  }
}

function split(all: readonly string[], from: number): { head: Section | null; sections: Section[] } {
  let head: Section | null = null
  const sections: Section[] = []
  let fence = ''
  for (const [index, text] of all.entries()) {
    if (index < from) continue
    const ticks = /^\s{0,3}(`{3,}|~{3,})/.exec(text)?.[1] ?? ''
    const code = fence !== ''
    if (code && ticks.startsWith(fence)) fence = ''
    else if (!code && ticks !== '') fence = ticks
    const heading = code ? null : /^(#{1,2})\s+(.*?)\s*#*\s*$/.exec(text)
    if (heading?.[1] === '##') sections.push({ title: heading[2] ?? '', line: index + 1, lines: [] })
    else if (heading && !head && sections.length === 0)
      head = { title: heading[2] ?? '', line: index + 1, lines: [] }
    else (sections.at(-1) ?? head)?.lines.push({ text, line: index + 1, code: code || ticks !== '' })
  }
  return { head, sections }
}

function objectiveOf({ title, lines }: Section): string {
  const text = lines
    .map((line) => line.text)
    .join('\n')
    .trim()
  return text === '' ? title : `${title}\n\n${text}`
}

function idAndTitle(heading: string): { readonly id: string | null; readonly title: string } {
  const found = /^([A-Za-z][\w.-]*\d):\s+(.+)$/.exec(heading)
  return found ? { id: found[1] ?? null, title: found[2] ?? '' } : { id: null, title: heading }
}

function freeId(taken: Set<string>): string {
  let number = 1
  while (taken.has(`T${number}`)) number += 1
  taken.add(`T${number}`)
  return `T${number}`
}

function membersOf(
  section: Section,
  index: number,
  note: (place: Place, line: number) => void,
  problems: SyntaxProblem[],
): Record<string, unknown> {
  const evidence: unknown[] = []
  const members: Record<string, unknown> = {}
  for (const { text, line, code } of section.lines) {
    const item = code ? null : /^\s*[-*+]\s+(?:\[[ xX]\]\s+)?`?([A-Za-z]\w*)`?\s*:\s+(.*\S)\s*$/.exec(text)
    if (!item) continue
    const [, word = '', raw = ''] = item
    const read = valueOf(raw)
    if (!read.ok) problems.push({ line, message: read.message })
    else if (isEvidenceKind(word)) {
      note(['tasks', index, 'evidence', evidence.length], line)
      evidence.push(evidenceOf(word, read.value))
    } else if (word === 'required' || word === 'dependsOn') {
      note(['tasks', index, word], line)
      members[word] = word === 'required' ? truth(read.value) : ids(read.value)
    } else
      problems.push({
        line,
        message: `"${word}" is unknown here; there are ${Object.keys(evidenceKinds).join(', ')}, required, dependsOn (other list items must not begin with a word and a colon)`,
      })
  }
  return { ...members, evidence }
}

/** Quoted, `{…}` and `[…]` as YAML; everything else is text as it stands, since globs mean something else in YAML. */
function valueOf(raw: string): ReturnType<typeof yamlValue> {
  const ticked = /^`([^`]+)`$/.exec(raw)?.[1]
  if (ticked !== undefined) return { ok: true, value: ticked }
  return /^["'{[]/.test(raw) ? yamlValue(raw) : { ok: true, value: raw }
}

function evidenceOf(kind: EvidenceKind, value: unknown): unknown {
  if (isObject(value)) return { kind, ...value }
  return { kind, ...(typeof value === 'string' ? evidenceKinds[kind].written(value) : { path: value }) }
}

function truth(value: unknown): unknown {
  return value === 'true' ? true : value === 'false' ? false : value
}

function ids(value: unknown): unknown {
  return typeof value === 'string' ? value.split(/[\s,]+/).filter(Boolean) : value
}
