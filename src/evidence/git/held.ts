import { type Result, ok } from '../../base/result.ts'
import type { IndexView } from './index-view.ts'
import type { Blob } from './parse.ts'
import type { Repo } from './repo.ts'
import type { Shadow } from './shadow.ts'
import { commitPaths, commitSides } from './sides.ts'

/** What is known of the tracked files of the start. Names are from the top of the work tree. */
export interface Held {
  /** Names that the start did not hold give null. */
  readonly sides: (names: readonly string[]) => Promise<Result<ReadonlyMap<string, Blob | null>>>
  readonly all: () => Promise<Result<ReadonlyMap<string, Blob | null>>>
}

/** By our own list: the repository is not asked. */
export function heldByListing(open: () => Result<IndexView>): Held {
  return {
    sides: async (names) => {
      const view = open()
      return view.ok ? ok(new Map(names.map((name) => [name, view.value.find(name)]))) : view
    },
    all: async () => {
      const view = open()
      return view.ok ? ok(new Map(view.value.entries())) : view
    },
  }
}

/** By a commit: reports of an agent, and baselines of older releases. */
export function heldByCommit(repo: Repo, shadow: Shadow, commit: string | null): Held {
  const top = { ...repo, prefix: '' }
  return {
    sides: (names) => commitSides(top, shadow, commit, names),
    all: () => commitPaths(top, shadow, commit),
  }
}
