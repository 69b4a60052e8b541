import { type JsonObject, isObject } from '../base/json.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { NAME } from '../contract/schema-parts.ts'
import type { PackageManager } from '../definition/node/managers.ts'
import { CONFIG_TO_COPY, byHand } from './by-hand.ts'
import { quoted } from './found.ts'
import { callsIn, nodeSteps } from './node-calls.ts'
import { chooseStandard, notesOn, scriptCommand } from './script-choice.ts'
import { COMBINED, SINGLE } from './script-names.ts'
import type { DetectedCommand, Script, ScriptSource } from './detection.ts'

export interface ChosenScripts {
  readonly commands: readonly DetectedCommand[]
  readonly notes: readonly string[]
}

/** The scripts of a package.json with what they call by `npm run` and the like. Values that are no text are left out. */
export function readScripts(
  packageJson: JsonObject,
  manager: PackageManager = 'npm',
  file = 'package.json',
): ScriptSource {
  const given = isObject(packageJson['scripts']) ? packageJson['scripts'] : {}
  const bodies = Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
  const scripts = new Map<string, Script>()
  for (const [name, text] of Object.entries(bodies)) {
    const around = [`pre${name}`, `post${name}`].filter((one) => Object.hasOwn(bodies, one))
    scripts.set(name, {
      text,
      calls: [...callsIn(text, bodies), ...around],
      steps: nodeSteps(name, bodies),
      evidence: `scripts.${name}: ${quoted(text)}`,
      unusable: unusable(text),
    })
  }
  // `run` in full everywhere: `bun test` is not the script `test`.
  return { file, kind: 'script', scripts, argv: (name) => [manager, 'run', name] }
}

/**
 * The scripts to trust: those preferred, else the first combined one with what it does not run of `typecheck`, `lint`,
 * `test`. Codes: invalid_preferred_script, missing_preferred_script, missing_verification_scripts.
 */
export function chooseScripts(
  source: ScriptSource,
  preferred: readonly string[] | undefined,
): Result<ChosenScripts> {
  if (preferred !== undefined) return choosePreferred(source, preferred)
  const { commands, notes } = chooseStandard('node', source)
  if (commands.length > 0) return ok({ commands, notes })
  return fail(
    'missing_verification_scripts',
    `package.json has none of the scripts ${[...COMBINED, ...SINGLE].join(', ')} in a usable form${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`,
    {
      fix: `add one of them, or name others with --prefer-scripts a,b, or ${byHand}`,
      data: { scripts: [...source.scripts.keys()], config_to_copy: CONFIG_TO_COPY },
    },
  )
}

function choosePreferred(source: ScriptSource, preferred: readonly string[]): Result<ChosenScripts> {
  const valid = checkPreferred(preferred)
  if (!valid.ok) return valid
  const { scripts } = source
  const missing = preferred.filter((name) => !scripts.has(name))
  if (missing.length > 0)
    return fail('missing_preferred_script', `package.json has no script ${missing.join(', ')}`, {
      fix: scripts.size === 0 ? 'add it to package.json' : `choose among ${[...scripts.keys()].join(', ')}`,
      data: { missing },
    })
  const names = [...new Set(preferred)]
  return ok({
    commands: names.map((name) => scriptCommand(source, name, '--prefer-scripts')),
    notes: names.flatMap((name) => notesOn(source, name)),
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

/** A gate that can never pass would only hold the agent. Null when nothing is wrong. */
function unusable(body: string): string | null {
  if (body.trim() === '') return 'it is empty'
  return /no test specified/.test(body) ? 'it is the placeholder of npm init' : null
}
