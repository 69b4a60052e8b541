import { nearest } from '../../base/nearest.ts'
import type { Problem } from '../types.ts'

/** A misspelt key is one mistake: the key that was meant is not missing besides. Pure. */
export function meantKeys(problems: readonly Problem[]): Problem[] {
  const missing = problems
    .filter((one) => one.found === 'nothing')
    .map((one) => ({ one, ...split(one.path) }))
  const meant = new Set<Problem>()
  const named = problems.map((one) => {
    if (!one.found.startsWith('unknown key ')) return one
    const { parent, key } = split(one.path)
    const here = missing.filter((other) => other.parent === parent)
    const near = nearest(
      key,
      here.map((other) => other.key),
    )
    const twin = here.find((other) => other.key === near)
    if (!twin) return one
    meant.add(twin.one)
    return { ...one, found: `${one.found}; did you mean ${twin.key}?`, example: twin.one.example }
  })
  return named.filter((one) => !meant.has(one))
}

function split(path: string): { readonly parent: string; readonly key: string } {
  const at = path.lastIndexOf('.')
  return { parent: path.slice(0, Math.max(0, at)), key: path.slice(at + 1) }
}
