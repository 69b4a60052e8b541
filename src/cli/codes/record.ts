import type { CodeSection } from './types.ts'

export const record = {
  title: 'The record does not hold together',
  codes: {
    'ledger-broken': {
      what: 'A ledger has a record that does not follow from the one before.',
      why: 'No crash does this.',
      todo: 'Look who wrote there; `autonomous-loop disable --force --session-id <id>` sets the record aside.',
    },
    'ledger-missing': {
      what: 'A marker says that a run has started, and the ledger does not know it.',
      why: 'No crash does this.',
      todo: 'Look who wrote there; `autonomous-loop disable --force --session-id <id>` sets the record aside.',
    },
    'marker-missing': {
      what: 'A run is open and its marker is gone, so the hooks do not see it.',
      todo: '`autonomous-loop disable --session-id <id>` in a terminal, then start again.',
    },
    'marker-unreadable': {
      what: 'The marker of a session cannot be read.',
      todo: '`autonomous-loop disable --force --session-id <id>`',
    },
    'marker-stuck': {
      what: 'A marker could not be removed.',
      todo: 'Remove it as the message says.',
    },
    'marker-write': {
      what: 'A marker could not be written.',
      todo: 'Make room or give permission; the next hook finishes it.',
    },
    'request-stuck': {
      what: "The shell script's `disable` request could not be removed.",
      todo: 'Look at the permissions of `requests/`.',
    },
    'start-failed': {
      what: 'The marker of a new run could not be written; the run was not started.',
      todo: 'Make room or give permission, then enable again.',
    },
    'start-cut-short': {
      what: 'The start of a run was cut short by a crash.',
      todo: 'Nothing: the next hook finishes it.',
    },
    unsettled: {
      what: 'What a crash left could not be finished from here.',
      todo: 'Nothing inside the sandbox; else look at the cause.',
    },
    'ledger-write': {
      what: 'The ledger could not be written, so nothing was decided.',
      todo: 'Make room or give permission, then stop again.',
    },
    'ledger-busy': {
      what: 'Another process writes this ledger at the moment.',
      todo: 'Repeat it; if it stays so, `autonomous-loop doctor` names the process.',
    },
    'checkpoint-wrong': {
      what: 'The shortcut for a long ledger did not agree with it and was removed.',
      todo: 'Stop again.',
    },
    'lock-busy': {
      what: 'A living process holds a lock for too long; it is named.',
      todo: 'Look at it; end it if it hangs.',
    },
    'lock-io': {
      what: 'A lock could not be made.',
      todo: 'Make room or give permission.',
    },
    'archive-failed': {
      what: 'A session could not be moved to the archive.',
      todo: 'Look at room and permissions.',
    },
  },
} satisfies CodeSection
