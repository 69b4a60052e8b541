import type { CodeSection } from './types.ts'

export const notify = {
  title: 'Being told',
  codes: {
    'agents-md-markers': {
      what: 'AGENTS.md has one of the two marker lines around our section without the other, or twice.',
      todo: 'Correct or remove these lines.',
    },
    'no-notify': {
      what: 'The approved config of this run has no notify command.',
      todo: 'Add `notify` to the config and approve it.',
    },
    'notify-in-workspace': {
      what: 'The notify command is a file of the repository, which an agent can change, and it would run outside the sandbox.',
      todo: 'Move it out of the repository, or let it run in the sandbox.',
    },
    'notify-failed': {
      what: 'The notify command could not be started, failed or took too long.',
      todo: 'Its output is in `gates/notify.log` of the session.',
    },
    'no-verdict': {
      what: 'The session has no verdict of that kind to tell of.',
      todo: '`autonomous-loop status`',
    },
  },
} satisfies CodeSection
