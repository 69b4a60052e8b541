import fs from 'node:fs'
import { fsPath, pathText } from './path-text.ts'

/** Controllers of versions keep their own data here; it is not part of the work. */
const NEVER = new Set(['.git', '.hg', '.svn'])

/**
 * Every path below `base` (relative to root; '' is the root) that is not a directory, in no particular order. Links are
 * listed, never entered. `enter` decides about each directory by its name. Directories that cannot be read are passed over.
 */
export function* walkFiles(root: string, base: string, enter: (name: string) => boolean): Generator<string> {
  const queue = [base]
  for (let dir = queue.pop(); dir !== undefined; dir = queue.pop()) {
    const plain = !dir.includes('\\x')
    let names: fs.Dirent<Buffer>[] | fs.Dirent[]
    try {
      names = plain ? fs.readdirSync(dir === '' ? root : `${root}/${dir}`, { withFileTypes: true }) : []
      // Text lost a byte, or the directory's own name has some: once more, as bytes.
      if (!plain || names.some((entry) => entry.name.includes('\ufffd')))
        names = fs.readdirSync(fsPath(root, dir), { withFileTypes: true, encoding: 'buffer' })
    } catch {
      continue
    }
    for (const entry of names) {
      const name = typeof entry.name === 'string' ? guard(entry.name) : pathText(entry.name)
      // One flat text, not two joined when they are needed: all of them may be kept.
      const full = dir === '' ? name : [dir, name].join('/')
      if (!entry.isDirectory()) {
        // A submodule's gitfile says where its repository is, nothing about the work.
        if (name !== '.git') yield full
      } else if (!NEVER.has(name) && enter(name)) queue.push(full)
    }
  }
}

function guard(name: string): string {
  return name.includes('\\x') ? pathText(Buffer.from(name, 'utf8')) : name
}
