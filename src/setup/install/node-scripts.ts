import { type JsonObject, isObject } from '../../base/json.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { NAME } from '../../contract/schema-parts.ts'

/** A script of package.json that becomes a command. */
export interface ChosenScript {
  readonly name: string
  readonly fast: boolean
  readonly reason: string
}

export interface ChosenScripts {
  readonly scripts: readonly ChosenScript[]
  readonly notes: readonly string[]
}

/** One of these stands for everything: the first that is there is the only command. */
const COMBINED = ['check', 'quality', 'ci']
const SINGLE = ['typecheck', 'lint', 'test']
const FAST_NAME = /^(?:type-?check|types|tsc|lint|eslint|oxlint|biome|format:check|fmt:check)(?::[\w:-]+)?$/
const RUNS_TESTS = /\b(?:tests?|jest|vitest|mocha|ava|tap|playwright|cypress|karma|jasmine)\b/

/**
 * The scripts to trust: those preferred, else the first combined one, else `typecheck`, `lint`, `test` as far as they exist.
 * Codes: invalid_preferred_script, missing_preferred_script, missing_verification_scripts.
 */
export function chooseScripts(
  packageJson: JsonObject,
  preferred: readonly string[] | undefined,
): Result<ChosenScripts> {
  const scripts = isObject(packageJson['scripts']) ? packageJson['scripts'] : {}
  const bodies = new Map(
    Object.entries(scripts).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
  if (preferred !== undefined) return choosePreferred(bodies, preferred)

  const notes: string[] = []
  const usable = (name: string): boolean => {
    const body = bodies.get(name)
    if (body === undefined) return false
    const why = unusable(body)
    if (why !== null) notes.push(`script ${name} is left out: ${why}`)
    return why === null
  }
  const combined = COMBINED.find(usable)
  const names = combined === undefined ? SINGLE.filter(usable) : [combined]
  if (names.length === 0)
    return fail(
      'missing_verification_scripts',
      `package.json has none of the scripts ${[...COMBINED, ...SINGLE].join(', ')} in a usable form${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`,
      {
        fix: 'add one of them, or name others with --prefer-scripts a,b, or write .codex/autoloop.project.json by hand',
        data: { scripts: [...bodies.keys()] },
      },
    )
  const reason =
    combined === undefined ? 'standard script of package.json' : 'combined script of package.json'
  return ok({ scripts: names.map((name) => ({ name, reason, fast: isFast(name, bodies.get(name)) })), notes })
}

function choosePreferred(
  bodies: ReadonlyMap<string, string>,
  preferred: readonly string[],
): Result<ChosenScripts> {
  const invalid = preferred.filter((name) => !NAME.test(name))
  if (preferred.length === 0 || invalid.length > 0)
    return fail(
      'invalid_preferred_script',
      `--prefer-scripts holds ${invalid.length === 0 ? 'no name' : invalid.map((name) => JSON.stringify(name)).join(', ')}`,
      {
        fix: 'give names of package.json scripts with commas between them: --prefer-scripts lint,test',
      },
    )
  const missing = preferred.filter((name) => !bodies.has(name))
  if (missing.length > 0)
    return fail('missing_preferred_script', `package.json has no script ${missing.join(', ')}`, {
      fix: bodies.size === 0 ? 'add it to package.json' : `choose among ${[...bodies.keys()].join(', ')}`,
      data: { missing },
    })
  const names = [...new Set(preferred)]
  return ok({
    scripts: names.map((name) => ({
      name,
      reason: '--prefer-scripts',
      fast: isFast(name, bodies.get(name)),
    })),
    notes: names.flatMap((name) => {
      const why = unusable(bodies.get(name) ?? '')
      return why === null ? [] : [`script ${name}: ${why}`]
    }),
  })
}

/** A gate that can never pass, or never ends, would only hold the agent. Null when nothing is wrong. */
function unusable(body: string): string | null {
  if (body.trim() === '') return 'it is empty'
  if (/no test specified/.test(body)) return 'it is the placeholder of npm init'
  return /(?:^|\s)--watch(?:All)?(?:\s|$)/.test(body) ? 'it watches files and never ends' : null
}

function isFast(name: string, body = ''): boolean {
  return FAST_NAME.test(name) && !RUNS_TESTS.test(body)
}
