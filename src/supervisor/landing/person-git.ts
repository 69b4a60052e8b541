import { mask } from '../../base/mask.ts'
import { type Result, fail } from '../../base/result.ts'
import { oneLine, withoutControls } from '../../base/text.ts'
import type { Context } from '../../records/context.ts'
import type { RemoteIo } from './landing.ts'
import { type ProgramSaid, personProgram, runAsPerson } from './person-program.ts'

/** Git as the person would type it in their repository: with their configuration, sign-ins and hooks. */
export interface PersonGit {
  /** Null: it did not start, took too long or was ended, which is a failure of its own. */
  readonly run: (args: readonly string[]) => Promise<Result<Extract<ProgramSaid, { kind: 'ended' }>>>
}

/** A hook of the person's may run tests before a push. */
const LONGEST_MS = 30 * 60_000

/** Codes: git-not-found; of `run`: land-unreachable, interrupted. */
export function personGit(
  context: Context,
  top: string,
  { interactive, quiet, signals }: RemoteIo,
): Result<PersonGit> {
  const file = personProgram(context, top, 'git')
  if (file === null) return fail('git-not-found', 'git is not on PATH', { fix: 'put git on PATH' })
  // What is said is looked into, so it is English; other locales of hooks stay.
  const env = {
    ...NOT_THIS_REPOSITORY,
    LANGUAGE: 'en',
    ...(interactive ? {} : { GIT_TERMINAL_PROMPT: '0' }),
  }
  return {
    ok: true,
    value: {
      run: async (args) => {
        quiet()
        const said = await runAsPerson(
          context.env.vars,
          { file, args, cwd: top, env, timeoutMs: LONGEST_MS },
          { interactive, ending: signals.endAgents },
        )
        if (said.kind === 'ended') return { ok: true, value: said }
        const words = `git ${args[0]} ${said.why}`
        return said.isOrdered ? fail('interrupted', words) : fail('land-unreachable', words)
      },
    },
  }
}

/** Variables by which a shell may name another repository. */
const NOT_THIS_REPOSITORY = Object.fromEntries(
  [
    'GIT_DIR',
    'GIT_WORK_TREE',
    'GIT_INDEX_FILE',
    'GIT_OBJECT_DIRECTORY',
    'GIT_ALTERNATE_OBJECT_DIRECTORIES',
    'GIT_COMMON_DIR',
    'GIT_NAMESPACE',
    'GIT_PREFIX',
    'GIT_GRAFT_FILE',
    'GIT_SHALLOW_FILE',
    'GIT_NO_REPLACE_OBJECTS',
    'GIT_REPLACE_REF_BASE',
    'GIT_IMPLICIT_WORK_TREE',
    'GIT_INTERNAL_SUPER_PREFIX',
  ].map((name) => [name, undefined]),
)

/** What a program of the person's said, for an error: bounded, without secrets and without what moves a terminal. */
export function saidWords(text: string): string {
  const lines = withoutControls(text)
    .split('\n')
    .map((one) => one.trim())
    .filter((one) => one !== '' && !one.startsWith('hint:'))
  const plain = lines.map((one) => one.replaceAll(/(\/\/)[^/\s@]+@/g, '$1***@'))
  return oneLine(mask(plain.slice(-MOST_LINES).join('; ')), 600)
}

const MOST_LINES = 8
