import { type Node, getNodeValue } from 'jsonc-parser'
import { canonicalJson } from '../../base/hash.ts'
import { type GroupNode, type HooksFile, type HooksForm, OWNER_KEY, readHooksFile } from './file.ts'
import { type Edit, type Item, applyEdits, insertAtEnd, removeChild, replaceValue } from './text-insert.ts'

/** What we want to stand in hooks.json: at most one group per event, with one command. */
export interface OurGroup {
  readonly event: string
  readonly matcher?: string
  readonly command: string
  /** Seconds. */
  readonly timeout: number
  readonly statusMessage?: string
}

/** As it stands in the file. */
export function groupValue(group: OurGroup): unknown {
  return {
    ...(group.matcher === undefined ? {} : { matcher: group.matcher }),
    hooks: [
      {
        type: 'command',
        command: group.command,
        timeout: group.timeout,
        ...(group.statusMessage === undefined ? {} : { statusMessage: group.statusMessage }),
      },
    ],
    [OWNER_KEY]: 1,
  }
}

/** Brings groups of ours that are already there up to date and takes out those that are no longer wanted. */
export function update(
  file: HooksFile,
  groups: readonly OurGroup[],
): { file: HooksFile; renew: (pieces: readonly string[]) => string[] } {
  const edits: Edit[] = []
  const swaps: [string, string][] = []
  const seen = new Set<string>()
  for (const { event, node, ours } of file.groups) {
    if (!ours) continue
    const wanted = groups.find((group) => group.event === event)
    if (!wanted || seen.has(event)) continue
    seen.add(event)
    const value = groupValue(wanted)
    if (canonicalJson(getNodeValue(node)) === canonicalJson(value)) continue
    const edit = replaceValue(file.text, node, value)
    edits.push(edit)
    swaps.push([file.text.slice(node.offset, node.offset + node.length), edit.content])
  }
  let current = reread(applyEdits(file.text, edits), file.form)
  for (let extra = unwanted(current, groups); extra; extra = unwanted(current, groups)) {
    const array = current.events.get(extra.event)
    if (array) current = reread(applyEdits(current.text, [removeChild(array, extra.index)]), file.form)
  }
  return {
    file: current,
    renew: (pieces) =>
      pieces.map((piece) => swaps.reduce((text, [old, fresh]) => text.replace(old, () => fresh), piece)),
  }
}

/** A group of ours for an event we no longer want, or a second one for the same event. */
function unwanted(file: HooksFile, groups: readonly OurGroup[]): GroupNode | undefined {
  const seen = new Set<string>()
  return file.groups.find(({ event, ours }) => {
    if (!ours) return false
    const extra = seen.has(event) || !groups.some((group) => group.event === event)
    seen.add(event)
    return extra
  })
}

/** What is missing: into the arrays that are there, and new events in one piece. Edits in the order of the text. */
export function add(file: HooksFile, groups: readonly OurGroup[]): { edits: Edit[]; created: string[] } {
  const missing = groups.filter(
    (group) => !file.groups.some((each) => each.ours && each.event === group.event),
  )
  if (missing.length === 0) return { edits: [], created: [] }
  const property = (group: OurGroup): Item => ({ key: group.event, value: [groupValue(group)] })
  if (!file.hooks) {
    const hooks = Object.fromEntries(missing.map((group) => [group.event, [groupValue(group)]]))
    return {
      edits: [insertAtEnd(file.text, file.root, [{ key: 'hooks', value: hooks }])],
      created: ['hooks', ...missing.map((group) => group.event)],
    }
  }
  const fresh = missing.filter((group) => !file.events.has(group.event))
  const edits = missing.flatMap((group) => {
    const array: Node | undefined = file.events.get(group.event)
    return array ? [insertAtEnd(file.text, array, [{ key: null, value: groupValue(group) }])] : []
  })
  if (fresh.length > 0) edits.push(insertAtEnd(file.text, file.hooks, fresh.map(property)))
  edits.sort((a, b) => a.offset - b.offset)
  return { edits, created: fresh.map((group) => group.event) }
}

/** Our own edits of a valid file give a valid file; anything else is a bug. */
function reread(text: string, form: HooksForm): HooksFile {
  const file = readHooksFile(text, form)
  if (!file.ok) throw new Error(file.error.message)
  return file.value
}
