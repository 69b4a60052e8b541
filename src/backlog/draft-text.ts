import { oneLine, withoutControls } from '../base/text.ts'
import { askedFor } from '../contract/evidence-kinds.ts'
import type { Evidence } from '../contract/types.ts'
import type { Draft, DraftTask } from './draft.ts'
import { newItemText } from './edit-front.ts'

/** Longest slug, in characters. */
const MOST = 50

/** The name of an item's file: whatever the words are, it is a plain name in the backlog's directory. */
export function itemName(id: string, words: string): string {
  const slug = withoutControls(words)
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, MOST)
    .replaceAll(/^-+|-+$/g, '')
  return `${id}-${slug === '' ? 'item' : slug}.md`
}

/**
 * A draft as the Markdown of an item's file. Whatever its text holds, it stays text: no heading of it becomes a task, no fence of it
 * swallows one.
 */
export function draftText({ title, text, scope, after, exclusive, tasks }: Draft): string {
  const members = {
    ...(after.length === 0 ? {} : { after }),
    scope,
    ...(exclusive.length === 0 ? {} : { exclusive }),
  }
  const body = [plainText(text), ...tasks.map(taskText)].filter((one) => one !== '')
  return newItemText(members, oneLine(withoutControls(title), 200) || 'Item', body.join('\n\n'))
}

function taskText({ title, evidence }: DraftTask, index: number): string {
  const words = oneLine(withoutControls(title), 200)
  const lines = evidence.map((one) => `- ${written(one)}`)
  return [`## T${index + 1}: ${words === '' ? 'Done' : words}`, ...lines].join('\n')
}

/** In words where they mean the same again, else as an object. */
function written(evidence: Evidence): string {
  const { kind, ...fields } = evidence
  const isPlain =
    (kind === 'commandRef' || kind.startsWith('path')) &&
    Object.keys(fields).length === 1 &&
    Object.values(fields).every((one) => typeof one === 'string' && /^[\w@./*-]+$/.test(one)) &&
    'glob' in fields === /[*]/.test(String(Object.values(fields)[0]))
  return isPlain ? askedFor(evidence).replace(' ', ': ') : `${kind}: ${JSON.stringify(fields)}`
}

/** Headings of the two levels that mean something become deeper ones, and a fence that stays open is closed. */
function plainText(text: string): string {
  let fence = ''
  const lines = withoutControls(text.replaceAll('\r\n', '\n').replaceAll('\r', '\n'))
    .trim()
    .split('\n')
    .map((line) => {
      const ticks = /^\s{0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? ''
      const isCode = fence !== ''
      if (isCode && ticks.startsWith(fence)) fence = ''
      else if (!isCode && ticks !== '') fence = ticks
      return isCode ? line : line.replace(/^#{1,2}(?=\s)/, '###')
    })
  return [...lines, ...(fence === '' ? [] : [fence])].join('\n')
}
