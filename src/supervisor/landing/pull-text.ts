import { fenced } from '../../base/fenced.ts'
import { oneLine, withoutControls } from '../../base/text.ts'

export interface PullParts {
  readonly batch: string
  readonly commit: string
  /** Gates of the final profile that passed on it. */
  readonly gates: readonly string[]
  /** Those that fail there, as they did before the batch. */
  readonly red: readonly string[]
  /** Items whose work is in it, with the titles that a person accepted. */
  readonly done: readonly { readonly id: string; readonly title: string; readonly commit: string }[]
  /** The others, and how they stand. */
  readonly others: readonly { readonly id: string; readonly state: string }[]
}

const MOST_TITLE = 120

/**
 * Title and body of a pull request. Nothing that an agent wrote is in them; what a person wrote stands in the title, and in the body
 * inside a fence, where GitHub makes no mention, link or image of it and closes no issue by it. Pure.
 */
export function pullText(parts: PullParts): { readonly title: string; readonly body: string } {
  const { batch, commit, gates, red, done, others } = parts
  const rows = [
    ['commit', commit],
    ['gates', gates.join(', ') || 'none'],
    ...(red.length === 0 ? [] : [['red before', red.join(', ')]]),
    ...done.map((one) => [one.id, `${one.commit.slice(0, 12)}  ${plain(one.title)}`]),
    ...others.map((one) => [one.id, `not in it: ${one.state}`]),
  ]
  const wide = Math.max(...rows.map(([name = '']) => name.length))
  return {
    title: titleOf(done.map((one) => one.title)) ?? `Batch ${batch}`,
    body: [
      `Batch ${batch} of autonomous-loop. The gates below passed on exactly this commit, in a clean room, before it was pushed.`,
      fenced(rows.map(([name = '', value = '']) => `${name.padEnd(wide)}  ${value}`).join('\n')),
      '',
    ].join('\n\n'),
  }
}

function titleOf(titles: readonly string[]): string | undefined {
  const [first, ...more] = titles
  if (first === undefined) return undefined
  const rest = more.length === 0 ? '' : ` and ${more.length} more`
  return `${plain(first, MOST_TITLE - rest.length)}${rest}`
}

const plain = (text: string, most = MOST_TITLE): string => oneLine(withoutControls(text), most)
