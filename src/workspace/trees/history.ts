import path from 'node:path'
import { namesIn } from '../../base/names-in.ts'
import { errno } from '../../base/read-file.ts'
import { linkObjects, objectDirectories } from '../room/room-objects.ts'

/** As often it is tried while the person's git packs anew. */
const TRIES = 10

/**
 * Links all objects of a repository, with those that it borrows. A `gc` of the person's may be at work: it removes a file only when
 * another holds what was in it, so it is done when the packs are the same before and after. Throws what the file system says.
 */
export function linkHistory(objects: string, to: string): void {
  for (let nth = 1; ; nth += 1) {
    const directories = objectDirectories(objects)
    const packs = (): string => directories.map((dir) => namesIn(path.join(dir, 'pack')).join(' ')).join('\n')
    const before = packs()
    try {
      for (const dir of directories) linkObjects(dir, to, new Set())
      if (packs() === before || nth === TRIES) return
    } catch (error) {
      if (errno(error) !== 'ENOENT' || nth === TRIES) throw error
    }
  }
}
