import type { CodeSection } from './types.ts'

export const inside = {
  title: 'Inside other messages',
  codes: {
    missing: {
      what: 'A file does not exist; the message names it.',
      todo: 'Restore the file, or correct the path.',
    },
    denied: {
      what: 'A file may not be read; the message names it.',
      todo: 'Look at the permissions of the file.',
    },
    link: {
      what: 'A symbolic link stands where a file is read without following links.',
      todo: 'Put the file itself there.',
    },
    'not-regular': {
      what: 'A FIFO, socket, device or directory stands where a file is read.',
      todo: 'Remove it.',
    },
    'too-large': {
      what: 'A file is larger than we read; the message names both.',
      todo: 'Look at what makes it so large.',
    },
    io: {
      what: 'The system could not open or read a file; its error follows.',
      todo: 'Look at the disk.',
    },
    'invalid-json': {
      what: 'A file or payload is not valid JSON; the message names it.',
      todo: 'Correct it.',
    },
    'payload-event': {
      what: 'Codex called a hook for an event we do not handle.',
      todo: 'Call `bootstrap` again; look at `hooks.json`.',
    },
    'payload-invalid': {
      what: 'A hook payload lacks a member we use.',
      todo: 'Look at `codex_version_drift` in `doctor`.',
    },
    'payload-too-large': {
      what: 'A hook payload is larger than we read.',
      todo: 'Report it, with what was in that turn.',
    },
    'run-left': {
      what: 'The run was closed or paused while its stop was judged; the turn may end.',
      todo: 'Nothing.',
    },
    'run-changed': {
      what: 'Tasks were added, or a change accepted, while the stop was judged; it is judged again.',
      todo: 'Nothing.',
    },
    'run-missing': {
      what: 'A run was started and is not there.',
      todo: 'A mistake of ours: report it.',
    },
    moving: {
      what: 'The contract changed three times while one stop was judged.',
      todo: 'Stop again.',
    },
    'lock-aborted': {
      what: 'Waiting for a lock was given up.',
      todo: 'Nothing.',
    },
    'body-cut': {
      what: 'In `prove`: Codex went away in the middle of a request to the scripted model.',
      todo: 'Run it again.',
    },
    'body-encoding': {
      what: 'In `prove`: a request in an encoding this node cannot decode.',
      todo: 'Use a newer node.',
    },
    'body-too-large': {
      what: 'In `prove`: an enormous request to the scripted model.',
      todo: 'Run it again.',
    },
    'internal-error': {
      what: 'A mistake in autonomous-loop itself.',
      why: 'Exit status 3; a log is named.',
      todo: 'Report it with that log.',
    },
  },
} satisfies CodeSection
