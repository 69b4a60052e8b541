import path from 'node:path'
import { sha256 } from '../../base/hash.ts'
import { errno } from '../../base/read-file.ts'
import { systemWords } from '../../base/system-words.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { splitNul } from './parse.ts'
import type { Repo } from './repo.ts'
import { runGit } from './run.ts'
import { type Shadow, writeFileOnce } from './shadow.ts'
import { ignoreRules } from '../ignore-rules.ts'
import { pathText } from '../path-text.ts'
import type { IgnoreFile } from '../types.ts'

/**
 * Untracked files that these rules do not hide, relative to the top; work trees inside the work tree end with `/`. The
 * `.gitignore` files that lie about now are not asked. `within`: paths to look below, none for everywhere. `passOver`: names
 * of directories to leave out.
 */
export async function listOthers(
  repo: Repo,
  shadow: Shadow,
  files: readonly IgnoreFile[],
  { within, passOver }: { readonly within: readonly string[]; readonly passOver: readonly string[] },
): Promise<Result<string[]>> {
  const rules = ignoreRules(files)
  const file = path.join(path.dirname(shadow.excludesFile), `ignores-${sha256(rules).slice(0, 16)}`)
  try {
    writeFileOnce(file, rules)
  } catch (error) {
    if (errno(error) === 'unknown') throw error
    return fail('scratch-unwritable', `${file} cannot be written: ${systemWords(error)}`)
  }
  const listed = await runGit(repo, shadow, {
    args: [
      'ls-files',
      '-z',
      '--others',
      // The person's own rules give way to the repository's: the later file is asked first.
      `--exclude-from=${shadow.excludesFile}`,
      `--exclude-from=${file}`,
      ...passOver.map((name) => `--exclude=${name}/`),
      ...(within.length === 0 ? [] : ['--', ...within]),
    ],
  })
  return listed.ok ? ok(splitNul(listed.value).map(pathText)) : listed
}
