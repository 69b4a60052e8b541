import { lists, sections } from './toml-sections.ts'
import type { RepoFiles } from './files.ts'

/** Where a project names a tool, and what has to be asked for to get it. */
export interface NamedDependency {
  readonly file: string
  readonly group: string | null
  readonly extra: string | null
}

const LOCKS = ['uv.lock', 'poetry.lock', 'pdm.lock', 'pylock.toml']

/**
 * The dependency list or lock file that names a tool; null when none does. `lists` says whether there is any list at
 * all: without one the tool can only be the machine's own.
 */
export function dependencyOn(
  look: RepoFiles,
  tool: string,
): { readonly named: NamedDependency | null; readonly lists: boolean } {
  const project = inPyproject(look, tool)
  const files = listFiles(look)
  const plain = (file: string): NamedDependency => ({ file, group: null, extra: null })
  const mention = new RegExp(`(?:^|["'\\s])${pattern(tool)}(?=[\\s"'<>=~!;,\\[@]|$)`, 'im')
  const file =
    files.find((one) => mention.test(withoutComments(look.text(one) ?? ''))) ??
    LOCKS.find((one) => new RegExp(`^name = "${tool}"$`, 'm').test(look.text(one) ?? '')) ??
    (look.text('Pipfile.lock')?.includes(`"${tool}": {`) === true ? 'Pipfile.lock' : undefined)
  return {
    named: project.named ?? (file === undefined ? installedIn(look, tool) : plain(file)),
    lists: project.lists || files.length > 0 || look.first(...LOCKS, 'Pipfile.lock') !== undefined,
  }
}

/** A plugin brings its tool along. */
const pattern = (tool: string): string => (tool === 'pytest' ? 'pytest(?:-[\\w-]+)?' : tool)

const withoutComments = (text: string): string => text.replaceAll(/^\s*#.*$/gm, '')

/** What a person has put into the environment of the project itself. */
function installedIn(look: RepoFiles, tool: string): NamedDependency | null {
  const file = ['.venv', 'venv'].map((dir) => `${dir}/bin/${tool}`).find((one) => look.exists(one))
  return file === undefined ? null : { file, group: null, extra: null }
}

function listFiles(look: RepoFiles): string[] {
  const requirements = (dir: string): string[] =>
    look
      .names(dir)
      .filter((name) => (dir === '.' ? /requirements.*\.(?:txt|in)$/ : /\.(?:txt|in)$/).test(name))
      .map((name) => (dir === '.' ? name : `${dir}/${name}`))
  return [
    ...requirements('.'),
    ...requirements('requirements'),
    ...['Pipfile', 'environment.yml', 'environment.yaml'].filter((file) => look.has(file)),
    ...['setup.py', 'setup.cfg'].filter((file) =>
      /\b(?:install_requires|extras_require|tests_require|options\.extras_require)\b/.test(
        look.text(file) ?? '',
      ),
    ),
  ]
}

const POETRY = /^tool\.poetry\.(?:group\.([\w-]+)\.)?(?:dev-)?dependencies$/

function inPyproject(
  look: RepoFiles,
  tool: string,
): { readonly named: NamedDependency | null; readonly lists: boolean } {
  const file = 'pyproject.toml'
  const all = sections(look.text(file))
  const mention = new RegExp(`["']${pattern(tool)}(?=[\\s"'<>=~!;,\\[@])`, 'i')
  const key = new RegExp(`^\\s*["']?${pattern(tool)}["']?\\s*=`, 'im')
  let named: NamedDependency | null = null
  let any = false
  const offer = (more: Partial<NamedDependency>): void => {
    // What is there without asking is better than a group that has to be asked for.
    const next = { file, group: null, extra: null, ...more }
    if (named === null || (isAskedFor(look, named) && !isAskedFor(look, next))) named = next
  }
  for (const [table, body] of all) {
    const poetry = POETRY.exec(table)
    if (poetry !== null) {
      any = true
      if (key.test(body)) offer({})
    } else if (table === 'project') {
      any = true
      if (mention.test(lists(body).get('dependencies') ?? '')) offer({})
    } else if (table === 'project.optional-dependencies') {
      for (const [extra, list] of lists(body)) if (mention.test(list)) offer({ extra })
    } else if (table === 'dependency-groups') {
      any = true
      const groups = lists(body)
      for (const group of groups.keys()) if (mention.test(wholeGroup(groups, group))) offer({ group })
    } else if (table === 'tool.uv') {
      if (mention.test(lists(body).get('dev-dependencies') ?? '')) offer({})
    } else if (table === 'tool.pdm.dev-dependencies') {
      any = true
      if (mention.test(body)) offer({})
    }
  }
  return { named, lists: any }
}

/** A group with those that it includes. */
function wholeGroup(groups: ReadonlyMap<string, string>, group: string, seen = new Set<string>()): string {
  if (seen.has(group)) return ''
  seen.add(group)
  const list = groups.get(group) ?? ''
  const included = [...list.matchAll(/include-group\s*=\s*["']([\w.-]+)["']/g)]
  return [
    list.replaceAll(/\{[^}]*\}/g, ''),
    ...included.map((match) => wholeGroup(groups, match[1] as string, seen)),
  ].join(',')
}

/** Does `uv run` leave it out unless it is named? By default there is `dev` and no extra. */
export function isAskedFor(look: RepoFiles, { group, extra }: NamedDependency): boolean {
  if (extra !== null) return true
  if (group === null) return false
  const own = sections(look.text('pyproject.toml')).get('tool.uv') ?? ''
  if (/^\s*default-groups\s*=\s*["']all["']/m.test(own)) return false
  return !(lists(own).get('default-groups') ?? '"dev"').includes(`"${group}"`)
}
