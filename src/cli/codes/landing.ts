import type { CodeSection } from './types.ts'

export const landing = {
  title: 'Landing',
  codes: {
    'land-conflict': {
      what: 'The work of the batch and what its target has by now changed the same lines. Nothing was landed.',
      todo: '`autonomous-loop land --resolve` has an agent join both. Or merge the target into the published branch yourself, then `autonomous-loop batch take` proves it, and land again.',
    },
    'land-red': {
      what: 'The work passes by itself, and joined with what the target has by now gates fail. Nothing was landed.',
      todo: 'Merge the target into the published branch and mend it there, then `autonomous-loop batch take`, and land again.',
    },
    'land-moving': {
      what: 'The target moved each time it was to be landed on.',
      todo: 'Repeat it when nobody pushes to the branch.',
    },
    'land-no-target': {
      what: 'The batch was opened on a detached HEAD, so nobody said what to land on.',
      todo: 'Merge the published branch yourself, or set `supervisor.target`.',
    },
    'land-nothing': {
      what: 'No item of the batch is done.',
      todo: '`autonomous-loop status --batch`',
    },
    'land-target-gone': {
      what: 'The branch to land on was deleted.',
      todo: 'Make it again, then repeat.',
    },
    'land-no-remote': {
      what: 'There is no such remote to push to.',
      todo: '`git remote add origin <url>`, or name one with `--remote`.',
    },
    'land-unreachable': {
      what: 'A remote does not answer, or git could not speak to it. The words of git follow.',
      todo: 'Try `git ls-remote <remote>`; what helps there helps here.',
    },
    'land-no-access': {
      what: 'A remote does not let git in: it asks for a sign-in, or refuses the one it got.',
      why: 'Without a terminal nobody is asked for a password.',
      todo: 'Sign in so that `git ls-remote <remote>` works, or land on a terminal, where git may ask you.',
    },
    'land-rejected': {
      what: 'A push was refused: by the remote (a protected branch, a hook there), by a hook of yours, or because others pushed to the branch of the work. Nothing was landed.',
      todo: 'The message says by whom and why. Where the target is protected, `autonomous-loop land --pr`.',
    },
    'land-no-github': {
      what: 'The address of the remote names no repository on GitHub, so no pull request can be opened.',
      todo: '`autonomous-loop land --push`, or `--remote` with one that is there.',
    },
    'gh-missing': {
      what: 'Pull requests are opened with `gh`, the command line of GitHub, which is not on PATH.',
      todo: 'Install it, then `gh auth login`.',
    },
    'gh-signed-out': {
      what: '`gh` is not signed in, or its sign-in is not taken any more.',
      todo: '`gh auth login`',
    },
    'gh-denied': {
      what: 'The account that `gh` is signed in with may not do that.',
      todo: '`gh auth status` says which account it is; `gh auth refresh -s repo` gives it what it lacks.',
    },
    'gh-no-repository': {
      what: 'GitHub knows no such repository, or does not show it to the account that `gh` is signed in with.',
      todo: 'Look at the address of the remote, and at `gh auth status`.',
    },
    'gh-limit': {
      what: 'GitHub answers no more requests of this account for a while.',
      todo: 'Wait until the time that is named, then land again.',
    },
    'gh-refused': {
      what: 'GitHub does not open the pull request; its words follow.',
      todo: 'Where it has no drafts, `autonomous-loop land --pr --ready`; else do what its words say.',
    },
    'gh-unreachable': {
      what: 'GitHub does not answer, or answers in a form that is not known.',
      todo: 'Try `gh api rate_limit`; what helps there helps here.',
    },
    'pull-request-wrong': {
      what: 'There is a pull request, and it does not hold the judged commit, goes to another branch, or is closed. The message says what is there.',
      todo: 'Look at it, put it right, then land again.',
    },
  },
} satisfies CodeSection
