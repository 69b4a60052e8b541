import type { CodeSection } from './types.ts'

export const machine = {
  title: 'Setting up the machine',
  codes: {
    'platform-unsupported': {
      what: 'Windows itself is not supported.',
      todo: 'Install Codex and autonomous-loop inside WSL 2.',
    },
    'codex-missing': {
      what: 'No usable `codex` was found: not on PATH, only in places an agent can write (those are passed over and named), or `AUTOLOOP_CODEX` is not the absolute path of a program.',
      todo: 'Install it (`npm install -g @openai/codex`), or set or unset `AUTOLOOP_CODEX`.',
    },
    'codex-unusable': {
      what: '`codex --version` does not work, or is some other program; or Codex does not take its `config.toml`.',
      todo: 'Run it yourself; reinstall Codex, or correct the line that it names.',
    },
    'claude-missing': {
      what: 'No usable `claude` was found: not on PATH, only in places an agent can write, or `AUTOLOOP_CLAUDE` is not the absolute path of a program.',
      todo: 'Install Claude Code (`npm install -g @anthropic-ai/claude-code`), or set or unset `AUTOLOOP_CLAUDE`.',
    },
    'claude-unusable': {
      what: '`claude --version` does not say the version of Claude Code.',
      todo: 'Run it yourself; reinstall Claude Code.',
    },
    'codex-too-old': {
      what: 'This Codex does not know the call (0.125 has no hook trust).',
      why: 'Bootstrap goes on: such a Codex runs every hook.',
      todo: 'Upgrade Codex to be told whether hooks are trusted.',
    },
    'hooks-unknown': {
      what: '`hooks.json` or `config.toml` could not be read, or `machine.json` names no hooks.',
      why: 'So it is not known whether Codex runs the Stop hook.',
      todo: 'Make the file readable; `autonomous-loop bootstrap` writes the record again.',
    },
    'invalid-toml': {
      what: '`config.toml` is not TOML at the line that is named; Codex does not start with it either.',
      todo: 'Correct the line.',
    },
    'sandbox-unusable': {
      what: "Codex's sandbox does not run in this repository: the system has no user namespaces for ordinary users (containers, some distributions), or `.git` is a link, which the sandbox cannot protect.",
      why: 'No gate could run, so nothing is armed: the work would end parked.',
      todo: 'Run the command it names; its message says what is in the way. In a container whose isolation is enough, `policy.sandbox: "off"`.',
    },
    'box-unusable': {
      what: 'This machine does not grant the whole box that gates of config format version 2 run in: `bwrap` with overlays, user namespaces, or a disk that can be taken apart is missing.',
      why: "A gate then runs on a lower rung, which its record names: without unix sockets, or in Codex's sandbox alone, which has no loopback.",
      todo: 'The message says what the machine refuses. A config of version 1 asks for no box.',
    },
    'preflight-failed': {
      what: 'What the box of gates holds on this machine could not be tried.',
      why: 'Gates run in it all the same; `status` and reports say that it was not tried.',
      todo: 'The message says what was in the way. `autonomous-loop doctor` tries it again.',
    },
    'codex-app-server': {
      what: '`codex app-server` ended, or did not answer in time.',
      todo: 'Try `codex` itself; look at its logs; call the command again.',
    },
    'codex-refused': {
      what: 'Codex refused a change of its configuration; its own words follow.',
      todo: 'Correct what it names in `config.toml`.',
    },
    'trust-unwritten': {
      what: 'Codex could not write the trust of our hooks into `config.toml`, so it does not run them.',
      why: 'Most often the file is a link to one that cannot be changed (made by home-manager, or in a read-only checkout).',
      todo: 'Make the file it leads to and its directory writable and call `autonomous-loop bootstrap --trust` again; or write into what the file is made from the lines that `autonomous-loop doctor --json` lists under `checks.enforced.by_hand`.',
    },
    'codex-overridden': {
      what: 'Codex wrote `config.toml`, but a managed or project layer decides otherwise.',
      todo: 'Ask the administrator of that layer.',
    },
    'codex-answer': {
      what: 'Codex answered in a form this version does not understand.',
      todo: 'Upgrade autonomous-loop; until then accept the hooks in Codex.',
    },
    'home-in-temp': {
      what: 'The home is inside a temp directory, which every sandboxed agent can write.',
      todo: 'Choose another `AUTONOMOUS_LOOP_HOME`.',
    },
    'home-in-workspace': {
      what: 'The home is inside the repository you are in, so an agent at work there could write it.',
      todo: 'Choose another place, or call the command from elsewhere.',
    },
    'codex-home-in-temp': {
      what: '`CODEX_HOME` is inside a temp directory.',
      todo: 'Move it.',
    },
    'codex-home-in-workspace': {
      what: '`CODEX_HOME` is inside the repository you are in.',
      todo: 'Move it, or call the command from elsewhere.',
    },
    'node-in-temp': {
      what: 'The node that runs this is inside a temp directory.',
      todo: 'Use one that is installed for you or for the system.',
    },
    'node-in-workspace': {
      what: 'The node that runs this is inside the repository you are in.',
      todo: 'Use one that is installed for you or for the system.',
    },
    'home-name': {
      what: 'The path of home, `CODEX_HOME` or node has control characters.',
      todo: 'Rename the directory.',
    },
    'home-unwritable': {
      what: "The home cannot be written: wrong permissions, a full disk, or you are inside Codex's sandbox.",
      todo: 'Call it in an ordinary terminal.',
    },
    'hooks-json-invalid': {
      what: '`hooks.json` is not what Codex accepts: one JSON object with `description` and `hooks` only, without comments.',
      why: 'Codex drops such a file whole. Line and column are named.',
      todo: 'Correct it by hand; nothing was changed in it.',
    },
    'hooks-json-unreadable': {
      what: '`hooks.json` cannot be read: permissions, a link to nowhere, not a regular file.',
      todo: 'Look at the file.',
    },
    'hooks-json-changed': {
      what: 'Somebody wrote `hooks.json` between our look and our write.',
      todo: 'Call `autonomous-loop bootstrap` again.',
    },
    'setup-write': {
      what: 'A file could not be written or removed; it is named.',
      todo: 'Make room or give permission, then repeat the call: it finishes what was begun.',
    },
    'stop-timeout': {
      what: '`--stop-timeout` is not a whole number of at least 60 seconds.',
      todo: 'Give one, such as 3600.',
    },
    'package-incomplete': {
      what: 'Parts of the program are missing beside the one you started.',
      todo: 'In a clone: `npm run build`. Otherwise install it again.',
    },
    'machine-missing': {
      what: 'This machine was not set up: there is no `machine.json`.',
      todo: '`autonomous-loop bootstrap --trust`',
    },
    'machine-unreadable': {
      what: '`machine.json` does not hold what bootstrap writes.',
      todo: '`autonomous-loop bootstrap` writes it again.',
    },
    'open-runs': {
      what: 'Runs are open, and without the hooks nothing would hold them.',
      todo: 'End them, or use `--force`.',
    },
    'prove-home': {
      what: '`prove` needs a directory below your home, and a Codex, that are not in a temp directory.',
      why: 'Agents write there, so gates are not started from it.',
      todo: 'Run it in a terminal, as a user with a home of their own, in a clone outside of the temp directory.',
    },
    interrupted: {
      what: '`prove`, or the measuring of `install-repo`, was interrupted.',
      why: 'Nothing was left behind.',
      todo: 'Run it again.',
    },
    unanswered: {
      what: 'A question on the terminal got Ctrl-C or Ctrl-D in place of an answer.',
      why: 'The exit status is 130, and the message says what has been written so far; a plain no to what a command asks before it begins ends with 1.',
      todo: 'Run it again.',
    },
    'managed-not-root': {
      what: '`--managed` changes Codex for every user of the machine, which only root may.',
      todo: '`sudo autonomous-loop bootstrap --managed`.',
    },
    'managed-unsafe': {
      what: "A file or directory that every user's Codex would run from can be changed by others than root.",
      todo: 'Correct owner and mode of what it names, or use a node that is installed for the system.',
    },
    'managed-unclear': {
      what: '`requirements.toml` is written in a form to which nothing can be added safely (tables in one line, texts over several lines), or one of our two marker lines is missing.',
      todo: 'What the message says; nothing was changed.',
    },
    'managed-hooks-off': {
      what: 'The requirements switch hooks off for the machine.',
      todo: 'Ask their administrator.',
    },
    'managed-refused': {
      what: 'Codex did not list our hooks as managed after they were written; `requirements.toml` is as it was before.',
      todo: "Look at Codex's own words in the message; managed hooks need a current Codex.",
    },
    'requirements-unreadable': {
      what: '`requirements.toml` cannot be read.',
      todo: 'Look at the file.',
    },
    'requirements-changed': {
      what: 'Somebody else changed `requirements.toml` between looking and writing.',
      todo: 'Call the command again.',
    },
    'not-confirmed': {
      what: 'A change that a person is asked about was asked for without a terminal and without a flag that says yes.',
      todo: 'Of the whole machine: look at `--dry-run`, then add `--trust` (or `--force` to take it out). Of a backlog: read what is proposed, then add `--yes`.',
    },
  },
} satisfies CodeSection
