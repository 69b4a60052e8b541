import type { CodeSection } from './types.ts'

export const looking = {
  title: 'Looking back, and contract files',
  codes: {
    'no-stop': {
      what: '`explain --stop n` named a stop that the run does not have, or no stop was judged yet.',
      todo: '`autonomous-loop events` lists the stops; `autonomous-loop check` says what one would say now.',
    },
    'no-terminal': {
      what: '`status --watch` draws on a terminal, and stdin or stdout is not one (or `--json` was given).',
      todo: 'In scripts use `autonomous-loop events --follow`.',
    },
    'bad-since': {
      what: 'What stands after `--since` is neither the number of an event (`12`), nor an age (`30m`, `2h`, `1d`), nor a time (`2026-01-31T12:00Z`).',
      todo: 'Use one of the three.',
    },
    'report-exists': {
      what: '`report --html` was told to write to a file that is there and does not begin as our reports do; it was left alone.',
      todo: 'Name another file, or add `--force`. An earlier report is written over without a question.',
    },
    'report-unwritable': {
      what: 'The page could not be written there.',
      todo: 'Look at the directory: it must exist and be writable.',
    },
    'no-attempt': {
      what: '`--attempt` named one that the item does not have, or nobody has worked at the item yet.',
      todo: '`autonomous-loop show <item>` lists its attempts.',
    },
    'export-exists': {
      what: '`show --export` was told to write into a directory that is there and holds something else than an export of ours, or one that was changed; it was left alone.',
      todo: 'Name another directory. An earlier export that nobody changed is replaced without a question.',
    },
    'export-unwritable': {
      what: 'The export could not be written there. Nothing of it is left.',
      todo: 'Look at the directory around it: it must exist and be writable.',
    },
    'contract-missing': {
      what: 'There is no such contract file.',
      why: "A bare name means one in the repository's `.codex/contracts/`.",
      todo: 'Name one of those that the fix lists, or a path.',
    },
    'contract-ambiguous': {
      what: 'Two files in `.codex/contracts/` have this name and different endings.',
      todo: 'Name one with its ending: `--contract .codex/contracts/<name>.yaml`.',
    },
    'contract-unknown-format': {
      what: "The file's name ends in none of `.yaml`, `.yml`, `.json`, `.md`.",
      todo: 'Rename it.',
    },
    'contract-unreadable': {
      what: 'The contract is not a regular file, is too large (1 MB), or may not be read.',
      why: 'In `.codex/contracts/` links are not followed.',
      todo: 'Look at the file.',
    },
    'exec-failed': {
      what: '`autonomous-loop exec` could not start the program after `--`.',
      todo: 'Try it without `autonomous-loop exec --`; give its path if it is not on PATH.',
    },
    'unknown-shell': {
      what: 'There is no completion for this shell.',
      todo: '`autonomous-loop completion bash`, `zsh` or `fish`.',
    },
  },
} satisfies CodeSection
