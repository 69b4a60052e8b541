import { isObject } from '../../base/json.ts'

/** Whether two values of JSON, YAML or TOML are the same, keys in whatever order. Other objects (dates) by their text. */
export function same(a: unknown, b: unknown): boolean {
  return alike(a, b, false)
}

/** The same with keys in their order: in some tables (`exports`) the first that fits counts. */
export function sameInOrder(a: unknown, b: unknown): boolean {
  return alike(a, b, true)
}

function alike(a: unknown, b: unknown, ordered: boolean): boolean {
  if (Object.is(a, b)) return true
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((one, at) => alike(one, b[at], ordered))
  if (!isObject(a) || !isObject(b)) return false
  if (a instanceof Date || b instanceof Date)
    return a instanceof Date && b instanceof Date && a.toJSON() === b.toJSON()
  const keys = Object.keys(a)
  const others = Object.keys(b)
  return (
    keys.length === others.length &&
    keys.every((key, at) => Object.hasOwn(b, key) && (!ordered || others[at] === key)) &&
    keys.every((key) => alike(a[key], b[key], ordered))
  )
}
