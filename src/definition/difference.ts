import { shortened } from '../base/text.ts'
import type { PinChange } from './types.ts'
import type { DefinitionChange, Difference } from './drift.ts'
import { pinnedBy } from './pin-id.ts'

/** Longest line shown of a difference. Characters. */
const maxLine = 200
const maxLines = 3

/** One changed pin as a person or an agent may see it: the value where it is short, the differing lines of a longer text, else digests. */
export function changeOf(change: PinChange): DefinitionChange {
  const [, file, member] = /^([^#]*)#(.+)$/.exec(pinnedBy(change.id)) ?? []
  return {
    id: change.id,
    file: clean(member === undefined || file !== change.file ? change.file || change.id : file),
    member: member === undefined || file !== change.file ? null : clean(member),
    difference: differenceOf(change),
  }
}

function differenceOf({ before, after }: PinChange): Difference {
  if (before === null || after === null || (!before.includes('\n') && !after.includes('\n')))
    return { kind: 'value', was: shown(before), now: shown(after) }
  const was = before.split('\n')
  const is = after.split('\n')
  let head = 0
  while (head < was.length && head < is.length && was[head] === is[head]) head++
  let tail = 0
  while (tail < was.length - head && tail < is.length - head && was.at(-1 - tail) === is.at(-1 - tail)) tail++
  const removed = was.slice(head, was.length - tail)
  const added = is.slice(head, is.length - tail)
  return {
    kind: 'lines',
    line: head + 1,
    removed: removed.slice(0, maxLines).map(clean),
    moreRemoved: Math.max(0, removed.length - maxLines),
    added: added.slice(0, maxLines).map(clean),
    moreAdded: Math.max(0, added.length - maxLines),
  }
}

function shown(value: string | null): string | null {
  if (value === null) return null
  if (/^[0-9a-f]{64}$/.test(value)) return `sha256 ${value.slice(0, 12)}…`
  const tool = /^(install|shim|loader|file) (?:(\S+@\S+) )?([0-9a-f]{64})$/.exec(value)
  if (tool !== null)
    return tool[1] === 'file'
      ? `a plain file (sha256 ${tool[3]?.slice(0, 12)}…)`
      : `${tool[2] ?? 'installed'} (sha256 ${tool[3]?.slice(0, 12)}…)`
  const [first, ...more] = value.split('\n')
  return more.length === 0
    ? `\`${clean(first ?? '')}\``
    : `\`${clean(first ?? '')}\` and ${more.length} more lines`
}

/** Agent-written text: no control characters, bounded. */
function clean(text: string): string {
  return shortened(
    text.replace(/[\u0000-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2066-\u2069]/g, ' '),
    maxLine,
  )
}
