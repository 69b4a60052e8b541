import type { Entry } from './entry.ts'

/** What looks over the items of a backlog, and what brings new ones. */
export const backlogEntries: readonly Entry[] = [
  {
    name: 'backlog list',
    describe: 'the items of the backlog, and how they stand',
    section: 'batch',
    load: () => import('./commands/backlog-look.ts').then((module) => module.backlogList),
  },
  {
    name: 'backlog show',
    describe: 'one item whole: what it may change, and what proves it',
    section: 'batch',
    load: () => import('./commands/backlog-look.ts').then((module) => module.backlogShow),
  },
  {
    name: 'backlog graph',
    describe: 'what comes when, and what waits for what',
    section: 'batch',
    load: () => import('./commands/backlog-look.ts').then((module) => module.backlogGraph),
  },
  {
    name: 'backlog lint',
    describe: 'check the items of .codex/backlog: all problems at once, with lines',
    section: 'batch',
    load: () => import('./commands/backlog-lint.ts').then((module) => module.backlogLint),
  },
  {
    name: 'backlog import',
    describe: 'items out of what LoopDex or codex-loop worked through',
    section: 'batch',
    load: () => import('./commands/backlog-import.ts').then((module) => module.backlogImport),
  },
  {
    name: 'backlog new',
    describe: 'have an agent draft items for a goal, and another one read them',
    section: 'batch',
    load: () => import('./commands/backlog-new.ts').then((module) => module.backlogNew),
  },
]
