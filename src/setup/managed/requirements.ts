import { type Result, fail, ok } from '../../base/result.ts'
import type { OurGroup } from '../../codex/hooks-file/json.ts'
import { managedMark } from '../../codex/managed-hooks.ts'

/*
 * The system's requirements.toml with our hooks in it. The file is somebody else's: text goes in at its end, between two
 * marker lines, and one line into an existing [features]; nothing else moves. What could give another meaning to these
 * lines is refused; Codex itself has the last word, after writing.
 */

const beginLine = `${managedMark} >>> taken out by: autonomous-loop uninstall --managed`
/** The text before it had no line end at its end; ours goes again with it. */
const beginAfterOpenLine = `${managedMark} +nl >>> taken out by: autonomous-loop uninstall --managed`
const endLine = '# <<< autonomous-loop <<<'
const lineMark = '  # autonomous-loop'

/** The text with exactly these hooks of ours; `before` null: no file. Codes: managed-unclear, managed-hooks-off. */
export function withManaged(before: string | null, groups: readonly OurGroup[]): Result<string> {
  const clean = withoutManaged(before ?? '')
  if (!clean.ok) return clean
  const features = pinFeature(clean.value, groups)
  if (!features.ok) return features
  const { text, needsTable } = features.value
  const open = text !== '' && !text.endsWith('\n')
  return ok(
    [
      text + (open ? '\n' : ''),
      `${open ? beginAfterOpenLine : beginLine}\n`,
      ...(needsTable ? ['[features]\nhooks = true\n'] : []),
      ...groups.map(groupText),
      `${endLine}\n`,
    ].join(''),
  )
}

/** The text as it was without us; empty: nothing else is in it. Code: managed-unclear. */
export function withoutManaged(text: string): Result<string> {
  const lines = text.split('\n')
  const from = lines.findIndex((line) => line.startsWith(managedMark))
  const to = lines.findIndex((line) => line.startsWith(endLine))
  const pinned = (line: string) => line.endsWith(lineMark)
  if (from < 0 && to < 0) return ok(lines.filter((line) => !pinned(line)).join('\n'))
  if (from < 0 || to < from)
    return fail('managed-unclear', 'only one of our two marker lines is there', {
      fix: 'take our part out by hand',
    })
  const before = lines.slice(0, from).filter((line) => !pinned(line))
  const rest = lines.slice(to + 1).filter((line) => !pinned(line))
  const joined = [...before, ...rest].join('\n')
  return ok(lines[from] === beginAfterOpenLine && rest.join('') === '' ? joined.replace(/\n$/, '') : joined)
}

function groupText(group: OurGroup): string {
  const { event, command, timeout, statusMessage, matcher } = group
  const handler = [
    'type = "command"',
    `command = ${JSON.stringify(command)}`,
    `timeout = ${timeout}`,
    ...(statusMessage === undefined ? [] : [`statusMessage = ${JSON.stringify(statusMessage)}`]),
  ].join(', ')
  return [
    `[[hooks.${event}]]`,
    ...(matcher === undefined ? [] : [`matcher = ${JSON.stringify(matcher)}`]),
    `hooks = [{ ${handler} }]`,
    '',
  ].join('\n')
}

/**
 * `features.hooks = true`, without which a user could switch hooks off. TOML lets no table be opened twice, so it goes
 * where [features] stands already, if it does.
 */
function pinFeature(
  text: string,
  groups: readonly OurGroup[],
): Result<{ text: string; needsTable: boolean }> {
  if (/"""|'''/.test(text)) return unclear('it has texts over several lines')
  const lines = text.split('\n')
  let table = ''
  let header = -1
  let dotted = -1
  let on = false
  for (const [index, line] of lines.entries()) {
    const opens = /^\s*\[{1,2}\s*([^\]]+?)\s*\]{1,2}\s*(?:#.*)?\r?$/.exec(line)?.[1]
    if (opens !== undefined) {
      table = opens.replaceAll(/["'\s]/g, '')
      if (table === 'features') header = index
      continue
    }
    const key = /^\s*([\w."'-]+(?:\s*\.\s*[\w"'-]+)*)\s*=/.exec(line)?.[1]?.replaceAll(/["'\s]/g, '')
    if (key === undefined) continue
    const full = table === '' ? key : `${table}.${key}`
    if (full === 'features' || full === 'hooks') return unclear(`${full} is written in one line`)
    if (groups.some(({ event }) => full === `hooks.${event}`))
      return unclear(`${full} is written in one line`)
    if (full === 'features.hooks' || full === 'features.codex_hooks') {
      if (!/=\s*true\s*(?:#.*)?\r?$/.test(line))
        return fail('managed-hooks-off', 'the requirements switch hooks off for this machine', {
          fix: `their administrator takes the line out: ${line.trim()}`,
        })
      if (full === 'features.hooks') on = true
    }
    if (table === '' && key.startsWith('features.')) dotted = index
  }
  if (on) return ok({ text, needsTable: false })
  const at = header >= 0 ? header : dotted
  if (at < 0) return ok({ text, needsTable: true })
  const line = `${header >= 0 ? '' : 'features.'}hooks = true${lineMark}`
  // A last line without end gets one from this, and loses it with our part.
  return ok({ text: [...lines.slice(0, at + 1), line, ...lines.slice(at + 1)].join('\n'), needsTable: false })
}

function unclear(why: string): Result<never> {
  return fail('managed-unclear', `the requirements cannot be added to safely: ${why}`, {
    fix: 'write it as tables ([features], [[hooks.Stop]]), then: autonomous-loop bootstrap --managed',
  })
}
