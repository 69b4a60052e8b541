import type { CodeSection } from './types.ts'

export const backlog = {
  title: 'Bringing items into a backlog',
  codes: {
    'agent-failed': {
      what: 'An agent that was to draft items, or to read drafts, gave no answer: it crashed, was silent too long, or answered in another form. Nothing was written.',
      todo: 'Look at what it said; `autonomous-loop doctor`; then repeat.',
    },
    'agent-quota': {
      what: 'The quota of an agent is used up. Nothing was written; the exit status is 10.',
      todo: 'Repeat after the time that is named.',
    },
    'editor-failed': {
      what: 'The editor that VISUAL or EDITOR names could not be used. Nothing was written.',
      todo: 'Set EDITOR to a program that ends when you have finished, such as `vi` or `code --wait`.',
    },
    'import-broken': {
      what: 'The source does not hold together: a task stands twice, or tasks wait for each other in a circle. Nothing was imported.',
      todo: 'Correct it at the lines that are named, and repeat.',
    },
    'import-format': {
      what: 'No backlog of LoopDex and no `codex-loop.yaml` lies there, or several do.',
      todo: 'Name the file itself.',
    },
    'import-nothing': {
      what: 'Nothing of the source can become an item; the message says why.',
      todo: 'Correct the source, or give `--scope` where it names no files.',
    },
    'import-unreadable': {
      what: 'A file of the source cannot be read.',
      todo: 'Look at what the message names.',
    },
    'item-exists': {
      what: 'A file with the name of a new item came into the backlog meanwhile. Nothing was written.',
      todo: 'Repeat: the new items get other numbers.',
    },
    'plan-source': {
      what: 'The documents for `backlog new --from` cannot be read, or there are too many.',
      todo: 'Name one file, or a directory with the documents that matter.',
    },
    'review-range': {
      what: 'What `review` is to compare is not there, or does not differ.',
      todo: 'Name the branch that the work was made from with `--base`, and commit what is to be read.',
    },
    'plan-unsettled': {
      what: 'After three rounds of drafting something still speaks against the items. Nothing was written.',
      todo: 'Say more of what is wanted, repeat on a terminal where you can edit them, or write the items by hand.',
    },
  },
} satisfies CodeSection
