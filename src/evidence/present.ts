import { type Result, ok } from '../base/result.ts'
import { repoOf } from './baseline.ts'
import { nestedFiles } from './git/nested.ts'
import { splitNul } from './git/parse.ts'
import type { Repo } from './git/repo.ts'
import { runGit } from './git/run.ts'
import { readSettings } from './git/settings.ts'
import { openShadow } from './git/shadow.ts'
import { pathText } from './path-text.ts'
import type { EvidenceOptions } from './types.ts'
import { walkFiles } from './walk.ts'

/** Files of a work tree, relative to its root. */
export interface WorkFiles {
  readonly files: ReadonlySet<string>
  /** Of these, those that git tracks; without git all of them. */
  readonly tracked: ReadonlySet<string>
}

/**
 * The files of a work tree as far as they are anybody's work: tracked ones, and others that git does not ignore, those of work
 * trees inside too. Without git every file but those of node_modules. Relative to the root; one that is tracked need not be there.
 */
export async function presentFiles(
  root: string,
  options: EvidenceOptions,
): Promise<Result<ReadonlySet<string>>> {
  const listed = await workFiles(root, options)
  return listed.ok ? ok(listed.value.files) : listed
}

/** The same, with those that git tracks told apart. */
export async function workFiles(root: string, options: EvidenceOptions): Promise<Result<WorkFiles>> {
  const repo = await repoOf(root, options)
  if (!repo.ok) return repo
  if (repo.value !== null) return inGit(repo.value, root, options)
  const files = new Set(walkFiles(root, '', (name) => name !== 'node_modules'))
  return ok({ files, tracked: files })
}

async function inGit(repo: Repo, root: string, options: EvidenceOptions): Promise<Result<WorkFiles>> {
  const shadow = openShadow(root, repo.format, readSettings(repo, options), options)
  if (!shadow.ok) return shadow
  const within = repo.prefix === '' ? [] : ['--', repo.prefix]
  const listed = await runGit(repo, shadow.value, {
    args: ['ls-files', '-z', '--stage', '--others', '--exclude-standard', ...within],
  })
  if (!listed.ok) return listed
  const tracked = new Set<string>()
  const others: string[] = []
  const add = (name: string, isTracked: boolean): void => {
    if (!name.startsWith(repo.prefix)) return
    const file = name.slice(repo.prefix.length)
    if (isTracked) tracked.add(file)
    else others.push(file)
  }
  for (const record of splitNul(listed.value)) {
    const { name, isTree, isTracked } = entryOf(record)
    if (!isTree) {
      add(name, isTracked)
      continue
    }
    const inside = await nestedFiles(repo, shadow.value, name)
    if (!inside.ok) return inside
    for (const file of inside.value) add(file, true)
  }
  // A set of a hundred thousand is copied in a tenth of the time that filling it takes.
  const files = new Set(tracked)
  for (const file of others) files.add(file)
  return ok({ files, tracked })
}

/** `100644 <oid> 0<TAB>name` of what is tracked (160000: a submodule), the name alone of others (`name/`: a work tree inside). */
interface Listed {
  readonly name: string
  readonly isTree: boolean
  readonly isTracked: boolean
}

function entryOf(record: Buffer): Listed {
  const staged = /^(\d{6}) [0-9a-f]{40,64} \d\t/.exec(record.toString('latin1', 0, 90))
  const name = pathText(record.subarray(staged?.[0].length ?? 0))
  if (staged) return { name, isTree: staged[1] === '160000', isTracked: true }
  return name.endsWith('/')
    ? { name: name.slice(0, -1), isTree: true, isTracked: false }
    : { name, isTree: false, isTracked: false }
}
