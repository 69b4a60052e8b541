import { backlogEntries } from './backlog-entries.ts'
import { type Entry, type Group, spellings } from './entry.ts'
import { type Table, tableOf } from './table.ts'

const groups: readonly Group[] = [
  { name: 'contract', describe: 'lint or show what a run is held to', section: 'start' },
  {
    name: 'backlog',
    describe: 'look over the items that wait to be done, or bring new ones',
    section: 'batch',
  },
  { name: 'batch', describe: 'give the open batch a commit of yours', section: 'batch' },
  { name: 'request', describe: 'what an agent asks for: enable, wait', section: 'more' },
]

type Verb = 'pause' | 'resume' | 'disable' | 'waive'

/** Each under its short name, under `request` where it began, and `waive` under its first name too. */
function steering(verb: Verb, describe: string): Entry[] {
  const names = [verb, `request ${verb}`, ...(verb === 'waive' ? ['release', 'request release'] : [])]
  return spellings(names, {
    describe,
    section: 'steer',
    load: () =>
      import('./commands/request-verb.ts').then((module) =>
        module.requestVerb(verb === 'waive' ? 'release' : verb),
      ),
  })
}

/** Every command, by section. Each lives in its own file, loaded only when it is called. */
const entries: readonly Entry[] = [
  {
    name: 'status',
    describe: 'how the runs of this repository stand',
    section: 'steer',
    load: () => import('./commands/status.ts').then((module) => module.status),
  },
  {
    name: 'check',
    describe: 'what a stop would say now, gates included',
    section: 'steer',
    load: () => import('./commands/check.ts').then((module) => module.check),
  },
  {
    name: 'explain',
    describe: 'why a stop was answered so, or a batch stands where it does',
    section: 'steer',
    load: () => import('./commands/explain.ts').then((module) => module.explain),
  },
  ...steering('pause', 'stop holding the session for now'),
  ...steering('resume', 'hold it again; with fresh limits after a halt'),
  ...spellings(['amend', 'request amend'], {
    describe: 'show what changed of the gates, or accept exactly that',
    section: 'steer',
    load: () => import('./commands/amend.ts').then((module) => module.amendCommand),
  }),
  ...steering('waive', 'let the run go as it is, without calling it done'),
  ...steering('disable', 'end the run without a verdict'),
  ...spellings(['enable', 'request enable'], {
    describe: 'start a run, or add tasks to the open one',
    section: 'start',
    load: () => import('./commands/request-enable.ts').then((module) => module.requestEnableCommand),
  }),
  {
    name: 'run',
    describe: 'work through the backlog until it rests',
    section: 'batch',
    load: () => import('./commands/run.ts').then((module) => module.run),
  },
  {
    name: 'show',
    describe: 'one item: what was claimed, what was verified, its work',
    section: 'batch',
    load: () => import('./commands/show.ts').then((module) => module.show),
  },
  {
    name: 'review',
    describe: 'have agents read what a branch changes',
    section: 'batch',
    load: () => import('./commands/review.ts').then((module) => module.review),
  },
  {
    name: 'attach',
    describe: 'look on at the batch that runs',
    section: 'batch',
    load: () => import('./commands/attach.ts').then((module) => module.attach),
  },
  {
    name: 'land',
    describe: 'bring what a batch has done to its branch',
    section: 'batch',
    load: () => import('./commands/land.ts').then((module) => module.land),
  },
  {
    name: 'stop',
    describe: 'let the batch that runs come to rest',
    section: 'batch',
    load: () => import('./commands/stop.ts').then((module) => module.stop),
  },
  {
    name: 'retry',
    describe: 'parked items are open again, with fresh limits',
    section: 'batch',
    load: () => import('./commands/retry.ts').then((module) => module.retry),
  },
  {
    name: 'reopen',
    describe: 'items that are done are open again',
    section: 'batch',
    load: () => import('./commands/reopen.ts').then((module) => module.reopen),
  },
  {
    name: 'drop',
    describe: 'take items out of the open batch',
    section: 'batch',
    load: () => import('./commands/drop.ts').then((module) => module.drop),
  },
  {
    name: 'accept',
    describe: 'new or edited items may run as they are now',
    section: 'batch',
    load: () => import('./commands/accept.ts').then((module) => module.accept),
  },
  {
    name: 'reject',
    describe: 'go on with the items as they were accepted before',
    section: 'batch',
    load: () => import('./commands/accept.ts').then((module) => module.reject),
  },
  {
    name: 'batch take',
    describe: 'prove a commit of yours and make it part of the head',
    section: 'batch',
    load: () => import('./commands/batch-take.ts').then((module) => module.batchTake),
  },
  {
    name: 'clean',
    describe: 'show or remove what batches left and nobody needs',
    section: 'batch',
    load: () => import('./commands/clean.ts').then((module) => module.cleanCommand),
  },
  {
    name: 'exec',
    describe: 'run codex exec; the exit status is that of its run',
    section: 'start',
    load: () => import('./commands/exec.ts').then((module) => module.exec),
  },
  {
    name: 'contract lint',
    describe: 'check a contract file: all problems at once, with lines',
    section: 'start',
    load: () => import('./commands/contract-lint.ts').then((module) => module.contractLint),
  },
  {
    name: 'contract show',
    describe: 'what a run is held to, or would be by a file',
    section: 'start',
    load: () => import('./commands/contract-show.ts').then((module) => module.contractShow),
  },
  ...backlogEntries,
  {
    name: 'events',
    describe: 'what happened to a run, in order',
    section: 'past',
    load: () => import('./commands/events.ts').then((module) => module.events),
  },
  {
    name: 'report',
    describe: 'a run or a batch as one page, or as Markdown for a pull request',
    section: 'past',
    load: () => import('./commands/report.ts').then((module) => module.report),
  },
  {
    name: 'audit',
    describe: 'whether the record of runs and batches adds up',
    section: 'past',
    load: () => import('./commands/audit.ts').then((module) => module.audit),
  },
  {
    name: 'bootstrap',
    describe: 'set up this machine: hooks, skill, command line',
    section: 'setup',
    load: () => import('./commands/bootstrap.ts').then((module) => module.bootstrap),
  },
  {
    name: 'install-repo',
    describe: 'set up a repository: a config with its gates, approved',
    section: 'setup',
    load: () => import('./commands/install-repo.ts').then((module) => module.installRepo),
  },
  {
    name: 'allow',
    describe: "approve a repository's config as it is now",
    section: 'setup',
    load: () => import('./commands/allow.ts').then((module) => module.allow),
  },
  {
    name: 'doctor',
    describe: 'whether everything is really on, and what to do if not',
    section: 'setup',
    load: () => import('./commands/doctor.ts').then((module) => module.doctor),
  },
  {
    name: 'prove',
    describe: 'show a real block on the real Codex, without any account',
    section: 'setup',
    load: () => import('./commands/prove.ts').then((module) => module.prove),
  },
  {
    name: 'cleanup',
    describe: 'show what is over and what nobody needs, and put it away',
    section: 'away',
    load: () => import('./commands/cleanup.ts').then((module) => module.cleanup),
  },
  {
    name: 'uninstall-repo',
    describe: 'take what install-repo wrote out of a repository again',
    section: 'away',
    load: () => import('./commands/uninstall-repo.ts').then((module) => module.uninstallRepo),
  },
  {
    name: 'uninstall',
    describe: 'take everything out of Codex again',
    section: 'away',
    load: () => import('./commands/uninstall.ts').then((module) => module.uninstall),
  },
  {
    name: 'request wait',
    describe: 'ask for a person; prints a token for the last message',
    section: 'more',
    load: () => import('./commands/request-wait.ts').then((module) => module.requestWaitCommand),
  },
  {
    name: 'help',
    describe: 'what a command does, or what an error code means',
    section: 'more',
    load: () => import('./commands/help.ts').then((module) => module.helpFor(table)),
  },
  {
    name: 'agent-instructions',
    describe: 'what a fresh agent needs to know here',
    section: 'more',
    load: () => import('./commands/agent-instructions.ts').then((module) => module.agentInstructions),
  },
  {
    name: 'completion',
    describe: 'a script that completes commands, flags and ids',
    section: 'more',
    load: () => import('./commands/completion.ts').then((module) => module.completion),
  },
  {
    name: 'complete',
    describe: 'what may be typed next, for the completion of a shell',
    section: 'more',
    hidden: true,
    load: () => import('./commands/complete.ts').then((module) => module.completeFor(table)),
  },
  {
    name: 'hook',
    describe: 'answer one hook payload on stdin, to try things by hand',
    section: 'more',
    load: () => import('./commands/hook.ts').then((module) => module.hook),
  },
  {
    name: 'notify',
    describe: 'run the approved notify command for the last verdict',
    section: 'more',
    hidden: true,
    load: () => import('./commands/notify.ts').then((module) => module.notifyCommand),
  },
  {
    name: 'watch-run',
    describe: 'start a run, and start it again after a crash',
    section: 'more',
    hidden: true,
    load: () => import('./commands/watch-run.ts').then((module) => module.watchRun),
  },
  {
    name: 'preflight',
    describe: 'try what the box of gates holds on this machine',
    section: 'more',
    hidden: true,
    load: () => import('./commands/preflight.ts').then((module) => module.preflight),
  },
  {
    name: 'goal-pause',
    describe: "pause Codex's goal of a session",
    section: 'more',
    hidden: true,
    load: () => import('./commands/goal-pause.ts').then((module) => module.goalPause),
  },
  {
    name: 'tidy',
    describe: 'put away what is over, as a session start does once an hour',
    section: 'more',
    hidden: true,
    load: () => import('./commands/tidy.ts').then((module) => module.tidy),
  },
  {
    name: 'version',
    describe: 'print the version',
    section: 'more',
    load: () => import('./commands/version.ts').then((module) => module.versionCommand),
  },
]

/** What there is to call; commands that speak of others get it from here. */
export const table: Table = tableOf(entries, groups)
