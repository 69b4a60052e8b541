import { parse } from 'jsonc-parser'
import { type JsonObject, isObject } from '../base/json.ts'
import { ok } from '../base/result.ts'
import { found, quoted } from './found.ts'
import { RepoFiles } from './files.ts'
import { chooseStandard } from './script-choice.ts'
import type { DetectedCommand, Detector, Script, ScriptSource } from './detection.ts'

/** Tasks of deno.json, and Deno's own checks where they are configured there. */
export const deno: Detector = {
  name: 'deno',
  prefix: 'deno',
  scripts: ({ root }) => readDeno(new RepoFiles(root))?.source ?? null,
  detect({ root }) {
    const read = readDeno(new RepoFiles(root))
    if (read === null) return ok(null)
    if (read.source === null)
      return ok({ ecosystem: 'deno', tool: null, commands: [], notes: [`${read.file} is not a JSON object`] })
    const chosen = chooseStandard('deno', read.source)
    const linted = chosen.commands.some(
      (task) =>
        task.name === 'lint' || task.runs.some((argv) => argv.includes('deno') && argv.includes('lint')),
    )
    const own = linted ? [] : builtIn(read.file, read.json)
    return ok({ ...chosen, commands: [...own, ...chosen.commands] })
  },
}

interface Read {
  readonly file: string
  readonly json: JsonObject
  readonly source: ScriptSource | null
}

function readDeno(look: RepoFiles): Read | null {
  const file = look.first('deno.json', 'deno.jsonc')
  if (file === undefined) return null
  const json: unknown = parse(look.text(file) ?? '', [], { allowTrailingComma: true })
  if (!isObject(json)) return { file, json: {}, source: null }
  const tasks = isObject(json['tasks']) ? json['tasks'] : {}
  const scripts = new Map<string, Script>()
  for (const [name, given] of Object.entries(tasks)) {
    const text = isObject(given) ? given['command'] : given
    const needs = isObject(given) && Array.isArray(given['dependencies']) ? given['dependencies'] : []
    if (typeof text !== 'string' && needs.length === 0) continue
    const shell = typeof text === 'string' ? text : ''
    const called = [...shell.matchAll(/\bdeno task +([\w:.-]+)/g)].map((match) => match[1] as string)
    scripts.set(name, {
      text: shell,
      calls: [...called, ...needs.filter((one) => typeof one === 'string')].filter((one) =>
        Object.hasOwn(tasks, one),
      ),
      evidence: `tasks.${name}: ${quoted(shell === '' ? needs.join(', ') : shell)}`,
      unusable: null,
    })
  }
  return { file, json, source: { file, kind: 'task', scripts, argv: (name) => ['deno', 'task', name] } }
}

/** A section of its own says that the project uses it. */
function builtIn(file: string, json: JsonObject): DetectedCommand[] {
  return isObject(json['lint'])
    ? [
        found({
          name: 'lint',
          argv: ['deno', 'lint'],
          fast: true,
          file,
          evidence: '"lint" section',
          reason: "Deno's linter is configured",
          does: [['deno', 'lint']],
        }),
      ]
    : []
}
