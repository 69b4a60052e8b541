import type { CodeSection } from './types.ts'

export const batch = {
  title: 'Batches',
  codes: {
    'agent-missing': {
      what: 'The item wants an agent that the approved config does not have.',
      todo: 'Name one of `supervisor.agents`, or add it there and approve the config.',
    },
    'backlog-unaccepted': {
      what: 'Items are there that no person has accepted, or that differ from what was accepted.',
      todo: '`autonomous-loop allow` shows them, and accepts them with the config.',
    },
    'base-red': {
      what: 'A gate of the final profile fails on the commit that the batch would begin from. No batch was opened.',
      todo: 'Mend it first, or give an item `mends: [<gate>]`.',
    },
    'batch-broken': {
      what: "A batch's ledger does not hold together, so nothing is done on its word.",
      todo: 'Keep the directory that is named, and begin anew with `autonomous-loop run --new`.',
    },
    'batch-completed': {
      what: 'The newest batch is completed, and nothing of it is open.',
      todo: '`autonomous-loop land --merge` takes it over; `autonomous-loop run --new` opens the next.',
    },
    'batch-config': {
      what: 'The approved config lacks what a batch needs; the message says what.',
      todo: 'Correct it as the message says, then `autonomous-loop allow`. See docs/supervisor.md.',
    },
    'batch-missing': {
      what: 'There is no batch in this repository, or its ledger is gone.',
      todo: '`autonomous-loop run`',
    },
    'batch-open': {
      what: 'A batch of this repository is still open.',
      todo: '`autonomous-loop run` goes on with it.',
    },
    'batch-running': {
      what: 'Another process supervises this repository.',
      todo: '`autonomous-loop status --batch`; `autonomous-loop stop` ends it after the turns at work.',
    },
    'batch-unwritable': {
      what: 'What has to be kept of a batch cannot be written.',
      todo: 'Look at room and permissions of the home.',
    },
    'data-place': {
      what: 'The data directory lies where agents can write, or inside something else of ours.',
      todo: 'Set XDG_DATA_HOME to another directory.',
    },
    'disk-full': {
      what: 'The disk has too little room left for a batch.',
      todo: 'Make room, then `autonomous-loop run` goes on.',
    },
    'invalid-goal': {
      what: 'The plan of `run --goal` cannot be worked by: it cannot be read, says nothing, or its scope is missing or too wide. The message has each place.',
      todo: "Give a scope: `run --goal plan.md --scope 'src/**'`, or `scope: [src/**]` in the front matter of the plan.",
    },
    'goal-unaccepted': {
      what: 'A new batch towards a goal needs the yes of a person.',
      todo: 'Type it on a terminal, where it is shown and asked, or add `--yes`.',
    },
    'filter-not-approved': {
      what: 'The repository wants git filters that no person approved; without them files are not what they should be.',
      todo: 'A batch works in repositories without filters, or with git-lfs alone.',
    },
    'gates-could-not-run': {
      what: 'Gates of the final profile cannot run on this machine, so nothing could be proved.',
      todo: '`autonomous-loop allow --measure`',
    },
    'own-damaged': {
      what: 'Files that git needs are missing in our repository beside yours, where the batches of it work.',
      todo: '`autonomous-loop doctor --repair`',
    },
    'has-dependants': {
      what: 'Other items wait for the one that is to be dropped, and would never start.',
      todo: 'Drop them with it (`--with-dependants`), or take it out of their `after`, and accept them.',
    },
    leftovers: {
      what: 'Agents, gates or git of an earlier process are still alive and cannot be ended.',
      todo: 'End the processes that are named, then repeat.',
    },
    'no-commit': {
      what: 'The repository has no commit yet, so there is nothing to begin from.',
      todo: '`git commit`',
    },
    'no-identity': {
      what: 'Git does not know whose name commits are to have.',
      todo: '`git config user.name "..."` and `git config user.email "..."`',
    },
    'no-item': {
      what: 'The batch has no item of that number, or it is not in the state that the command is about.',
      todo: '`autonomous-loop status --batch`',
    },
    'nothing-runs': {
      what: 'No process works at the backlog of this repository, so there is nothing to look on at.',
      todo: '`autonomous-loop status --batch` shows how the batch stands; `autonomous-loop run --detach` starts one.',
    },
    'proposal-stale': {
      what: 'A file that the proposal would change is not what the batch has, so the change would go over an edit of yours.',
      todo: 'Put the file back, or `autonomous-loop accept` it as it is, which settles the proposal too.',
    },
    'quota-next': {
      what: '`--on-quota next` lets another agent go on, whose use another account may pay for, and no person agreed to that.',
      todo: 'Call it on a terminal without `--detach`, where it is asked; or put `"onQuota": "next"` in the config and approve it.',
    },
    'stop-file': {
      what: 'A file in the checkout asks every batch to stop.',
      todo: 'Remove it, then repeat.',
    },
    'take-refused': {
      what: 'A commit cannot be taken into the head now; the message says why.',
      todo: 'Name a commit of the repository as git does; where work is on its way to the head, `autonomous-loop run` first.',
    },
    'unsupported-submodules': {
      what: 'The repository has submodules, which a batch cannot fill.',
      todo: 'Let a step of `prepare` fill them in a repository without gitlinks.',
    },
  },
} satisfies CodeSection
