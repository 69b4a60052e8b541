import type { Node } from 'jsonc-parser'
import { sha256 } from '../../base/hash.ts'
import { type Result, ok } from '../../base/result.ts'
import { type HooksFile, type HooksForm, jsonMembers, readHooksFile } from './file.ts'
import { applyEdits, removeChild } from './text-insert.ts'

/** What a merge put into hooks.json. JSON, kept in machine.json. */
export interface InstalledHooks {
  /** SHA-256 of the text before the first merge; null: there was no file, or it is unknown. */
  readonly originalSha256: string | null
  /** The exact texts that were inserted, in the order of the text. */
  readonly pieces: readonly string[]
  /** SHA-256 of the text after the merge and where the pieces begin in it; null when an edited file was updated. */
  readonly merged: { readonly sha256: string; readonly offsets: readonly number[] } | null
  /** Containers we made: `file`, `hooks`, or the name of an event. */
  readonly created: readonly string[]
}

export interface Removed {
  /** null: the file goes away, because nothing of it was the user's. */
  readonly text: string | null
  readonly changed: boolean
  /** The bytes are those from before the first merge. */
  readonly original: boolean
  /** Events in which groups of the user stood behind ours; they move up, so Codex asks to review them again. */
  readonly shifted: readonly string[]
}

/**
 * hooks.json without our groups. With the record of the merge the very bytes from before come back, also around what
 * the user edited in between; without it our groups are taken out by structure, and with them what is empty then.
 * Failure: `hooks-json-invalid`.
 */
export function removeHooks(
  text: string,
  installed: InstalledHooks | null,
  form: HooksForm = 'hooks',
): Result<Removed> {
  const read = readHooksFile(text, form)
  if (!read.ok) return read
  const file = read.value
  const ours = file.groups.filter((group) => group.ours)
  if (ours.length === 0) return ok({ text, changed: false, original: false, shifted: [] })
  const shifted = ours
    .filter(({ event, index }) =>
      file.groups.some((each) => each.event === event && !each.ours && each.index > index),
    )
    .map(({ event }) => event)
  const cut = installed && cutPieces(file, installed)
  const left = cut ? cut.text : byStructure(file, installed)
  return ok({
    text: left,
    changed: true,
    original:
      installed !== null &&
      (left === null ? installed.created.includes('file') : sha256(left) === installed.originalSha256),
    shifted: [...new Set(shifted)],
  })
}

/** The text without the recorded pieces; null when they are not all there, or something else of ours would stay. */
export function cutPieces(file: HooksFile, installed: InstalledHooks): { text: string | null } | null {
  if (installed.pieces.length === 0) return null
  if (installed.created.includes('file') && file.text === installed.pieces[0]) return { text: null }
  if (installed.merged?.sha256 === sha256(file.text)) {
    const { offsets } = installed.merged
    const cuts = installed.pieces.map((piece, index) => ({
      offset: offsets[index] ?? 0,
      length: piece.length,
      content: '',
    }))
    return { text: applyEdits(file.text, cuts) }
  }
  let text = file.text
  // Longest first: the text of one piece may occur inside another.
  for (const piece of [...new Set(installed.pieces)].sort((a, b) => b.length - a.length)) {
    const parts = text.split(piece)
    // Two events may have got the same text; more or fewer of them were not all made by us.
    if (piece === '' || parts.length - 1 !== installed.pieces.filter((each) => each === piece).length)
      return null
    text = parts.join('')
  }
  const left = readHooksFile(text, file.form)
  return left.ok && !left.value.groups.some((group) => group.ours) ? { text } : null
}

function byStructure(start: HooksFile, installed: InstalledHooks | null): string | null {
  const made = (name: string) =>
    installed === null || installed.created.some((each) => each === name || each === 'file')
  const touched = new Set(start.groups.filter((group) => group.ours).map((group) => group.event))
  let file = start
  const edit = (container: Node, index: number) => {
    const next = readHooksFile(applyEdits(file.text, [removeChild(container, index)]), file.form)
    if (!next.ok) throw new Error(next.error.message)
    file = next.value
  }
  for (
    let own = file.groups.find((group) => group.ours);
    own;
    own = file.groups.find((group) => group.ours)
  ) {
    const array = file.events.get(own.event)
    if (array) edit(array, own.index)
  }
  for (const event of touched) {
    const index = jsonMembers(file.hooks).findIndex(({ key }) => key.value === event)
    if (file.hooks && index >= 0 && made(event) && file.events.get(event)?.children?.length === 0)
      edit(file.hooks, index)
  }
  const index = jsonMembers(file.root).findIndex(({ key }) => key.value === 'hooks')
  if (index >= 0 && made('hooks') && file.hooks?.children?.length === 0) edit(file.root, index)
  return made('file') && file.root.children?.length === 0 ? null : file.text
}
