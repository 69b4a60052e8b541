import { isObject } from '../../base/json.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { shellWord } from '../../base/shell-word.ts'
import { oneLine, withoutControls } from '../../base/text.ts'
import type { Context } from '../../records/context.ts'
import { type GithubPlace, placeWords } from './github-place.ts'
import { saidWords } from './person-git.ts'
import { personProgram, runAsPerson } from './person-program.ts'

/** GitHub, with the sign-in that the person's `gh` has. */
export interface Github {
  /** Gives the JSON of the answer. Codes: those of `answerOf`. */
  readonly call: (method: 'GET' | 'POST', path: string, body?: object) => Promise<Result<unknown>>
}

const LONGEST_MS = 60_000

/** `gh api` and not the other commands: these ask, guess the repository, and say what failed in words only. Code: gh-missing. */
export function githubBy(
  context: Context,
  top: string,
  place: GithubPlace,
  ending: AbortSignal,
): Result<Github> {
  const file = personProgram(context, top, 'gh')
  if (file === null)
    return fail('gh-missing', 'gh, the command line of GitHub, is not on PATH', {
      fix: 'install gh (https://cli.github.com), then: gh auth login',
    })
  return ok({
    call: async (method, path, body) => {
      const args = ['api', '--include', '--hostname', place.host, '--method', method]
      const headers = ['--header', 'Accept: application/vnd.github+json']
      const said = await runAsPerson(
        context.env.vars,
        {
          file,
          args: [...args, ...headers, path, ...(body === undefined ? [] : ['--input', '-'])],
          cwd: top,
          env: QUIET,
          input: body === undefined ? '' : JSON.stringify(body),
          timeoutMs: LONGEST_MS,
        },
        { interactive: false, ending },
      )
      if (said.kind === 'ended') return answerOf(said, place)
      return said.isOrdered ? fail('interrupted', `gh ${said.why}`) : unreachable(place, `gh ${said.why}`)
    },
  })
}

/** It writes for a program, and asks nobody. */
const QUIET = {
  GH_PROMPT_DISABLED: '1',
  GH_NO_UPDATE_NOTIFIER: '1',
  GH_FORCE_TTY: undefined,
  CLICOLOR_FORCE: undefined,
  GH_DEBUG: undefined,
  DEBUG: undefined,
}

/** The exit status by which gh says that it is not signed in. */
const NOT_SIGNED_IN = 4

/**
 * What GitHub answered, by its status and headers. Codes: gh-signed-out, gh-denied, gh-limit, gh-no-repository, gh-refused,
 * gh-unreachable. Pure.
 */
export function answerOf(
  { code, stdout, stderr }: { readonly code: number; readonly stdout: string; readonly stderr: string },
  place: GithubPlace,
): Result<unknown> {
  const login = place.host === 'github.com' ? '' : ` --hostname ${shellWord(place.host)}`
  const signIn = { fix: `gh auth login${login}` }
  if (code === NOT_SIGNED_IN) return fail('gh-signed-out', `gh is not signed in to ${place.host}`, signIn)
  const { status, headers, body } = parts(stdout)
  const said = wordsOf(body) || saidWords(stderr)
  const words = `${placeWords(place)}: ${said}`
  if (status === null || status >= 500) return unreachable(place, said)
  if (status === 401)
    return fail('gh-signed-out', `${place.host} does not take the sign-in of gh: ${said}`, signIn)
  const until = limitedUntil(status, headers, body)
  if (until !== null)
    return fail('gh-limit', `${place.host} answers no more for now: ${said}`, {
      fix: until === '' ? 'wait a while, then repeat' : `wait until ${until}, then repeat`,
    })
  if (status === 403) return fail('gh-denied', words, { fix: `gh auth status${login}` })
  if (status === 404)
    return fail(
      'gh-no-repository',
      `${words}; it is not there, or the account that gh is signed in with may not see it`,
      { fix: `gh repo view ${placeWords(place)}` },
    )
  if (status >= 400) return fail('gh-refused', words)
  if (isObject(body) && Array.isArray(body['errors']) && body['errors'].length > 0)
    return fail('gh-refused', words)
  return ok(body)
}

function unreachable(place: GithubPlace, words: string): Result<never> {
  return fail('gh-unreachable', `${place.host} cannot be reached: ${words}`, {
    fix: `gh api${place.host === 'github.com' ? '' : ` --hostname ${shellWord(place.host)}`} rate_limit`,
  })
}

/** ISO time or '' where nobody says; null: it is no such limit. */
function limitedUntil(status: number, headers: ReadonlyMap<string, string>, body: unknown): string | null {
  const errors: unknown = isObject(body) ? body['errors'] : undefined
  const byGraph =
    Array.isArray(errors) && errors.some((one) => isObject(one) && one['type'] === 'RATE_LIMITED')
  const byStatus =
    (status === 403 || status === 429) &&
    (headers.get('x-ratelimit-remaining') === '0' || headers.has('retry-after') || status === 429)
  if (!byGraph && !byStatus) return null
  const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN)
  return Number.isSafeInteger(reset) && reset > 0 && reset < 1e11 ? new Date(reset * 1000).toISOString() : ''
}

function parts(stdout: string): {
  readonly status: number | null
  readonly headers: ReadonlyMap<string, string>
  readonly body: unknown
} {
  const [head = '', rest = ''] = split(stdout)
  const [first = '', ...lines] = head.split(/\r?\n/)
  const status = /^HTTP\/[\d.]+ (\d{3})/.exec(first)?.[1]
  const headers = new Map(
    lines.map((line) => {
      const at = line.indexOf(':')
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()] as const
    }),
  )
  return { status: status === undefined ? null : Number(status), headers, body: json(rest) }
}

function split(stdout: string): readonly string[] {
  const found = /\r?\n\r?\n/.exec(stdout)
  return found === null
    ? [stdout, '']
    : [stdout.slice(0, found.index), stdout.slice(found.index + found[0].length)]
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** What GitHub says of an error, in one line. */
function wordsOf(body: unknown): string {
  if (!isObject(body)) return ''
  const errors: readonly unknown[] = Array.isArray(body['errors']) ? body['errors'] : []
  const all = [
    body['message'],
    ...errors.map((one) => (isObject(one) ? (one['message'] ?? one['code']) : one)),
  ]
  return oneLine(withoutControls(all.filter((one) => typeof one === 'string').join('; ')), 400)
}
