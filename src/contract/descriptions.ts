import { supervisorDescriptions } from './supervisor/descriptions.ts'
import type { EvidenceField, EvidenceKind } from './types.ts'

/*
 * What each field means, for editors (JSON schema) and for docs/configuration.md. Keys as in hints.ts. Kept out of the
 * hook bundle: only the generator and the tests load this file.
 */

/** Fields of the project config, by path. */
export const configDescriptions: Readonly<Record<string, string>> = {
  $schema: 'Where an editor finds the JSON schema of this file. Ignored.',
  version: 'Version of this format. 2 runs gates in a box: see "The box".',
  commands:
    'The commands that may be run as gates or as evidence, by name: usually the name of the script or target. Each is an argv array, or an object with the fields below.',
  gateProfiles:
    'Named lists of commands. Without `fast`: empty. Without `default` and `final`: each stands in for the other; without both, every command that is not marked `evidence`.',
  defaults: 'Which profile is used where, and the limits of a run.',
  policy: 'What a run may do and who may steer it.',
  limits: 'Version 2: how much a command may write, and how much a prepared layer may hold.',
  prepare:
    'Version 2. Commands that make what the gates of the clean room need, such as installed dependencies, in this order. Each is an argv array, or an object with the fields below.',
  copy: 'Version 2. Files that git ignores and the clean room gets all the same, such as `.env.test`, with the content they have when a run begins.',
  notify:
    'A command started for a person when a run parks, halts or is released: an argv array or an object.',
  semanticReview: 'Accepted so that files of earlier versions stay valid. It has no effect.',

  'commands.*.argv':
    'Program and arguments, one element each. No shell reads them: write `["sh", "-c", "…"]` if you want one.',
  'commands.*.cwd': 'Directory to run in, relative to the repository root.',
  'commands.*.timeoutSeconds':
    'After this many seconds, counted from its own start, the command and everything it started is ended; that is a failure.',
  'commands.*.env':
    'Variables to set, besides `CI=1`, `PYTHONDONTWRITEBYTECODE=1`, `PYTHONPYCACHEPREFIX` and `UV_NO_CACHE=1`. `PATH` is the one recorded at approval; names of Codex and of autonomous-loop are refused.',
  'commands.*.tty': 'Run in a pseudo terminal. Needs the optional package node-pty.',
  'commands.*.parallel': 'May run at the same time as other commands with this mark.',
  'commands.*.network':
    'Version 2: "none", "loopback" (the default: its own processes reach each other, and nobody else) or "full" (with the servers of this machine). Version 1: `true` (the network and loopback) or `false` (the default: neither).',
  'commands.*.writable':
    'Further directories the sandbox lets the command write, absolute or below `~/`. The workspace and the caches that hold no code to be run (npm, pip, compilers) are writable anyway; caches of packages can only be read. What is opened here a gate can plant code in: see security.md.',
  'commands.*.pins':
    'Further files, relative to the root, whose content gives the command its meaning: a change of one stops a run until a person accepts it.',
  'commands.*.evidence':
    'May be named by a `commandRef` although it is in no profile, and is left out of profiles that are made of every command.',
  'commands.*.keeps':
    'Version 2: files that later commands of the same profile find of what this one wrote, once it has passed, such as what it built. Never a file that was there before. What it writes else is gone at its end.',
  'commands.*.gateWrites':
    'Version 2: files that this command may write although they were there before it (a formatter, snapshots). What it changes there blocks with its name, because the workspace has none of it.',
  'commands.*.steps':
    'Version 2 only. A command of several steps (`a && b`, a script with `pre` and `post`, plain lines of a makefile) runs one gate per step, each in a box of its own. `false` keeps it whole: it is then called mixed. Absent: taken apart.',
  'commands.*.box':
    'Version 2 only. `false` runs the command as version 1 runs it: in Codex\'s sandbox alone, in the workspace itself, whole. It is not sealed, and `network` is "none" (the default then) or "full". For a command that works only so; `install-repo --measure` finds that out.',
  'commands.*.verify':
    'Version 2. Where this command has to pass before a release, whatever `policy.verify` says of the others.',
  'commands.*.tests':
    'Version 2, in the clean room only. `start`: once the command has passed there, it has to pass again with every test file as it was at the start of the run. See "Tests of the start".',
  'commands.*.secrets':
    'Version 2. Names of variables that the command gets from the environment Codex was started in. Their values are hidden in logs, records and reports. See "Secrets".',
  'commands.*.services':
    'Version 2. Servers that are started in the same box before the command, in this order, and ended after it. See "Services".',
  'commands.*.services[].argv': 'Program and arguments of the service, in the directory of the command.',
  'commands.*.services[].ready':
    'A command that ends with 0 once the service can be used. It is started again and again until then.',
  'commands.*.services[].stop': 'A command that ends the service. Without it the service gets TERM.',
  'commands.*.services[].timeoutSeconds': 'After so many seconds without being ready the gate could not run.',
  'commands.*.reach':
    'Version 2. What of the machine is let into the box, and nothing else of its kind: `unix:` and the path of a socket, or devices (`/dev/kvm`, `/dev/nvidia*`). See "What a gate may reach".',

  'defaults.gateProfile': 'Profile of a contract that names none.',
  'defaults.fastGateProfile':
    'Profile that runs while cheaper checks still fail. Type checks and linters, never tests.',
  'defaults.finalGateProfile':
    'Profile that must pass before any release, together with that of the contract.',
  'defaults.maxStopIterations':
    'So many times the agent may be sent back to work; then the run halts and a person decides.',
  'defaults.maxRepeatedFailureSignature':
    'So many times in a row the same things may be missing while the workspace does not change; then the run halts.',
  'defaults.maxMinutes': 'The run halts at the first stop after so many minutes.',
  'defaults.maxTokens': 'The run halts at the first stop after so many tokens.',

  'policy.control':
    'Who may pause, resume and disable a run. `agent` lets the agent do it too; release and limits stay with a person.',
  'policy.background':
    'What to do about commands of the agent that still run when everything else is proved: `block` names them once, and ends those that are still there at a later stop just before the release; `allow` lets them go on and says so.',
  'policy.gateWrites':
    'Files that gates may write (snapshots, coverage, formatting) without counting as work that went on during the check.',
  'limits.outputBytes':
    'Bytes that one command may write to its layer; 10 GiB if absent. More ends it, and it could not run.',

  'limits.layerBytes':
    'Bytes that the result of `prepare` may have; 20 GiB if absent. With more it has failed.',

  'prepare[].argv':
    'Program and arguments, one element each, as for a command. The steps of a package script are not taken apart.',
  'prepare[].cwd': 'Directory to run in, relative to the repository root.',
  'prepare[].timeoutSeconds': 'After this many seconds it is ended; that is a failure.',
  'prepare[].env': 'Variables to set, as for a command.',
  'prepare[].writable':
    'Further directories that it may write, absolute or below `~/`. What it installs goes to the layer without an entry.',
  'prepare[].secrets':
    'Names of variables that it gets from the environment Codex was started in, such as the token of a registry. See "Secrets".',
  'prepare[].network':
    '"none", "loopback", or "full" for what fetches from a registry. `allow` shows it: code that is fetched and run with "full" can reach the servers of this machine.',

  'policy.sandbox':
    "`on` runs commands in Codex's own sandbox. `off` runs them with your full rights, including everything the agent wrote into them.",
  'policy.gates': '`none` accepts an empty final profile: then only tasks are checked.',
  'policy.verify':
    'Version 2. Where gates have to pass before a release. "clean-room": in a checkout of the controller, see "The clean room". "in-place" (the meaning where it is absent): in the workspace.',

  'policy.scope':
    'What may differ from the start of a run: globs, and parts of JSON, TOML or YAML files (`package.json#/dependencies`). Whatever differs outside holds the run. See "Scope". Absent: anything may differ.',

  'notify.argv': 'Program and arguments, as for a command.',
  'notify.timeoutSeconds': 'After this many seconds it is ended.',
  'notify.network':
    'It may use the network and local sockets (a web hook, the desktop). In a file of version 2 it then runs outside of the box.',
  'notify.sandbox': "`on` runs it in Codex's own sandbox. `off` runs it with your full rights.",

  ...supervisorDescriptions,
}

/** Fields of a task, by path. */
export const taskDescriptions: Readonly<Record<string, string>> = {
  id: 'Name of the task, unique in its contract. A later request cannot use it again.',
  title: 'What has to be done, in a few words for a person.',
  required: 'Whether a release needs it. At least one task must be required.',
  dependsOn: 'Ids of tasks that come first. No cycles.',
  evidence: 'What must be true of the repository. All of it.',
}

/** Kinds of evidence. */
export const kindDescriptions: Readonly<Record<EvidenceKind, string>> = {
  pathExists: 'The path is there, or at least `min` files match the glob.',
  pathAbsent: 'The path is not there, or no file matches the glob.',
  pathChanged:
    'Content or the executable bit differs from the start of the run: edited, added or removed, and not by a gate alone. Files that git ignores count only where the path, or the directory a glob starts with, is itself ignored.',
  pathUnchanged:
    'Nothing of it differs from the start of the run. Ignore rules that were added since hide nothing there. Of what git ignored at the start it holds what is named by its path, or by a glob that says what files are called (`.env*`, not `src/**`).',
  fileMatches: 'The file is there and its text matches the pattern (or does not, with `absent`).',
  commandRef: 'The command passes.',
}

/** Fields of evidence, by name: they mean the same in every kind. */
export const evidenceDescriptions: Readonly<Record<'kind' | EvidenceField, string>> = {
  kind: 'What is looked at.',
  path: 'One file or directory, relative to the repository root.',
  glob: 'Files, relative to the repository root: `src/**` is every file below src, dotfiles included.',
  min: 'How many files must match the glob. Without it, one.',
  pattern:
    'A JavaScript regular expression; `^` and `$` mean lines; a byte order mark counts only if `\\ufeff` asks for it. It must be decided within a second.',
  absent: 'The pattern must not match; the file must be there all the same.',
  name: 'Name of a command that is in a profile or marked `evidence`.',
}
