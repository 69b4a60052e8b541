import { type JsonObject, isObject } from '../base/json.ts'
import { found } from './found.ts'
import type { RepoFiles } from './files.ts'
import type { DetectedCommand } from './detection.ts'

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

/** The tools that are configured and that the project installs; without a composer.json those of the machine. */
export function phpTools(
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
        `${tool.program} is left out: ${file} sets it up, but neither composer.json nor composer.lock names ${tool.package} (where it is installed: ${JSON.stringify([program, ...tool.args])})`,
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
