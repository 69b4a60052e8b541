import * as z from 'zod/mini'
import { readReach } from './reach.ts'
import { type PathProblem, globProblem, pathProblem } from './path-rules.ts'
import { scopeProblem } from './scope.ts'

/*
 * The building blocks of everything a person or an agent writes for us. A check of ours always says in its message what
 * is allowed; for zod's own checks hints.ts does. They are functions because making the schemas takes some milliseconds,
 * which a stop that reads neither config nor tasks shall not pay.
 */

/** A value made at first use. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}

/** Names of npm scripts, make targets and the like. The look-ahead keeps names of Object.prototype out of lookups. */
export const NAME =
  /^(?!.*\.\.)(?!(?:constructor|toString|valueOf|hasOwnProperty|isPrototypeOf|propertyIsEnumerable|toLocaleString|__.*__)$)[A-Za-z0-9_@][A-Za-z0-9_@:./+-]{0,79}$/
export const TASK_ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/
/** PATH belongs to the approval, the two prefixes to Codex and to us. */
export const ENV_NAME = /^(?!PATH$|CODEX_|AUTOLOOP_|AUTONOMOUS_LOOP_)[A-Za-z_][A-Za-z0-9_]{0,99}$/

export const byDefault = z._default // oxlint-disable-line no-underscore-dangle -- zod's own name for it

export const noNul = () =>
  z.check<string>((ctx) => {
    if (ctx.value.includes('\0'))
      ctx.issues.push({ code: 'custom', input: ctx.value, message: 'text without NUL characters' })
  })

/** A text in which this finds no fault. */
function textWithout(problemOf: (text: string) => PathProblem | null) {
  return z.string().check((ctx) => {
    const problem = problemOf(ctx.value)
    if (problem !== null)
      ctx.issues.push({
        code: 'custom',
        input: ctx.value,
        message: problem.allowed,
        params: { example: JSON.stringify(problem.example) },
      })
  })
}

export const relativePath = (ownGit: boolean) => textWithout((text) => pathProblem(text, { ownGit }))

export const glob = () => textWithout(globProblem)

/** What may differ from the start. None would be a run that may change nothing. */
export const scope = () => z.array(textWithout(scopeProblem)).check(z.minLength(1), z.maxLength(500))

export const argv = () =>
  z.array(z.string().check(z.maxLength(8192), noNul())).check(
    z.minLength(1),
    z.maxLength(256),
    z.check<string[]>((ctx) => {
      const program = ctx.value[0] ?? ''
      const words = program.trim().split(/\s+/).filter(Boolean)
      if (ctx.value.length === 0 || (program.trim() !== '' && (words.length === 1 || program.includes('/'))))
        return
      ctx.issues.push({
        code: 'custom',
        input: ctx.value,
        message: 'a program as the first element, each argument an element of its own',
        params: {
          example: JSON.stringify(words.length > 1 ? [...words, ...ctx.value.slice(1)] : ['npm', 'test']),
        },
      })
    }),
  )

export const name = () => z.string().check(z.regex(NAME))
/** Absolute or below home; the whole disk or home would undo the sandbox. */
export const writableDirectory = () =>
  z.string().check(
    z.maxLength(1024),
    noNul(),
    z.check<string>((ctx) => {
      const parts = ctx.value.split('/').slice(1)
      const named = parts.some((part) => part !== '' && part !== '.')
      if (/^~?\//.test(ctx.value) && named && !parts.includes('..')) return
      ctx.issues.push({
        code: 'custom',
        input: ctx.value,
        message: 'an absolute directory or one below ~/, without `..`, not the whole disk or home',
      })
    }),
  )
export const reached = () =>
  z.string().check((ctx) => {
    if (readReach(ctx.value) === null)
      ctx.issues.push({
        code: 'custom',
        input: ctx.value,
        message:
          'unix: and the absolute path of a socket, without `*` and `..`; or a device below /dev/ (its name may hold `*` and `?`)',
      })
  })
/** Of ignored files: without a name in it, it would take along everything that the room is there to do without. */
export const copied = () =>
  glob().check((ctx) => {
    if (/[^*?/.]/.test(ctx.value)) return
    ctx.issues.push({
      code: 'custom',
      input: ctx.value,
      message: 'a glob with a name or a part of one in it, not everything that git ignores',
    })
  })
export const seconds = () => z.number().check(z.positive(), z.maximum(86_400))
export const count = () => z.int().check(z.positive(), z.maximum(10_000))
export const flag = (value: boolean) => byDefault(z.boolean(), value)
