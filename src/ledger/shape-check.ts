import { isObject } from '../base/json.ts'

/** What a value must look like as far as anybody relies on it; members that are not named may be anything. */
export type Shape =
  | 'string'
  | 'number'
  | 'boolean'
  | 'array'
  | 'object'
  | { readonly orNull: Shape }
  | { readonly orAbsent: Shape }
  | { readonly list: Shape }
  | { readonly words: ReadonlySet<unknown> }
  | { readonly members: Members }
  /** An object whose member `by` says which further members it has. */
  | { readonly by: string; readonly rows: Readonly<Record<string, Members>> }

export type Members = Readonly<Record<string, Shape>>

export const object = (members: Members): Shape => ({ members })
export const list = (one: Shape): Shape => ({ list: one })
export const orNull = (shape: Shape): Shape => ({ orNull: shape })
export const orAbsent = (shape: Shape): Shape => ({ orAbsent: shape })
export const words = (...all: readonly string[]): Shape => ({ words: new Set(all) })
export const by = (member: string, rows: Readonly<Record<string, Members>>): Shape => ({ by: member, rows })

/** The first thing that is wrong, in words; null when nothing is. */
export function problemOf(value: unknown, shape: Shape, where: string): string | null {
  if (typeof shape === 'string') return isA(value, shape) ? null : wrong(value, where)
  if ('orNull' in shape) return value === null ? null : problemOf(value, shape.orNull, where)
  if ('orAbsent' in shape) return value === undefined ? null : problemOf(value, shape.orAbsent, where)
  if ('words' in shape) return shape.words.has(value) ? null : `${where} is unknown`
  if ('list' in shape) {
    if (!Array.isArray(value)) return wrong(value, where)
    for (const one of value as readonly unknown[]) {
      const problem = problemOf(one, shape.list, where)
      if (problem) return problem
    }
    return null
  }
  if (!isObject(value)) return `${where} is not an object`
  if ('members' in shape) return membersProblem(value, shape.members, where)
  const kind = value[shape.by]
  const row = typeof kind === 'string' && Object.hasOwn(shape.rows, kind) ? shape.rows[kind] : undefined
  return row ? membersProblem(value, row, where) : `${where}.${shape.by} is unknown`
}

function membersProblem(
  value: Readonly<Record<string, unknown>>,
  members: Members,
  where: string,
): string | null {
  for (const name in members) {
    const shape = members[name]
    const problem = shape === undefined ? null : problemOf(value[name], shape, `${where}.${name}`)
    if (problem) return problem
  }
  return null
}

function isA(value: unknown, kind: 'string' | 'number' | 'boolean' | 'array' | 'object'): boolean {
  return kind === 'array' ? Array.isArray(value) : kind === 'object' ? isObject(value) : typeof value === kind
}

function wrong(value: unknown, where: string): string {
  return value === undefined ? `${where} is missing` : `${where} is of the wrong kind`
}
