import { type Node, getNodeValue } from 'jsonc-parser'
import { canonicalJson, sha256 } from '../base/hash.ts'
import { type Result, ok } from '../base/result.ts'
import { type GroupNode, type HooksFile, OWNER_KEY, members, readHooksFile } from './hooks-file.ts'
import { type InstalledHooks, cutPieces } from './hooks-removal.ts'
import { type Edit, type Item, applyEdits, insertAtEnd, removeChild, replaceValue } from './text-insert.ts'

export { type InstalledHooks, removeHooks } from './hooks-removal.ts'

/** What we want to stand in hooks.json: at most one group per event, with one command. */
export interface OurGroup {
  readonly event: string
  readonly matcher?: string
  readonly command: string
  /** Seconds. */
  readonly timeout: number
  readonly statusMessage?: string
}

/** A hook of the original autonomous-loop, which would judge every stop a second time. */
export interface LegacyHook {
  readonly event: string
  readonly group: number
  readonly command: string
}

export interface Merged {
  readonly text: string
  readonly changed: boolean
  /** For machine.json: what removeHooks needs to give back the exact bytes. */
  readonly installed: InstalledHooks
  readonly legacy: readonly LegacyHook[]
}

/**
 * hooks.json with our groups in it. New groups go to the END of each event's array, because Codex's trust is bound to
 * positions; ours (found by the ownership key) are updated where they stand. Bytes of the user never change.
 * `text` null: no file. `previous`: the record of an earlier merge. Failure: `hooks-json-invalid`.
 */
export function mergeHooks(
  text: string | null,
  groups: readonly OurGroup[],
  previous: InstalledHooks | null,
): Result<Merged> {
  if (text === null) return ok(newFile(groups))
  const file = readHooksFile(text)
  if (!file.ok) return file
  // A record of groups that are all gone says nothing about this text.
  const installedBefore = file.value.groups.some((group) => group.ours)
  const record = installedBefore ? previous : null
  const clean = record && oursAreLast(file.value) ? cutPieces(file.value, record) : null
  if (clean?.text === null) return ok({ ...newFile(groups), changed: newFile(groups).text !== text })
  // Where the earlier text can be had back, start from it: the record then stays exact across upgrades.
  const base = clean ? readHooksFile(clean.text) : file
  if (!base.ok) return base
  const updated = update(base.value, groups)
  const added = add(updated.file, groups)
  const merged = applyEdits(updated.file.text, added.edits)
  return ok({
    text: merged,
    changed: merged !== text,
    installed: {
      originalSha256: clean
        ? sha256(clean.text)
        : installedBefore
          ? (record?.originalSha256 ?? null)
          : sha256(text),
      pieces: [
        ...(clean ? [] : updated.renew(record?.pieces ?? [])),
        ...added.edits.map((edit) => edit.content),
      ],
      merged:
        clean || !installedBefore ? { sha256: sha256(merged), offsets: offsetsAfter(added.edits) } : null,
      created: [...new Set([...(clean ? [] : (record?.created ?? [])), ...added.created])],
    },
    legacy: legacyHooks(base.value),
  })
}

/** Hooks of the original autonomous-loop. */
export function legacyHooks(file: HooksFile): LegacyHook[] {
  return file.groups
    .filter((group) => !group.ours)
    .flatMap((group) =>
      commands(group.node)
        .filter((command) => /autonomous[-_]loop\S*\s+hook\s+(?:stop|session-start)\b/.test(command))
        .map((command) => ({ event: group.event, group: group.index, command })),
    )
}

function newFile(groups: readonly OurGroup[]): Merged {
  const hooks = Object.fromEntries(groups.map((group) => [group.event, [groupValue(group)]]))
  const text = `${JSON.stringify({ hooks }, null, 2)}\n`
  return {
    text,
    changed: true,
    installed: {
      originalSha256: null,
      pieces: [text],
      merged: { sha256: sha256(text), offsets: [0] },
      created: ['file'],
    },
    legacy: [],
  }
}

function groupValue(group: OurGroup): unknown {
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
function update(
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
  let current = reread(applyEdits(file.text, edits))
  for (let extra = unwanted(current, groups); extra; extra = unwanted(current, groups)) {
    const array = current.events.get(extra.event)
    if (array) current = reread(applyEdits(current.text, [removeChild(array, extra.index)]))
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

function add(file: HooksFile, groups: readonly OurGroup[]): { edits: Edit[]; created: string[] } {
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

/** Where each insertion begins in the new text. The edits are in order. */
function offsetsAfter(edits: readonly Edit[]): number[] {
  let grown = 0
  return edits.map((edit) => {
    grown += edit.content.length
    return edit.offset + grown - edit.content.length
  })
}

/** Whether nothing of the user follows a group of ours, so that putting ours at the end again moves nothing. */
function oursAreLast(file: HooksFile): boolean {
  return file.groups.every(
    ({ event, index, ours }) =>
      !ours || file.groups.every((other) => other.event !== event || other.index < index || other.ours),
  )
}

function commands(group: Node): string[] {
  const hooks = members(group).find(({ key }) => key.value === 'hooks')?.value
  return (hooks?.children ?? []).flatMap((handler) =>
    members(handler)
      .filter(({ key, value }) => key.value === 'command' && typeof value.value === 'string')
      .map(({ value }) => String(value.value)),
  )
}

/** Our own edits of a valid file give a valid file; anything else is a bug. */
function reread(text: string): HooksFile {
  const file = readHooksFile(text)
  if (!file.ok) throw new Error(file.error.message)
  return file.value
}
