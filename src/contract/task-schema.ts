import * as z from 'zod/mini'
import { patternProblem } from './pattern.ts'
import { TASK_ID, once, byDefault, flag, glob, name, relativePath } from './schema-parts.ts'

/** Runs even when other parts of the object are wrong, so that everything is reported at once. */
const oneTarget = () =>
  z.check<{ path?: string; glob?: string; min?: number }>(
    (ctx) => {
      const { path, glob: pattern, min } = ctx.value
      if ((path === undefined) === (pattern === undefined))
        ctx.issues.push({ code: 'custom', input: ctx.value, message: 'exactly one of `path` and `glob`' })
      if (path !== undefined && typeof min === 'number' && min > 1)
        ctx.issues.push({
          code: 'custom',
          input: min,
          path: ['min'],
          message: '`min` with a `glob`; one path is at most one file',
        })
    },
    { when: ({ value }) => value !== null && typeof value === 'object' },
  )

const target = () => ({ path: z.exactOptional(relativePath(false)), glob: z.exactOptional(glob()) })

const pattern = () =>
  z.string().check((ctx) => {
    const problem = patternProblem(ctx.value)
    if (problem !== null)
      ctx.issues.push({
        code: 'custom',
        input: ctx.value,
        message: `a regular expression as in JavaScript, flag m (${problem})`,
      })
  })

/** The schema of a task and those of every kind of evidence. */
export const taskSchemas = once(() => {
  const min = z.int().check(z.positive(), z.maximum(1_000_000))
  const evidence = {
    pathExists: z
      .strictObject({ kind: z.literal('pathExists'), ...target(), min: z.exactOptional(min) })
      .check(oneTarget()),
    pathAbsent: z.strictObject({ kind: z.literal('pathAbsent'), ...target() }).check(oneTarget()),
    pathChanged: z.strictObject({ kind: z.literal('pathChanged'), ...target() }).check(oneTarget()),
    pathUnchanged: z.strictObject({ kind: z.literal('pathUnchanged'), ...target() }).check(oneTarget()),
    fileMatches: z.strictObject({
      kind: z.literal('fileMatches'),
      path: relativePath(false),
      pattern: pattern(),
      absent: z.exactOptional(z.boolean()),
    }),
    commandRef: z.strictObject({ kind: z.literal('commandRef'), name: name() }),
  }
  const { pathExists, pathAbsent, pathChanged, pathUnchanged, fileMatches, commandRef } = evidence
  const anyKind = z.discriminatedUnion('kind', [
    pathExists,
    pathAbsent,
    pathChanged,
    pathUnchanged,
    fileMatches,
    commandRef,
  ])
  const id = z.string().check(z.regex(TASK_ID))
  const task = z.strictObject({
    id,
    title: z.string().check(z.minLength(1), z.maxLength(500)),
    required: flag(true),
    dependsOn: byDefault(z.array(id).check(z.maxLength(200)), []),
    evidence: z.array(anyKind).check(z.minLength(1), z.maxLength(100)),
  })
  return { task, evidence }
})
