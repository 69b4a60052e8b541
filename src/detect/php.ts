import { type JsonObject, isObject, parseJson } from '../base/json.ts'
import { ok } from '../base/result.ts'
import { found, quoted } from './found.ts'
import { RepoFiles } from './files.ts'
import { chooseStandard } from './script-choice.ts'
import type { DetectedCommand, Detector, Script, ScriptSource } from './detection.ts'

/** Tools with the file that configures them; what follows is their argv. In the order in which they should run. */
const TOOLS = [
  {
    name: 'analyse',
    program: 'phpstan',
    package: 'phpstan/phpstan',
    args: ['analyse', '--no-progress'],
    fast: true,
    files: ['phpstan.neon', 'phpstan.neon.dist', 'phpstan.dist.neon'],
  },
  {
    name: 'psalm',
    program: 'psalm',
    package: 'vimeo/psalm',
    args: ['--no-progress'],
    fast: true,
    files: ['psalm.xml', 'psalm.xml.dist'],
  },
  {
    name: 'lint',
    program: 'phpcs',
    package: 'squizlabs/php_codesniffer',
    args: [],
    fast: true,
    files: ['.phpcs.xml', 'phpcs.xml', '.phpcs.xml.dist', 'phpcs.xml.dist'],
  },
  {
    name: 'format',
    program: 'php-cs-fixer',
    package: 'friendsofphp/php-cs-fixer',
    args: ['fix', '--dry-run', '--diff'],
    fast: true,
    files: ['.php-cs-fixer.php', '.php-cs-fixer.dist.php'],
  },
  {
    name: 'format',
    program: 'pint',
    package: 'laravel/pint',
    args: ['--test'],
    fast: true,
    files: ['pint.json'],
  },
  {
    name: 'test',
    program: 'pest',
    package: 'pestphp/pest',
    args: [],
    fast: false,
    files: ['tests/Pest.php'],
  },
  {
    name: 'test',
    program: 'phpunit',
    package: 'phpunit/phpunit',
    args: [],
    fast: false,
    files: ['phpunit.xml', 'phpunit.dist.xml', 'phpunit.xml.dist'],
  },
]

/** PHP: composer scripts, and the tools that are configured, from vendor/bin where Composer installs them. */
export const php: Detector = {
  name: 'php',
  prefix: 'php',
  scripts: ({ root }) => composerScripts(composerJson(new RepoFiles(root))),
  detect({ root }) {
    const look = new RepoFiles(root)
    const composer = composerJson(look)
    const { commands: tools, notes } = toolCommands(look, composer)
    const source = composerScripts(composer)
    if (source === null)
      return ok(
        tools.length === 0 && !look.has('composer.json')
          ? null
          : { ecosystem: 'php', tool: null, commands: tools, notes },
      )
    const scripts = chooseStandard('php', source)
    const mine = scripts.commands.map((one) => ({ ...one, env: { COMPOSER_PROCESS_TIMEOUT: '0' } }))
    const taken = new Set(mine.map((one) => one.name))
    return ok({
      ...scripts,
      tool: { name: 'composer', reason: 'composer.json' },
      // A script of the same name is the project's own word on it.
      commands: [...mine, ...tools.filter((one) => !taken.has(one.name))].sort(
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

function toolCommands(
  look: RepoFiles,
  composer: JsonObject | null,
): { readonly commands: readonly DetectedCommand[]; readonly notes: readonly string[] } {
  const commands: DetectedCommand[] = []
  const notes: string[] = []
  for (const tool of TOOLS) {
    const file = look.first(...tool.files)
    if (file === undefined || commands.some((one) => one.name === tool.name)) continue
    const program = composer === null ? tool.program : `vendor/bin/${tool.program}`
    const names = composer === null ? null : namedBy(look, composer, tool.package, program)
    if (composer === null)
      notes.push(`${program} has to be installed here: ${file} sets it up, and there is no composer.json`)
    else if (names === null) {
      notes.push(
        `${tool.program} is left out: ${file} sets it up, but neither composer.json nor composer.lock names ${tool.package}`,
      )
      continue
    }
    commands.push(
      found({
        name: tool.name,
        argv: [program, ...tool.args],
        fast: tool.fast,
        file,
        evidence: 'the file',
        reason: `${tool.program} is configured${names === null ? '' : `, ${names} names it`}`,
        does: [[tool.program]],
      }),
    )
  }
  return { commands, notes }
}

/** The file that says the project installs a package; null when none does. */
function namedBy(look: RepoFiles, composer: JsonObject, name: string, program: string): string | null {
  const required = [composer['require'], composer['require-dev']].some(
    (one) => isObject(one) && Object.hasOwn(one, name),
  )
  if (required) return 'composer.json'
  if (look.text('composer.lock')?.includes(`"name": "${name}"`) === true) return 'composer.lock'
  return look.exists(program) ? program : null
}
