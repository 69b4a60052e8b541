import fs from 'node:fs'
import path from 'node:path'
import { sha256 } from '../../base/hash.ts'
import { type Result, ok } from '../../base/result.ts'
import { ignoreRules } from '../ignore-rules.ts'
import { ignoreFilesOf } from './ignores.ts'
import { ignoredAmong } from './ignored.ts'
import type { Repo } from './repo.ts'
import type { Start } from './start.ts'
import { type Shadow, writeFileOnce } from './shadow.ts'
import type { GitBaseline } from '../types.ts'

/**
 * Those of these names, relative to the top, that the ignore rules of the start hide, whatever those of now say. None where an
 * older release did not keep them. Throws what the file system says of the scratch. Errors: those of runGit.
 */
export async function hiddenThen(
  { repo, held }: Pick<Start, 'repo' | 'held'>,
  shadow: Shadow,
  { ignores, settings }: GitBaseline,
  names: readonly string[],
): Promise<Result<ReadonlySet<string>>> {
  if (names.length === 0 || ignores === undefined) return ok(new Set())
  const rules = ignores ? ok(ignores) : await ignoreFilesOf(repo, shadow, held)
  if (!rules.ok) return rules
  // The person's own rules give way to the repository's.
  const all = Buffer.concat([Buffer.from(`${settings.excludes}\n`), ignoreRules(rules.value)])
  const excludesFile = path.join(path.dirname(shadow.excludesFile), `then-${sha256(all).slice(0, 16)}`)
  writeFileOnce(excludesFile, all)
  // Where nothing lies, no rules of now lie either.
  const top = path.join(shadow.dir, 'nothing')
  fs.mkdirSync(top, { recursive: true })
  const nowhere: Repo = { top, prefix: '', gitDir: shadow.dir, commonDir: shadow.dir, format: repo.format }
  return ignoredAmong(nowhere, { ...shadow, excludesFile }, names)
}
