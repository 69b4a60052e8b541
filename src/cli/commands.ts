import type { Entry } from './command.ts'

const verbs = {
  pause: 'stop holding the session for now',
  resume: 'hold it again; with fresh limits after a halt',
  disable: 'end the run without a verdict',
  release: 'let the run go as it is (waived)',
} as const

/** Every command, in the order in which people meet them. Each lives in its own file, loaded only when it is called. */
export const entries: readonly Entry[] = [
  {
    name: 'bootstrap',
    describe: 'set up this machine: hooks, skill, command line',
    load: () => import('./commands/bootstrap.ts').then((module) => module.bootstrap),
  },
  {
    name: 'install-repo',
    describe: 'set up a repository: a config with its gates, approved',
    load: () => import('./commands/install-repo.ts').then((module) => module.installRepo),
  },
  {
    name: 'allow',
    describe: "approve a repository's config as it is now",
    load: () => import('./commands/allow.ts').then((module) => module.allow),
  },
  {
    name: 'prove',
    describe: "show a real block on this machine's Codex, without any account",
    load: () => import('./commands/prove.ts').then((module) => module.prove),
  },
  {
    name: 'doctor',
    describe: 'say whether everything is really on, and how to fix what is not',
    load: () => import('./commands/doctor.ts').then((module) => module.doctor),
  },
  {
    name: 'status',
    describe: 'runs of a repository, or of one session',
    load: () => import('./commands/status.ts').then((module) => module.status),
  },
  {
    name: 'check',
    describe: 'evaluate the open run now, gates included; changes nothing',
    load: () => import('./commands/check.ts').then((module) => module.check),
  },
  {
    name: 'audit',
    describe: 'verify again what is on record: ledger, transcripts, baselines, approvals',
    load: () => import('./commands/audit.ts').then((module) => module.audit),
  },
  {
    name: 'explain',
    describe: 'why a stop was answered as it was, from what was recorded',
    load: () => import('./commands/explain.ts').then((module) => module.explain),
  },
  {
    name: 'events',
    describe: 'what happened to a run, in order',
    load: () => import('./commands/events.ts').then((module) => module.events),
  },
  {
    name: 'report',
    describe: 'a run as one page, or as Markdown for a pull request',
    load: () => import('./commands/report.ts').then((module) => module.report),
  },
  {
    name: 'exec',
    describe: 'run codex exec and end with the status of the run it made',
    load: () => import('./commands/exec.ts').then((module) => module.exec),
  },
  {
    name: 'contract lint',
    describe: 'check a contract file: all problems at once, with lines',
    load: () => import('./commands/contract-lint.ts').then((module) => module.contractLint),
  },
  {
    name: 'contract show',
    describe: 'what a run is held to, or would be by a file',
    load: () => import('./commands/contract-show.ts').then((module) => module.contractShow),
  },
  {
    name: 'request enable',
    describe: 'start a run, or add tasks to the open one',
    load: () => import('./commands/request-enable.ts').then((module) => module.requestEnableCommand),
  },
  {
    name: 'request wait',
    describe: 'ask for a person; prints a token for the last message',
    load: () => import('./commands/request-wait.ts').then((module) => module.requestWaitCommand),
  },
  ...(['pause', 'resume', 'disable', 'release'] as const).flatMap((verb): Entry[] =>
    [`request ${verb}`, verb].map((name) => ({
      name,
      describe: name === verb ? `same as: request ${verb}` : verbs[verb],
      load: () => import('./commands/request-verb.ts').then((module) => module.requestVerb(verb)),
    })),
  ),
  ...['request amend', 'amend'].map((name) => ({
    name,
    describe:
      name === 'amend' ? 'same as: request amend' : 'accept exactly the change of the gates that was shown',
    load: () => import('./commands/amend.ts').then((module) => module.amendCommand),
  })),
  {
    name: 'agent-instructions',
    describe: 'what a fresh agent needs to know here',
    load: () => import('./commands/agent-instructions.ts').then((module) => module.agentInstructions),
  },
  {
    name: 'cleanup',
    describe: 'archive what is over; never deletes',
    load: () => import('./commands/cleanup.ts').then((module) => module.cleanup),
  },
  {
    name: 'uninstall-repo',
    describe: 'take what install-repo wrote out of a repository again',
    load: () => import('./commands/uninstall-repo.ts').then((module) => module.uninstallRepo),
  },
  {
    name: 'uninstall',
    describe: 'take everything out of Codex again',
    load: () => import('./commands/uninstall.ts').then((module) => module.uninstall),
  },
  {
    name: 'completion',
    describe: 'a script that completes our words in your shell',
    load: () => import('./commands/completion.ts').then((module) => module.completionOf(entries)),
  },
  {
    name: 'hook',
    describe: 'answer one hook payload on stdin, to try things by hand',
    load: () => import('./commands/hook.ts').then((module) => module.hook),
  },
  {
    name: 'notify',
    describe: 'run the approved notify command for the last verdict',
    hidden: true,
    load: () => import('./commands/notify.ts').then((module) => module.notifyCommand),
  },
  {
    name: 'goal-pause',
    describe: "pause Codex's goal of a session",
    hidden: true,
    load: () => import('./commands/goal-pause.ts').then((module) => module.goalPause),
  },
  {
    name: 'tidy',
    describe: 'put away what is over, as a session start does once an hour',
    hidden: true,
    load: () => import('./commands/tidy.ts').then((module) => module.tidy),
  },
  {
    name: 'version',
    describe: 'print the version',
    load: () => import('./commands/version.ts').then((module) => module.versionCommand),
  },
]

/** The entry whose whole name stands at the beginning; undefined when there is none. */
export function findEntry(words: readonly string[]): Entry | undefined {
  return entries.find(({ name }) => name.split(' ').every((word, index) => words[index] === word))
}
