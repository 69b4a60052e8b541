import { isObject } from '../base/json.ts'
import { shortened } from '../base/text.ts'
import type { Hint, Problem } from './types.ts'

/** The part of a zod issue that is read here. */
export interface Issue {
  readonly code?: string
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly keys?: readonly string[]
  readonly errors?: readonly (readonly Issue[])[]
  readonly params?: Readonly<Record<string, unknown>> | undefined
}

/** What is known about a field: its hint and, for objects, the keys it may have. */
export interface FieldInfo {
  readonly hint: Hint
  readonly keys: readonly string[]
}

/** More than this many at once help nobody. */
const MAX_PROBLEMS = 50

/**
 * Zod's issues as Problems. `raw` is the value that was checked, `prefix` where it lies (such as `tasks[0]`), `info`
 * looks a field up by its path and value. Unions of array and object are followed into the branch that the value's type chose.
 */
export function problemsOf(
  issues: readonly Issue[],
  raw: unknown,
  prefix: string,
  info: (path: readonly PropertyKey[], value: unknown) => FieldInfo,
): Problem[] {
  return issues.flatMap((issue) => {
    const value = at(raw, issue.path)
    const branch = issue.code === 'invalid_union' ? branchOf(issue, value) : undefined
    if (branch)
      return problemsOf(
        branch.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })),
        raw,
        prefix,
        info,
      )
    const { hint, keys } = info(issue.path, value)
    if (issue.code === 'unrecognized_keys')
      return (issue.keys ?? []).map((key) => ({
        path: where(prefix, [...issue.path, key]),
        found: `unknown key ${show(key)}`,
        allowed: `the keys ${keys.join(', ')}`,
        example: hint.example,
      }))
    const example = issue.params?.['example']
    return [
      {
        path: where(prefix, issue.path),
        found: show(issue.code === 'invalid_key' ? issue.path.at(-1) : value),
        allowed: issue.code === 'custom' ? issue.message : hint.allowed,
        example: typeof example === 'string' ? example : hint.example,
      },
    ]
  })
}

/** At most 50 problems, the last one then counts the rest; fit to be printed, whatever the input was. */
export function bounded(problems: readonly Problem[]): Problem[] {
  const rest = problems.length - MAX_PROBLEMS + 1
  const some: readonly Problem[] =
    rest < 2
      ? problems
      : [
          ...problems.slice(0, MAX_PROBLEMS - 1),
          {
            path: '…',
            found: `${rest} more problems`,
            allowed: 'none',
            example: 'correct those above first',
          },
        ]
  return some.map(({ path, found, allowed, example }) => ({
    path: plain(path, 300),
    found: plain(found, 300),
    allowed: plain(allowed, 600),
    example: plain(example, 1000),
  }))
}

/**
 * Text that a terminal shows as it is: C0, DEL and C1 controls, and the marks that hide or turn text, are escaped as in
 * JSON. At most `length` UTF-16 units.
 */
function plain(text: string, length: number): string {
  const safe = text
    .slice(0, length + 1)
    .replace(
      /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
  return shortened(safe, length)
}

/** A value as short JSON for a person: at most 120 UTF-16 units. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  let text: string
  try {
    text = JSON.stringify(typeof value === 'string' ? value.slice(0, 400) : value) ?? 'a value outside JSON'
  } catch {
    return 'a value nested too deeply' // JSON.stringify recurses, JSON.parse does not
  }
  return shortened(text, 120)
}

/** A place as `tasks[0].evidence[1].glob`; names that are not words are quoted. */
export function where(prefix: string, path: readonly PropertyKey[]): string {
  const text = path.reduce<string>((before, part) => {
    if (typeof part === 'number') return `${before}[${part}]`
    const key = String(part)
    if (!/^[A-Za-z_$][\w$-]{0,79}$/.test(key)) return `${before}[${show(key)}]`
    return before === '' ? key : `${before}.${key}`
  }, prefix)
  return text === '' ? '(top level)' : text
}

function branchOf(issue: Issue, value: unknown): readonly Issue[] | undefined {
  const [forArray, forObject] = issue.errors ?? []
  if (Array.isArray(value)) return forArray
  return isObject(value) ? forObject : undefined
}

function at(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      value !== null && typeof value === 'object' && Object.hasOwn(value, key)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    raw,
  )
}
