import { parseDocument, stringify } from 'yaml'
import type { BacklogText } from './item.ts'

/** Members of an item's front matter, as they are to be written. Lists stand on one line. */
export type FrontMembers = Readonly<Record<string, unknown>>

const FRONT = /^(\ufeff?---[ \t]*\r?\n)([^]*?\n|)(---[ \t]*(?:\r?\n|$))/

/** The same item with other members; all else, comments too, stays as it is. For texts that `parseItem` reads. Pure. */
export function withMembers({ name, text }: BacklogText, members: FrontMembers): string {
  if (name.endsWith('.json'))
    return `${JSON.stringify({ ...(JSON.parse(text.replace(/^\ufeff/, '')) as object), ...members }, null, 2)}\n`
  if (!name.endsWith('.md')) return edited(text, members)
  const [whole = '', begin = '---\n', front = '', end = '---\n'] = FRONT.exec(text) ?? []
  return `${begin}${edited(front, members)}${end}${text.slice(whole.length)}`
}

/** The text of a new item in Markdown, with any member that an item may have; what the body says of tasks counts. Pure. */
export function newItemText(members: FrontMembers, title: string, body: string): string {
  const front = Object.entries(members).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
  const rest = body.trim()
  return `---\n${front.join('')}---\n# ${title}\n${rest === '' ? '' : `\n${rest}\n`}`
}

function edited(yaml: string, members: FrontMembers): string {
  if (yaml.trim() === '') return stringify(members)
  const document = parseDocument(yaml, { version: '1.2' })
  for (const [key, value] of Object.entries(members))
    document.set(key, document.createNode(value, { flow: true }))
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}
