import { never } from '../../base/result.ts'
import type { AcceptableDifference, DefinitionChange } from '../../definition/drift.ts'

/** Every difference, each on lines of its own. */
export function differenceWords({ changes }: Pick<AcceptableDifference, 'changes'>): string {
  return changes.map(changeWords).join('\n')
}

/** A difference with the prompt that accepts it. */
export function amendWords(drift: AcceptableDifference): string {
  return `this differs from what was frozen:\n${differenceWords(drift)}\nAccept exactly this with the prompt: autonomous-loop amend ${drift.digest.slice(0, 12)}`
}

/** One difference, file first: one line, or a head and the differing lines with their signs. */
export function changeWords(change: DefinitionChange): string {
  const { file, member, difference } = change
  const name = member === null ? file : `${file}${member.startsWith('#') ? '' : ' '}${member}`
  const head = name === '' ? '' : `${name}: `
  switch (difference.kind) {
    case 'value': {
      const { was, now } = difference
      if (was === null) return `${head}was absent, now ${now ?? 'absent'}`
      return now === null
        ? `${head}was ${was}, now absent or no longer in use`
        : `${head}was ${was}, now ${now}`
    }
    case 'lines':
      return [
        `${head}differs from line ${difference.line} on`,
        ...signed('-', difference.removed, difference.moreRemoved),
        ...signed('+', difference.added, difference.moreAdded),
      ].join('\n')
    case 'content':
      return difference.now === null
        ? `${head}is gone or cannot be read`
        : `${head}its content changed (approved ${difference.was?.slice(0, 12) ?? 'none'}, now ${difference.now.slice(0, 12)})`
    case 'unreadable':
      return `${head}${difference.why}`
    case 'out-of-scope':
      return `${head}differs from the start out of scope${difference.why === 'definition' ? ', and steers tools or agents' : ''}`
    case 'more':
      return `and ${difference.count} more ${difference.count === 1 ? 'difference' : 'differences'}`
    case 'recorded':
      // Most of these began with the file already.
      return difference.text.startsWith(file) ? difference.text : `${head}${difference.text}`
    default:
      return never(difference, 'difference')
  }
}

function signed(sign: '-' | '+', lines: readonly string[], more: number): string[] {
  const shown = lines.map((line) => `${sign} ${line}`)
  return more > 0 ? [...shown, `${sign} … ${more} more ${more === 1 ? 'line' : 'lines'}`] : shown
}
