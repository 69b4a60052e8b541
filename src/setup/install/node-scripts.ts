import { type JsonObject, isObject } from '../../base/json.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { NAME } from '../../contract/schema-parts.ts'
import { CONFIG_TO_COPY, byHand } from './by-hand.ts'
import { short } from './found.ts'
import { COMBINED, SINGLE } from './script-choice.ts'
import type { Script } from './types.ts'

export interface ChosenScripts {
  readonly names: readonly string[]
  readonly reason: string
  readonly notes: readonly string[]
}

/** The scripts of a package.json with what they call by `npm run` and the like. Values that are no text are left out. */
export function readScripts(packageJson: JsonObject): Map<string, Script> {
  const bodies = isObject(packageJson['scripts']) ? packageJson['scripts'] : {}
  const scripts = new Map<string, Script>()
  for (const [name, text] of Object.entries(bodies)) {
    if (typeof text !== 'string') continue
    const calls = [...text.matchAll(/\b(?:npm|pnpm|yarn|bun) +(?:run(?:-script)? +)?([\w:.@/-]+)/g)].map(
      (match) => match[1] as string,
    )
    const around = [`pre${name}`, `post${name}`]
    scripts.set(name, {
      text,
      calls: [...calls, ...around].filter((one) => Object.hasOwn(bodies, one)),
      evidence: `scripts.${name}: ${short(text)}`,
      unusable: unusable(text),
    })
  }
  return scripts
}

/**
 * The scripts to trust: those preferred, else the first combined one, else `typecheck`, `lint`, `test` as far as they exist.
 * Codes: invalid_preferred_script, missing_preferred_script, missing_verification_scripts.
 */
export function chooseScripts(
  scripts: ReadonlyMap<string, Script>,
  preferred: readonly string[] | undefined,
): Result<ChosenScripts> {
  if (preferred !== undefined) return choosePreferred(scripts, preferred)
  const notes: string[] = []
  const usable = (name: string): boolean => {
    const script = scripts.get(name)
    if (script !== undefined && script.unusable !== null)
      notes.push(`script ${name} is left out: ${script.unusable}`)
    return script?.unusable === null
  }
  const combined = COMBINED.find(usable)
  const names = combined === undefined ? SINGLE.filter(usable) : [combined]
  if (names.length === 0)
    return fail(
      'missing_verification_scripts',
      `package.json has none of the scripts ${[...COMBINED, ...SINGLE].join(', ')} in a usable form${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`,
      {
        fix: `add one of them, or name others with --prefer-scripts a,b, or ${byHand}`,
        data: { scripts: [...scripts.keys()], config_to_copy: CONFIG_TO_COPY },
      },
    )
  const reason = combined === undefined ? 'standard script' : 'combined script'
  return ok({ names, reason, notes })
}

function choosePreferred(
  scripts: ReadonlyMap<string, Script>,
  preferred: readonly string[],
): Result<ChosenScripts> {
  const valid = checkPreferred(preferred)
  if (!valid.ok) return valid
  const missing = preferred.filter((name) => !scripts.has(name))
  if (missing.length > 0)
    return fail('missing_preferred_script', `package.json has no script ${missing.join(', ')}`, {
      fix: scripts.size === 0 ? 'add it to package.json' : `choose among ${[...scripts.keys()].join(', ')}`,
      data: { missing },
    })
  const names = [...new Set(preferred)]
  return ok({
    names,
    reason: '--prefer-scripts',
    notes: names.flatMap((name) => {
      const why = scripts.get(name)?.unusable ?? null
      return why === null ? [] : [`script ${name}: ${why}`]
    }),
  })
}

/** Code: invalid_preferred_script. */
export function checkPreferred(preferred: readonly string[]): Result<true> {
  const invalid = preferred.filter((name) => !NAME.test(name))
  if (preferred.length > 0 && invalid.length === 0) return ok(true)
  return fail(
    'invalid_preferred_script',
    `--prefer-scripts holds ${invalid.length === 0 ? 'no name' : invalid.map((name) => JSON.stringify(name)).join(', ')}`,
    { fix: 'give names of scripts or targets with commas between them: --prefer-scripts lint,test' },
  )
}

/** A gate that can never pass, or never ends, would only hold the agent. Null when nothing is wrong. */
function unusable(body: string): string | null {
  if (body.trim() === '') return 'it is empty'
  if (/no test specified/.test(body)) return 'it is the placeholder of npm init'
  return /(?:^|\s)--watch(?:All)?(?:\s|$)/.test(body) ? 'it watches files and never ends' : null
}
