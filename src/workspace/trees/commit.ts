import { type Result, ok } from '../../base/result.ts'
import { gitObjects, gitOwn, line } from './git.ts'
import type { Identity, OwnRepository } from './types.ts'

export interface CommitParts {
  readonly tree: string
  readonly parents: readonly string[]
  readonly message: string
  readonly identity: Identity
  /** Milliseconds since the epoch: it stands in the commit, in seconds. */
  readonly at: number
}

/** Makes a commit of a tree. The same input gives the same commit, so it can be done again after a crash. Codes: those of git. */
export async function commitTree(
  own: OwnRepository,
  { tree, parents, message, identity, at }: CommitParts,
): Promise<Result<string>> {
  const date = `@${Math.floor(at / 1000)} +0000`
  const { name, email } = identity
  const made = await gitObjects(own, {
    args: ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])],
    input: Buffer.from(message.endsWith('\n') ? message : `${message}\n`),
    env: {
      GIT_AUTHOR_NAME: name,
      GIT_AUTHOR_EMAIL: email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: name,
      GIT_COMMITTER_EMAIL: email,
      GIT_COMMITTER_DATE: date,
    },
  })
  return line(made)
}

/** Sets a ref of ours that nobody else moves, such as an attempt's. Codes: those of git. */
export async function setRef(own: OwnRepository, ref: string, commit: string): Promise<Result<void>> {
  const set = await gitOwn(own, { args: ['update-ref', ref, commit] })
  return set.ok ? ok(undefined) : set
}
