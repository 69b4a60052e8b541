import * as z from 'zod/mini'
import { patternProblem } from './pattern.ts'
import { glob, name, relativePath } from './schema-parts.ts'
import type { Evidence, EvidenceField, EvidenceKind, EvidenceOf, Hint } from './types.ts'

/** How a kind of evidence is written and read. What it means in a workspace is said in evidence/kinds/. */
interface KindSpec<K extends EvidenceKind> {
  /** A schema for every field. A function, because making schemas takes time that most stops need not pay. */
  readonly fields: () => FieldSchemas<EvidenceOf<K>>
  /** What must hold between the fields. */
  readonly check?: () => z.core.$ZodCheck
  /** A valid piece, as JSON. */
  readonly example: string
  /** The fields that `- kind: text` in Markdown means. Not checked here. */
  readonly written: (text: string) => object
  /** As one would say it: `pathChanged src/**`. */
  readonly asked: (evidence: EvidenceOf<K>) => string
}

type FieldSchemas<E extends Evidence> = {
  readonly [F in Exclude<keyof E, 'kind'>]-?: object extends Pick<E, F>
    ? z.ZodMiniExactOptional<z.ZodMiniType<Required<E>[F]>>
    : z.ZodMiniType<E[F]>
}

/** One row per kind: a new kind is a new member of `Evidence`, and the compiler names the tables that lack it. */
export const evidenceKinds: { readonly [K in EvidenceKind]: KindSpec<K> } = {
  pathExists: {
    fields: () => ({
      ...target(),
      min: z.exactOptional(z.int().check(z.positive(), z.maximum(1_000_000))),
    }),
    check: oneTarget,
    example: '{"kind": "pathExists", "path": "docs/usage.md"}',
    written: pathOrGlob,
    asked: (evidence) => askedOf(evidence) + (evidence.min ? ` (at least ${evidence.min})` : ''),
  },
  pathAbsent: {
    fields: target,
    check: oneTarget,
    example: '{"kind": "pathAbsent", "glob": "src/**/*.orig"}',
    written: pathOrGlob,
    asked: askedOf,
  },
  pathChanged: {
    fields: target,
    check: oneTarget,
    example: '{"kind": "pathChanged", "glob": "src/**"}',
    written: pathOrGlob,
    asked: askedOf,
  },
  pathUnchanged: {
    fields: target,
    check: oneTarget,
    example: '{"kind": "pathUnchanged", "path": "LICENSE"}',
    written: pathOrGlob,
    asked: askedOf,
  },
  fileMatches: {
    fields: () => ({
      path: relativePath(false),
      pattern: pattern(),
      absent: z.exactOptional(z.boolean()),
    }),
    example: '{"kind": "fileMatches", "path": "README.md", "pattern": "^## Usage$"}',
    written(text) {
      const [, path, without, body] = /^(\S+)\s+(without\s+)?\/(.+)\/$/.exec(text) ?? []
      return path === undefined ? pathOrGlob(text) : { path, pattern: body, ...(without && { absent: true }) }
    },
    asked: ({ path, pattern: text, absent }) =>
      `fileMatches ${path} ${absent === true ? 'without ' : ''}/${text}/`,
  },
  commandRef: {
    fields: () => ({ name: name() }),
    example: '{"kind": "commandRef", "name": "test"}',
    written: (text) => ({ name: text }),
    asked: (evidence) => `commandRef ${evidence.name}`,
  },
}

/** Hints for the fields. */
export const evidenceHints: Readonly<Record<EvidenceField, Hint>> = {
  path: { allowed: 'a path relative to the repository root', example: '"src/index.ts"' },
  glob: { allowed: 'a glob relative to the repository root', example: '"src/**"' },
  min: { allowed: 'a whole number, 1 to 1000000', example: '1' },
  pattern: { allowed: 'a regular expression as in JavaScript, flag m', example: '"^## Usage$"' },
  absent: { allowed: 'true or false', example: 'true' },
  name: { allowed: 'the name of a command', example: '"test"' },
}

export function isEvidenceKind(word: string): word is EvidenceKind {
  return Object.hasOwn(evidenceKinds, word)
}

/** Evidence as one would say it: `pathChanged src/**`. */
export function askedFor(evidence: Evidence): string {
  return specOf(evidence.kind).asked(evidence)
}

function specOf<K extends EvidenceKind>(kind: K): KindSpec<K> {
  return evidenceKinds[kind]
}

function askedOf(
  evidence: EvidenceOf<'pathExists' | 'pathAbsent' | 'pathChanged' | 'pathUnchanged'>,
): string {
  return `${evidence.kind} ${evidence.path ?? evidence.glob ?? ''}`
}

function pathOrGlob(text: string): object {
  return /[*?[{]/.test(text) ? { glob: text } : { path: text }
}

function target() {
  return { path: z.exactOptional(relativePath(false)), glob: z.exactOptional(glob()) }
}

/** Runs even when other parts of the object are wrong, so that everything is reported at once. */
function oneTarget() {
  return z.check<{ path?: string; glob?: string; min?: number }>(
    (ctx) => {
      const { path, glob: matching, min } = ctx.value
      if ((path === undefined) === (matching === undefined))
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
}

function pattern() {
  return z.string().check((ctx) => {
    const problem = patternProblem(ctx.value)
    if (problem !== null)
      ctx.issues.push({
        code: 'custom',
        input: ctx.value,
        message: `a regular expression as in JavaScript, flag m (${problem})`,
      })
  })
}
