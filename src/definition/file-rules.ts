import { type Collection, type Collector, type Invocation, join, programOf } from './collection.ts'
import { writableParents } from './parents.ts'

/** A table row: when one of these programs runs, these files of its directory and its parents are pinned, up to the root or as far as an agent may write. */
export interface FileRule {
  readonly programs: readonly string[]
  readonly files: readonly string[]
  /** Directories pinned with everything in them. */
  readonly trees?: readonly string[]
  /** Whatever needs more than names. */
  readonly more?: (invocation: Invocation, dir: string, collection: Collection) => void
  /** `more` is for directories above the root too; it may run nothing then. */
  readonly parents?: true
}

/** A collector for ecosystems whose definitions are whole files. */
export function fileRules(name: string, rules: readonly FileRule[]): Collector {
  return {
    name,
    collect(invocation, collection) {
      const program = programOf(invocation.argv)
      for (const rule of rules) {
        if (!rule.programs.includes(program)) continue
        for (const dir of collection.workspace.upwards(invocation.dir)) {
          collection.files(dir, rule.files)
          for (const tree of rule.trees ?? []) collection.tree(join(dir, tree))
          rule.more?.(invocation, dir, collection)
        }
        for (const dir of writableParents(collection.workspace)) {
          // Out there only what is there is pinned: the rest of a temp directory is nobody's.
          const isThere = (file: string): boolean => collection.workspace.exists(join(dir, file))
          collection.files(dir, rule.files.filter(isThere))
          for (const tree of (rule.trees ?? []).filter(isThere)) collection.tree(join(dir, tree))
          if (rule.parents) rule.more?.(invocation, dir, collection)
        }
      }
    },
  }
}

/** `a.{js,ts}` written out. One brace group. */
export function expand(pattern: string): string[] {
  const match = /^(.*)\{([^}]*)\}(.*)$/.exec(pattern)
  return match === null
    ? [pattern]
    : (match[2] as string).split(',').map((part) => `${match[1]}${part}${match[3]}`)
}
