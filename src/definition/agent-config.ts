import { type Collection, join } from './collection.ts'

const NAMES = ['.codex', '.agents']
const MAX_CHILDREN = 5000

/**
 * `.codex` and `.agents` below the root: unlike those at the root the sandbox leaves them writable, and Codex and the
 * controller look for configs, hooks and skills in them. Searched for in every directory commands run in, with its
 * parents, and in each direct child of the root; deeper ones are found by nobody who starts at the root.
 */
export function pinAgentConfig(dirs: ReadonlySet<string>, collection: Collection): void {
  const { workspace } = collection
  const all = new Set<string>()
  for (const dir of dirs) for (const up of workspace.upwards(dir)) all.add(up)
  for (const name of workspace.names('.', MAX_CHILDREN) ?? [])
    if (name !== 'node_modules' && !name.startsWith('.git') && workspace.stat(name)?.isDirectory())
      all.add(name)
  all.delete('.')
  for (const dir of all) {
    if (dir === '.codex' || dir === '.agents') continue
    const asked = dirs.has(dir)
    for (const name of NAMES) {
      const rel = join(dir, name)
      if (asked || workspace.exists(rel)) collection.tree(rel)
    }
  }
}
