import { quoted } from './found.ts'
import { lists, sections } from './toml-sections.ts'
import type { RepoFiles } from './files.ts'
import type { Script, ScriptSource } from './detection.ts'

/** Hatch's environments and their scripts; null when a project has none. `tests`: `hatch test` knows what to do. */
export interface Hatch {
  readonly file: string
  readonly source: ScriptSource
  readonly tests: boolean
}

/** Scripts of the default environment by their name, those of others as `<environment>:<name>`. */
export function readHatch(look: RepoFiles): Hatch | null {
  const own = look.text('hatch.toml')
  const [file, prefix] = own === null ? ['pyproject.toml', 'tool.hatch.envs.'] : ['hatch.toml', 'envs.']
  const tables = [...sections(own ?? look.text('pyproject.toml'))].filter(([name]) => name.startsWith(prefix))
  if (tables.length === 0) return null
  const scripts = new Map<string, Script>()
  for (const [table, body] of tables) {
    const env = /^([\w.-]+)\.scripts$/.exec(table.slice(prefix.length))?.[1]
    if (env === undefined) continue
    for (const [name, text] of entries(body))
      scripts.set(env === 'default' ? name : `${env}:${name}`, {
        text,
        calls: [],
        evidence: `[${table}] ${name}: ${quoted(text)}`,
        unusable: text.trim() === '' ? 'it is empty' : null,
      })
  }
  const argv = (name: string): string[] => ['hatch', 'run', name]
  return {
    file,
    source: { file, kind: 'script', scripts, argv },
    tests: tables.some(([table]) => table.startsWith(`${prefix}hatch-test`)),
  }
}

/** Texts and lists of texts; `{args:tests}` stands for `tests` when nothing is passed on. */
function entries(body: string): [string, string][] {
  const single = [...body.matchAll(/^[ \t]*["']?([\w.-]+)["']?\s*=\s*(["'])(.*)\2[ \t]*(?:#.*)?$/gm)].map(
    (match): [string, string] => [match[1] as string, match[3] as string],
  )
  const several = [...lists(body)].map(([name, list]): [string, string] => [
    name,
    [...list.matchAll(/(["'])(.*?)\1/g)].map((match) => match[2] as string).join('\n'),
  ])
  return [...single, ...several].map(([name, text]) => [
    name,
    text.replaceAll(/\{args(?::([^{}]*))?\}/g, (_, usual: string | undefined) => usual ?? ''),
  ])
}
