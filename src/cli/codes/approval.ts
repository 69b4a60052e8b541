import type { CodeSection } from './types.ts'

export const approval = {
  title: 'Config and approval',
  codes: {
    'config-missing': {
      what: 'There is no `.codex/autoloop.project.json` here.',
      todo: '`autonomous-loop install-repo --repo .`',
    },
    'config-unreadable': {
      what: 'The config cannot be read: a link, a FIFO, permissions.',
      todo: 'Look at the file.',
    },
    'config-unapproved': {
      what: 'Nobody approved the present content of the config on this machine.',
      why: 'A run rests on the content that was approved, so nothing is armed.',
      todo: 'Look at the change, then `autonomous-loop allow --repo .`',
    },
    'invalid-config': {
      what: 'The config has errors.',
      why: 'Each is named with what was found, what is allowed and an example.',
      todo: 'Correct them all; see [docs/configuration.md](docs/configuration.md).',
    },
    'gate-path': {
      what: 'Your PATH has no directory gates may use: relative ones and those in workspace or temp directories do not count.',
      todo: 'Set PATH and repeat `autonomous-loop allow`.',
    },
    'invalid-contract': {
      what: 'Tasks, limits or profile of the request have errors; all are listed with corrected examples.',
      todo: 'Correct them and enable again.',
    },
    'invalid-backlog': {
      what: 'The backlog has no item, or its items have errors; all are listed with their lines and corrected examples.',
      why: 'An empty backlog, or one that cannot be read, is never taken for one that is done.',
      todo: 'Correct them all, until `autonomous-loop backlog lint` ends with 0.',
    },
    'pattern-invalid': {
      what: 'The `pattern` of a `fileMatches` is not a regular expression, or is refused.',
      todo: 'Correct it.',
    },
    'pattern-timeout': {
      what: 'The pattern was not decided within its time; the evidence counts as not met.',
      todo: 'Use one without nested repetition.',
    },
    'pattern-too-complex': {
      what: 'The pattern is too complex for this file.',
      todo: 'Use a shorter, more literal one.',
    },
  },
} satisfies CodeSection
