import { type JsonObject, isObject, parseJson } from '../base/json.ts'
import { ok } from '../base/result.ts'
import { programOf } from '../definition/collection.ts'
import { quoted } from './found.ts'
import { RepoFiles } from './files.ts'
import { phpTools } from './php-tools.ts'
import { chooseStandard } from './script-choice.ts'
import { toolOf } from './tool-of.ts'
import type { DetectedCommand, Detector, Script, ScriptSource } from './detection.ts'

/** PHP: composer scripts, and the tools that are configured, from vendor/bin where Composer installs them. */
export const php: Detector = {
  name: 'php',
  prefix: 'php',
  scripts: ({ root }) => composerScripts(composerJson(new RepoFiles(root))),
  detect({ root }) {
    const look = new RepoFiles(root)
    const composer = composerJson(look)
    const { commands: tools, notes } = phpTools(look, composer)
    const source = composerScripts(composer)
    if (source === null)
      return ok(
        tools.length === 0 && !look.has('composer.json')
          ? null
          : { ecosystem: 'php', tool: null, commands: tools, notes },
      )
    const scripts = chooseStandard('php', source)
    const mine = scripts.commands.map((one) => ({ ...one, env: { COMPOSER_PROCESS_TIMEOUT: '0' } }))
    const programs = new Set(mine.flatMap(({ runs }) => runs.map((argv) => programOf(toolOf(argv)))))
    // A script of the same name, or one that runs the tool, is the project's own word on it.
    const isScript = ({ name, argv }: DetectedCommand): boolean =>
      mine.some((one) => one.name === name) || programs.has(programOf(argv))
    return ok({
      ...scripts,
      tool: { name: 'composer', reason: 'composer.json' },
      commands: [...mine, ...tools.filter((one) => !isScript(one))].sort(
        (a, b) => Number(b.fast) - Number(a.fast),
      ),
      notes: [...scripts.notes, ...notes],
    })
  },
}

function composerJson(look: RepoFiles): JsonObject | null {
  const json = parseJson(look.text('composer.json') ?? '', 'composer.json')
  return json.ok && isObject(json.value) ? json.value : null
}

function composerScripts(composer: JsonObject | null): ScriptSource | null {
  if (composer === null) return null
  const given = isObject(composer['scripts']) ? composer['scripts'] : {}
  const scripts = new Map<string, Script>()
  for (const [name, body] of Object.entries(given)) {
    const lines = (Array.isArray(body) ? body : [body]).filter((line) => typeof line === 'string')
    const plain = lines.map((line) => line.replace(/^@(php|composer) /, '$1 '))
    scripts.set(name, {
      text: plain.filter((line) => !line.startsWith('@')).join('\n'),
      calls: plain
        .flatMap((line) => /^(?:@|composer (?:run(?:-script)? )?)([\w:.-]+)/.exec(line)?.[1] ?? [])
        .filter((one) => Object.hasOwn(given, one)),
      evidence: `scripts.${name}: ${quoted(lines.join('; '))}`,
      unusable: lines.length === 0 ? 'it is empty' : null,
    })
  }
  const argv = (name: string): string[] => ['composer', 'run-script', name]
  return { file: 'composer.json', kind: 'script', scripts, argv }
}
