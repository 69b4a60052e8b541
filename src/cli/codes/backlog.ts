import type { CodeSection } from './types.ts'

export const backlog = {
  title: 'Bringing items into a backlog',
  codes: {
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
    unconfirmed: {
      what: 'Items would be written, and nobody was there to say yes.',
      todo: 'Repeat on a terminal, or with `--yes` after looking at what is shown.',
    },
  },
} satisfies CodeSection
