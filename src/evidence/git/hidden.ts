import { type Result, ok } from '../../base/result.ts'
import { ignoreFilesOf } from './ignores.ts'
import { nestedOthers } from './nested.ts'
import { listOthers } from './others.ts'
import type { Repo } from './repo.ts'
import type { Start } from './start.ts'
import type { Shadow } from './shadow.ts'
import { isOtherWorktree } from './worktree.ts'
import { compileNamed, globBase, plainPath, speaksOf } from '../glob.ts'
import { throughLinks } from '../links.ts'
import { staysInside } from '../path-text.ts'
import type { GitBaseline, NamedPath } from '../types.ts'

/**
 * Directories that tools fill by themselves, some with a `.gitignore` of `*` inside: appearing in a run they say nothing
 * about the work. Looked into only where evidence speaks of them. Of `node_modules` only the one at the root is meant, and
 * caches (`.vite`, `.cache`) in the others: a package further down would come before its namesake for the programs beside it.
 */
const OF_TOOLS = [
  '__pycache__',
  '.pytest_cache',
  '.mypy_cache',
  '.ruff_cache',
  '.hypothesis',
  '.tox',
  '.nox',
  '.venv',
  '.eggs',
  '.gradle',
  '.turbo',
  '.parcel-cache',
  '.nyc_output',
]

/**
 * Untracked files at paths that must stay, which the ignore rules of the start do not hide (those of now may). Looked for
 * only where the contract says so: elsewhere what an added rule hides is the agent's own matter.
 */
export async function hiddenFiles(
  { repo, held, list }: Start,
  shadow: Shadow,
  root: string,
  baseline: GitBaseline,
  named: readonly NamedPath[],
): Promise<Result<ReadonlySet<string>>> {
  const staying = named.filter((one) => one.stays).flatMap((one) => [one, ...followed(root, one)])
  // A baseline of an older release does not say what its rules were.
  if (staying.length === 0 || baseline.ignores === undefined) return ok(new Set())
  const view = list?.()
  if (view && !view.ok) return view
  const rules = baseline.ignores ? ok(baseline.ignores) : await ignoreFilesOf(repo, shadow, held)
  if (!rules.ok) return rules
  const places = placesOf(repo, staying)
  const listed = await listOthers(repo, shadow, rules.value, {
    within: places,
    passOver: [
      ...OF_TOOLS.filter((name) => !staying.some((one) => speaksOf(one, name))),
      ...(staying.some((one) => speaksOf(one, 'node_modules'))
        ? []
        : [`/${repo.prefix}node_modules`, '**/node_modules/.*']),
    ],
  })
  if (!listed.ok) return listed
  const tests = staying.map(compileNamed)
  const found = new Set<string>()
  const add = (name: string): void => {
    const local = name.slice(repo.prefix.length)
    if (name.startsWith(repo.prefix) && tests.some((test) => test(local))) found.add(local)
  }
  const nested = listed.value
    .filter((name) => name.endsWith('/'))
    .map((name) => name.slice(0, -1))
    .filter((name) => !isOtherWorktree(repo, name, named))
  for (const name of listed.value) if (!name.endsWith('/')) add(name)
  // A commit does not hold the rules of its submodules: there those of now have to do.
  const known = view ? view.value.submodules : (baseline.index?.submodules ?? [])
  const submodules = baseline.ignores ? known : []
  for (const name of [...nested, ...submodules.filter((one) => touches(places, one))]) {
    const inner = await nestedOthers(repo, shadow, name, rules.value)
    if (!inner.ok) return inner
    for (const file of inner.value) add(file)
  }
  return ok(found)
}

function touches(places: readonly string[], name: string): boolean {
  return (
    places.length === 0 ||
    places.some((place) => `${place}/`.startsWith(`${name}/`) || `${name}/`.startsWith(`${place}/`))
  )
}

/** Relative to the top; none means everywhere. */
function placesOf(repo: Repo, staying: readonly NamedPath[]): string[] {
  const bases = staying.map((one) => ('glob' in one ? globBase(one.glob) : plainPath(one.path)))
  // Arguments are text: a name that is not UTF-8 cannot be one.
  const all = bases.some((base) => !staysInside(base) || base.includes('\\x'))
  if (all) return repo.prefix === '' ? [] : [repo.prefix.slice(0, -1)]
  return [...new Set(bases)].map((base) => `${repo.prefix}${base}`)
}

function followed(root: string, one: NamedPath): NamedPath[] {
  const plain: NamedPath = 'glob' in one ? { glob: one.glob } : { path: one.path }
  const target = throughLinks(root, plain, false)?.target
  return target ? [target] : []
}
