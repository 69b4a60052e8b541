import { canonicalJson } from '../base/hash.ts'
import { isObject } from '../base/json.ts'
import { where } from './problem.ts'
import type { ProjectConfig } from './types.ts'

/** One place at which two configs say different things; undefined where one says nothing. */
export interface ConfigChange {
  /** As `prepare[0].network`. */
  readonly path: string
  readonly was: unknown
  readonly now: unknown
}

/** What a config says otherwise than an earlier one, defaults filled in on both sides, so that spelling is no difference. */
export function configChanges(before: ProjectConfig, now: ProjectConfig): readonly ConfigChange[] {
  return differing(before, now, [])
}

function differing(was: unknown, now: unknown, path: readonly PropertyKey[]): ConfigChange[] {
  const keys = commonKeys(was, now)
  if (keys !== null)
    return keys.flatMap((key) => differing(memberOf(was, key), memberOf(now, key), [...path, key]))
  const same =
    was === undefined || now === undefined ? was === now : canonicalJson(was) === canonicalJson(now)
  return same ? [] : [{ path: where('', path), was, now }]
}

/** Keys of two objects, indexes of two lists of objects; null for values that are compared as a whole. */
function commonKeys(was: unknown, now: unknown): readonly PropertyKey[] | null {
  if (isObject(was) && isObject(now)) return [...new Set([...Object.keys(was), ...Object.keys(now)])]
  if (!Array.isArray(was) || !Array.isArray(now) || ![...was, ...now].some(isObject)) return null
  return Array.from({ length: Math.max(was.length, now.length) }, (_, index) => index)
}

function memberOf(value: unknown, key: PropertyKey): unknown {
  return Object.hasOwn(value as object, key) ? (value as Record<PropertyKey, unknown>)[key] : undefined
}
