import type { CodeSection } from './types.ts'

export const spool = {
  title: 'Requests from the sandbox',
  codes: {
    'spool-unwritable': {
      what: 'The spool cannot be made or written, for example because `/tmp` is excluded from the sandbox.',
      todo: 'The person types `$autonomous-loop <objective>`.',
    },
    'spool-unsafe': {
      what: "The spool directory is a link, somebody else's, or writable by others.",
      why: 'It is not used.',
      todo: 'Remove `/tmp/autoloop-<uid>`, if it is not yours ask its owner.',
    },
    'spool-foreign': {
      what: 'A spooled file belongs to another user, or names another session.',
      todo: 'It was refused and removed; enable again.',
    },
    'foreign-request': {
      what: "Spools lie where every agent of this user can write, so a request counts only if this session was told its id: it stands in the output of the session's own `request enable` or `request wait`, by Codex's transcript (in a session without one: in its last message).",
      why: 'This one did not; it may come from another session, and none of its words are repeated.',
      todo: "If it was the agent's own, it asks again as a command of its own and lets the whole output stand. If not, nothing; look for a session that leaves requests for others.",
    },
    'spool-link': {
      what: 'A spooled file has a second name, so its content may be from elsewhere.',
      todo: 'It was refused and removed; enable again.',
    },
    'spool-malformed': {
      what: 'A spooled request does not hold what a request holds.',
      todo: 'Enable again with the command line, not by hand.',
    },
    'spool-action': {
      what: 'A spooled request asked for something other than `enable` or `wait`.',
      todo: 'Those belong to the person.',
    },
    'spool-too-large': {
      what: 'The requests of a session may have 8,000,000 bytes together; one that does not fit is refused unread.',
      todo: 'The person types `$autonomous-loop <objective>`.',
    },
    'spool-unreadable': {
      what: 'A spooled file cannot be looked at.',
      todo: 'Enable again.',
    },
    'foreign-root': {
      what: 'A request names another repository than the one its session works in.',
      todo: 'Enable with `--cwd` and the directory of that session; if the session has moved, type `$autonomous-loop <objective>` in it.',
    },
    'already-taken': {
      what: 'A spooled request was carried out before; once is enough.',
      todo: 'Nothing.',
    },
  },
} satisfies CodeSection
