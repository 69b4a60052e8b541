import { type Result, ok } from '../../base/result.ts'
import type { Repo } from '../../evidence/git/repo.ts'
import { type GitCall, runGit } from '../../evidence/git/run.ts'
import { lfsSettings } from './lfs-settings.ts'
import type { OwnRepository, TreePlace } from './types.ts'

/** A place of ours as evidence reads repositories: our configuration, our objects, our index. */
export function repoOf(own: OwnRepository, place?: TreePlace): Repo {
  return {
    top: place?.dir ?? own.dir,
    prefix: '',
    gitDir: own.shadow.dir,
    commonDir: own.dir,
    format: own.format,
    ...(place === undefined ? {} : { indexFile: place.index }),
  }
}

/** Git on a work tree and its index. Whatever the work tree's own repository says counts for nothing. Errors: those of runGit. */
export function gitIn(own: OwnRepository, place: TreePlace, call: GitCall): Promise<Result<Buffer>> {
  return runGit(repoOf(own, place), own.shadow, { ...call, env: { ...lfsSettings(own), ...call.env } })
}

/** Git on our objects, without refs and without a work tree. Errors: those of runGit. */
export function gitObjects(own: OwnRepository, call: GitCall): Promise<Result<Buffer>> {
  return runGit(repoOf(own), own.shadow, {
    cwd: own.shadow.dir,
    ...call,
    env: { GIT_WORK_TREE: undefined, ...call.env },
  })
}

/** Git on our refs. Errors: those of runGit. */
export function gitOwn(own: OwnRepository, call: GitCall): Promise<Result<Buffer>> {
  return runGit(repoOf(own), own.shadow, {
    cwd: own.shadow.dir,
    ...call,
    env: { GIT_DIR: own.dir, GIT_COMMON_DIR: own.dir, GIT_WORK_TREE: undefined, ...call.env },
  })
}

/** Git on the objects of the person's repository. Its configuration is not read. Errors: those of runGit. */
export function gitPersonObjects(own: OwnRepository, call: GitCall): Promise<Result<Buffer>> {
  return runGit(repoOf(own), own.shadow, {
    cwd: own.shadow.dir,
    ...call,
    env: { GIT_OBJECT_DIRECTORY: `${own.person.commonDir}/objects`, GIT_WORK_TREE: undefined, ...call.env },
  })
}

/** Git on the refs of the person's repository. No hook of it runs. Errors: those of runGit. */
export function gitPersonRefs(own: OwnRepository, call: GitCall): Promise<Result<Buffer>> {
  const { gitDir, commonDir, identity } = own.person
  return runGit(repoOf(own), own.shadow, {
    cwd: own.shadow.dir,
    ...call,
    env: {
      GIT_DIR: gitDir,
      GIT_COMMON_DIR: commonDir,
      GIT_OBJECT_DIRECTORY: `${commonDir}/objects`,
      GIT_WORK_TREE: undefined,
      ...named(identity),
      ...call.env,
    },
  })
}

/** For the log of a ref. */
function named({ name, email }: { readonly name: string; readonly email: string }): Record<string, string> {
  return { GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email }
}

/** The one line that git wrote. */
export function line(result: Result<Buffer>): Result<string> {
  return result.ok ? ok(result.value.toString('utf8').trim()) : result
}
