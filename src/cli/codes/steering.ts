import type { CodeSection } from './types.ts'

export const steering = {
  title: 'Starting and steering a run',
  codes: {
    'person-only': {
      what: "The call comes from an agent's shell and is for the person.",
      todo: 'The person types the prompt or runs the command that the answer names.',
    },
    'no-session': {
      what: 'No session id is known here, and the state cannot be written from here.',
      todo: 'The person types `$autonomous-loop <objective>`.',
    },
    'no-live-record': {
      what: "This session's start was not seen by our hook with an approved config: it began before the hooks or the approval.",
      todo: 'Start a new session, or type `$autonomous-loop <objective>`.',
    },
    'no-objective': {
      what: 'The prompt has no objective.',
      todo: '`$autonomous-loop <what is to be done>`',
    },
    'no-run': {
      what: 'No open run here, or the one you mean was closed meanwhile; `audit --session-id`: nothing at all is known of that session.',
      todo: '`autonomous-loop status` (`--all` for every repository)',
    },
    'run-open': {
      what: 'A run is open already; nothing was changed.',
      todo: 'Add tasks to it, or end it first.',
    },
    'run-requested': {
      what: "A request of this session waits in the spool and becomes a run at the session's next hook.",
      todo: "Let the agent's turn go on or end; then try again.",
    },
    'run-ambiguous': {
      what: 'Several open runs fit; `choices` lists them.',
      todo: 'Repeat with `--session-id`, or more digits of the run.',
    },
    'run-not-active': {
      what: 'The run is paused, parked or halted, so this request has nothing to work on.',
      todo: 'The person types `autonomous-loop resume`.',
    },
    'run-closed': {
      what: 'The run was closed while the request was under way.',
      todo: 'Look at `autonomous-loop status`.',
    },
    'already-so': {
      what: 'The run is in that state already.',
      todo: 'Nothing.',
    },
    'nothing-to-amend': {
      what: 'Config and pins are as they were frozen, no other PATH was recorded for gates, and the last stop found nothing out of scope.',
      todo: 'Nothing to do; stop again.',
    },
    'digest-mismatch': {
      what: 'What you were shown changed again.',
      why: 'The present difference and its digest are in the message.',
      todo: '`autonomous-loop amend` shows it, with its digest; look at it before you accept it.',
    },
    'too-many-differences': {
      what: 'More differs out of scope than was shown, so nobody can have looked at all of it.',
      todo: 'Have the agent put it back, or end the run and begin one with a wider scope.',
    },
    'amend-unmeetable': {
      what: 'The changed config has no longer a command that a required task of the open contract asks for, or its gate profile.',
      why: 'Accepted, the run could be released without it.',
      todo: 'Put the command back into the config, or end the run and begin a new one.',
    },
    'claim-foreign': {
      what: 'The token belongs to a request of another repository.',
      todo: 'Use it in a session that works there.',
    },
    'claim-run-open': {
      what: 'This session has an open run and cannot claim another.',
      todo: 'End that run first.',
    },
    'claim-unreadable': {
      what: 'The waiting request does not hold what a request holds.',
      todo: 'Make the request again.',
    },
    'pending-unreadable': {
      what: 'The file of a waiting request cannot be read.',
      todo: 'Remove it as the message says; make the request again.',
    },
    'no-such-directory': {
      what: '`--cwd` or `--repo` is not a directory you can enter.',
      todo: 'Correct the path.',
    },
    usage: {
      what: 'Unknown command or wrong flag.',
      why: 'Exit status 2.',
      todo: '`autonomous-loop help`, or `--help` after the command.',
    },
    'no-help': {
      what: '`help` was asked for something that is neither a command nor an error code.',
      todo: '`autonomous-loop help` lists the commands; codes stand in the failure itself.',
    },
    'unknown-hook': {
      what: '`hook` was called with an event we do not handle.',
      todo: 'Use one of those listed.',
    },
    'hook-failed': {
      what: 'The hook program gave no answer.',
      todo: '`autonomous-loop doctor`; `debug.log` in the home has its words.',
    },
  },
} satisfies CodeSection
