import path from 'node:path'
import { costlyGlob } from './glob-cost.ts'
import { globRegExp } from './glob-regexp.ts'
import { type GlobReading, readGlob } from './read-glob.ts'

/** Longest path or glob accepted, in UTF-16 units. */
const MAX_LENGTH = 1024

/** Why a path cannot be used and a piece of input that could. */
export interface PathProblem {
  readonly allowed: string
  readonly example: string
}

/**
 * Rules for a path below the repository root: relative, `/`-separated, no `..`, nothing empty. `ownGit: false` also
 * refuses what lies in a `.git` directory, which Codex's default sandbox keeps read-only. Null when it is fine.
 */
export function pathProblem(text: string, rules: { readonly ownGit: boolean }): PathProblem | null {
  const segments = text.split('/')
  const example = inside(segments)
  if (text.trim() === '') return { allowed: 'a path that is not empty', example: 'src/index.ts' }
  if (text.length > MAX_LENGTH)
    return { allowed: `at most ${MAX_LENGTH} characters`, example: 'src/index.ts' }
  if (text.includes('\0')) return { allowed: 'a path without NUL characters', example: 'src/index.ts' }
  if (path.isAbsolute(text) || text === '~' || text.startsWith('~/'))
    return { allowed: 'a path relative to the repository root', example }
  if (segments.includes('..')) return { allowed: 'a path inside the repository, without `..`', example }
  if (!rules.ownGit && segments.some(isGit))
    return {
      allowed: 'a path outside `.git`: the agent cannot write there, and a commit is never asked for',
      example: 'src/index.ts',
    }
  return null
}

/** The same for a glob. Braces and extglobs hide neither `..` nor a leading `/`. Null when it is fine. */
export function globProblem(text: string): PathProblem | null {
  if (text.length > MAX_LENGTH) return { allowed: `at most ${MAX_LENGTH} characters`, example: 'src/**' }
  if (text.startsWith('!'))
    return {
      allowed: 'a glob of what is looked for; `!` does not exclude here',
      example: text.replace(/^!+(?!\()/, '') || 'src/**',
    }
  const reading = readGlob(text)
  const unclear = unclearGlob(text, reading)
  if (unclear) return unclear
  // What stands for itself opens and separates nothing: `(..)photo` is a name.
  const shape = reading.pattern.replaceAll('\\x2e', '.').replace(/\\[^]/g, '_')
  if (/[{,(|]\//.test(leadingGroup(shape)))
    return { allowed: 'a glob relative to the repository root', example: 'src/**' }
  const parts = shape.split(/[/{},()|]/)
  if (parts.includes('..'))
    return { allowed: 'a glob inside the repository, without `..`', example: 'src/**' }
  if (parts.some(isGit))
    return {
      allowed: 'a glob outside `.git`: the agent cannot write there, and a commit is never asked for',
      example: 'src/**',
    }
  const problem = pathProblem(text, { ownGit: true }) ?? pathProblem(reading.text, { ownGit: true })
  const costly = problem ? null : costlyGlob(withoutNames(shape))
  if (costly !== null) return { allowed: costly, example: 'src/**/*.test.{js,ts}' }
  if (globRegExp(reading.pattern) === null)
    return {
      allowed: 'a glob that can be read; a backslash makes a special character part of a name',
      example: 'src/**/*.test.{js,ts}',
    }
  return problem && { ...problem, example: problem.example === 'src/index.ts' ? 'src/**' : problem.example }
}

/** A set is written as itself or its name, of which the name costs nothing. */
function withoutNames(shape: string): string {
  return shape.replace(/\{_[^{},]*_,(\[[^\]]*\])\}/g, '$1')
}

/** One spelling per path: no `./`, no doubled or trailing slash. The path must be free of problems. */
export function normalPath(text: string): string {
  const clean = path.posix.normalize(text)
  return clean.length > 1 && clean.endsWith('/') ? clean.slice(0, -1) : clean
}

/** One spelling per glob; `src/` means what is below src, as in editors. */
export function normalGlob(text: string): string {
  const clean = text.replace(/\/(\.?(\/|$))+/g, '/').replace(/^(\.\/)+/, '')
  return clean === '' || clean === '.' ? '**' : clean.endsWith('/') ? `${clean}**` : clean
}

/** What can only be a slip, and would match nothing without a word. */
function unclearGlob(text: string, { open: [opener], stray }: GlobReading): PathProblem | null {
  if (/\\(?:[a-z\d]|$)/i.test(text.replaceAll('\\\\', '')))
    return {
      allowed:
        'a glob with `/` between directories; a backslash only before a character with a meaning of its own',
      example: inside(text.split(/[\\/]+/)),
    }
  if (opener !== undefined)
    return {
      allowed: `a glob that closes its \`${opener}\`; with a backslash before it, \`${opener.at(-1)}\` is a character of a name`,
      example: opener === '{' ? 'src/{a,b}/**' : 'src/@(a|b)/**',
    }
  if (/(?<!\\)\{(?!\w\.\.\w\})-?\w+\.\.-?\w/.test(text))
    return { allowed: 'a range of single characters, such as `{a..c}`', example: 'src/{a..c}/**' }
  if (stray)
    return {
      allowed: 'a `|` only between the alternatives of `@(a|b)`; `\\|` is a character of a name',
      example: /\([^()]*\|/.test(text) ? text.replace(/\([^()]*\|/g, '@$&') : 'src/@(a|b)/**',
    }
  return null
}

/** The group a glob starts with, such as `{a,/b}`; empty when it starts otherwise. */
function leadingGroup(text: string): string {
  return /^[@!+?*]?[{(][^})]*[})]/.exec(text)?.[0] ?? ''
}

function inside(segments: readonly string[]): string {
  return segments.filter((part) => !['', '.', '..', '~'].includes(part)).join('/') || 'src/index.ts'
}

/** Also `.GIT`: file systems that fold case open the same directory. */
function isGit(segment: string): boolean {
  return segment.toLowerCase() === '.git'
}
