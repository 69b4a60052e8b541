import type { CodeSection } from './types.ts'

export const workspace = {
  title: 'The workspace cannot be judged',
  codes: {
    'git-not-found': {
      what: 'The repository is a git repository and no git was found outside of it.',
      todo: 'Install git.',
    },
    'git-failed': {
      what: 'git failed; its words follow.',
      todo: 'Repair the repository.',
    },
    'git-timeout': {
      what: 'git took too long.',
      todo: 'Try `git status` yourself.',
    },
    'git-hangs': {
      what: 'A FIFO or device stands where git reads a file; it would wait for ever.',
      todo: 'Remove the file that is named.',
    },
    'git-output-too-large': {
      what: 'git wrote more than we take.',
      todo: 'Look for a directory with an enormous number of files.',
    },
    'git-not-started': {
      what: 'git could not be started.',
      todo: 'Look at the named program.',
    },
    'git-gone': {
      what: 'It was a git repository when the run began.',
      todo: 'Restore `.git`, or let the run go.',
    },
    'workspace-busy': {
      what: 'The git index kept changing while it was read.',
      todo: 'End what runs git in a loop; stop again.',
    },
    'scratch-unwritable': {
      what: 'The directory our git needs cannot be written.',
      todo: 'Look at room and permissions.',
    },
    'baseline-missing': {
      what: 'The baseline of the run, or its list of files, is gone.',
      todo: 'The run cannot be judged: release or disable it and start again.',
    },
    'baseline-changed': {
      what: 'The baseline, or its list of files, is not what was saved, so the run cannot be judged.',
      todo: 'Release or disable the run and start again. Look for who wrote there.',
    },
    'baseline-malformed': {
      what: 'A request brought a baseline we did not write.',
      todo: 'Enable again with the command line.',
    },
    'no-baseline': {
      what: 'A run has no baseline.',
      todo: 'Release or disable it and start again.',
    },
    'pin-unreadable': {
      what: 'A file that gives a gate its meaning cannot be read: broken JSON, a FIFO, too large, too deep.',
      todo: 'Restore the file that is named.',
    },
    'pin-too-many': {
      what: 'The commands lead to more definitions than are followed.',
      todo: 'Name a more direct command in the config.',
    },
  },
} satisfies CodeSection
