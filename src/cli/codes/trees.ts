import type { CodeSection } from './types.ts'

export const trees = {
  title: 'Worktrees of a batch',
  codes: {
    'repository-moved': {
      what: 'The data directory was made for a repository in another place, or for another copy of it.',
      why: 'Two copies that share worktrees and refs would undo each other.',
      todo: 'If it is the same repository, say so with `--adopt`.',
    },
    'worktree-name': {
      what: 'The name of a worktree has other characters than small letters, digits and `-`.',
      todo: 'Report it: the supervisor chooses these names.',
    },
    'worktree-busy': {
      what: 'A process still works in the worktree: its directory, or a file below it, is in use.',
      todo: 'End the processes that are named.',
    },
    'worktree-foreign': {
      what: 'The directory of a worktree is not the one that was made there: it was copied or replaced.',
      why: 'Nothing in it is touched, because it may be the only copy of something.',
      todo: 'Look at it, and move it away.',
    },
    'worktree-failed': {
      what: 'A worktree could not be made, or brought back to a commit.',
      todo: 'Look at room and permissions in the data directory.',
    },
    'candidate-failed': {
      what: 'git could not store what an agent left; its words follow.',
      todo: 'It counts as a failure of the attempt: the next one is told.',
    },
    'rescue-failed': {
      what: 'What an attempt left could neither be stored nor set aside, so nothing was reset.',
      todo: 'Look at room and permissions in the data directory.',
    },
    'could-not-join': {
      what: 'A candidate and the head of the batch could not be compared: they do not meet where the attempt began.',
      todo: 'Look at who moved the head; the attempt is not counted.',
    },
    'head-moved': {
      what: 'The head of the batch is not where the ledger says.',
      todo: 'Look at who writes to the data directory.',
    },
    'land-refused': {
      what: 'The branch could not be moved without touching work of yours: local changes, or a merge, rebase or bisect in progress.',
      todo: 'Finish or commit what the message names, then land again.',
    },
  },
} satisfies CodeSection
