import { type Pointer, pointerText } from '../../contract/scope.ts'
import { type Tree, equalTrees } from './tree.ts'

/** A part that differs where it may not. */
export interface DifferingPart {
  /** JSON pointer; '' for the file as a whole. */
  readonly pointer: string
  readonly now: Tree | undefined
}

/**
 * Where two trees differ, but for what lies at or below the open pointers. A part is as small as can be told: a list of another
 * length, and a mapping whose members stand in another order, differ as a whole. Nothing is not told from an empty mapping on the
 * way to an open part. Pure.
 */
export function differingParts(was: Tree, now: Tree, open: readonly Pointer[]): readonly DifferingPart[] {
  const found: DifferingPart[] = []
  compare(was, now, open, [], found)
  return found
}

function compare(
  was: Tree | undefined,
  now: Tree | undefined,
  open: readonly Pointer[],
  at: Pointer,
  found: DifferingPart[],
): void {
  if (open.some((one) => one.length === 0)) return
  const report = (): void => void found.push({ pointer: pointerText(at), now })
  const [a, b] = open.length > 0 ? [was ?? emptyLike(now), now ?? emptyLike(was)] : [was, now]
  if (a?.kind === 'map' && b?.kind === 'map' && a.form === b.form) {
    if (inOtherOrder(a, b, open)) return report()
    for (const name of new Set([...a.members.keys(), ...b.members.keys()])) {
      const [before, after] = [a.members.get(name), b.members.get(name)]
      const inner = below(open, name)
      const path = [...at, name]
      if (before && after && before.form !== after.form && !inner.some((one) => one.length === 0))
        found.push({ pointer: pointerText(path), now: after.value })
      else compare(before?.value, after?.value, inner, path, found)
    }
    return
  }
  if (a?.kind === 'list' && b?.kind === 'list' && a.form === b.form) {
    if (open.length === 0 && a.items.length !== b.items.length) return report()
    const length = Math.max(a.items.length, b.items.length)
    for (let index = 0; index < length; index += 1)
      compare(a.items[index], b.items[index], below(open, String(index)), [...at, String(index)], found)
    return
  }
  if (!equalTrees(a, b)) report()
}

function below(open: readonly Pointer[], name: string): readonly Pointer[] {
  return open.flatMap(([first, ...rest]) => (first === name ? [rest] : []))
}

function emptyLike(other: Tree | undefined): Tree | undefined {
  return other?.kind === 'map' ? { kind: 'map', form: other.form, members: new Map() } : undefined
}

type MapTree = Extract<Tree, { kind: 'map' }>

/** Of what both have: conditions of `exports` are tried in their order. What is open may stand anywhere. */
function inOtherOrder(a: MapTree, b: MapTree, open: readonly Pointer[]): boolean {
  const free = new Set(open.flatMap((one) => (one.length === 1 ? one : [])))
  const shared = (one: MapTree, other: MapTree): string[] =>
    [...one.members.keys()].filter((name) => other.members.has(name) && !free.has(name))
  const [before, after] = [shared(a, b), shared(b, a)]
  return before.some((name, index) => name !== after[index])
}
