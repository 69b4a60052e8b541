import { type Result, fail, ok } from '../base/result.ts'

const begin = '<!-- autonomous-loop: begin -->'
const end = '<!-- autonomous-loop: end -->'

/** The name every coding agent reads. */
export const agentsMdPath = 'AGENTS.md'

/**
 * AGENTS.md with our section in it: in place of an earlier one, else at the end. Every byte outside the markers stays.
 * `text` null: no file yet. Code: agents-md-markers.
 */
export function putSection(text: string | null, section: string): Result<string> {
  const eol = text?.includes('\r\n') ? '\r\n' : '\n'
  const ours = [begin, ...section.trim().split('\n'), end].join(eol)
  if (text === null || text === '') return ok(`${ours}${eol}`)
  const found = find(text)
  if (!found.ok) return found
  if (found.value) return ok(text.slice(0, found.value.from) + ours + text.slice(found.value.to))
  const gap = text.endsWith(eol + eol) ? '' : text.endsWith('\n') ? eol : eol + eol
  return ok(`${text}${gap}${ours}${eol}`)
}

/**
 * The text without our section and the blank line before it. Null: nothing else was in the file. Unchanged when there
 * is no section. Code: agents-md-markers.
 */
export function takeSection(text: string): Result<string | null> {
  const found = find(text)
  if (!found.ok) return found
  if (!found.value) return ok(text)
  const before = text.slice(0, found.value.from).replace(/(\r?\n)\r?\n$/, '$1')
  const after = text.slice(found.value.to).replace(/^\r?\n/, '')
  const rest = before + after
  return ok(rest === '' ? null : rest)
}

function find(text: string): Result<{ from: number; to: number } | null> {
  const [from, last] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 && last < 0) return ok(null)
  const single = text.lastIndexOf(begin) === from && text.lastIndexOf(end) === last
  if (from < 0 || last < from || !single)
    return fail(
      'agents-md-markers',
      `${agentsMdPath} does not hold exactly one pair of our markers, in order`,
      {
        fix: `correct the lines ${begin} and ${end} in ${agentsMdPath}`,
      },
    )
  return ok({ from, to: last + end.length })
}
