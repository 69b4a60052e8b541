import fs from 'node:fs'
import path from 'node:path'
import { EntryReader } from '../../evidence/entry.ts'
import { isHashOf, withLf } from '../../evidence/git/content.ts'
import type { Repo } from '../../evidence/git/repo.ts'
import { fsPath } from '../../evidence/path-text.ts'
import type { Held } from '../room/room-work.ts'
import { DOCUMENT_ENDINGS } from './names.ts'
import type { DefinitionDifference } from './shape.ts'
import { endingOf } from './start-shape.ts'

/**
 * Tools look for settings from where they are started up to the top. So what differs there from the list of the start is definition:
 * files in the directories above the root, and hidden directories in them. What git does not track is not in the room.
 */
export function onTheWay({ prefix, top, format }: Repo, held: Held): readonly DefinitionDifference[] {
  if (prefix === '') return []
  const reader = new EntryReader(top, format, undefined, Infinity)
  return [...held].flatMap(([name, was]): DefinitionDifference[] => {
    if (!isAbove(name, prefix) || DOCUMENT_ENDINGS.has(endingOf(name))) return []
    const look = reader.look(name)
    const now = look === null ? '-' : `${look.kind} ${look.hash}`
    const [kind = '', oid = ''] = was.split(' ')
    if (
      now === was ||
      (look?.kind === kind && kind !== 'l' && isHashOf(withLf(textOf(top, name)), oid, format))
    )
      return []
    return [{ path: path.posix.relative(prefix, name), because: 'above-the-root', now }]
  })
}

const textOf = (top: string, name: string): string => fs.readFileSync(fsPath(top, name), 'latin1')

function isAbove(name: string, prefix: string): boolean {
  if (name.startsWith(prefix)) return false
  let dir = ''
  for (const part of name.split('/').slice(0, -1)) {
    if (part.startsWith('.')) return prefix.startsWith(dir)
    dir += `${part}/`
  }
  return prefix.startsWith(dir)
}
