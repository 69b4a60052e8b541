import type { CodeSection } from './types.ts'

export const gates = {
  title: 'Gates that could not run',
  codes: {
    'sandbox-unavailable': {
      what: 'The Codex binary that runs the sandbox is gone.',
      todo: '`autonomous-loop bootstrap`',
    },
    'sandbox-home': {
      what: 'The empty `CODEX_HOME` for gates cannot be made, or has a config that would change what gates may do.',
      todo: 'Remove the file that is named; `autonomous-loop doctor`.',
    },
    'sandbox-path': {
      what: 'A directory has a name that Codex would read as a pattern.',
      todo: 'Use one without `* ? [ ]`, tabs and line ends.',
    },
    'sandbox-unsafe': {
      what: 'With these rights the gate could reach the controller.',
      todo: 'Do what the message says: usually take a directory out of `writable`.',
    },
    'gate-missing': {
      what: 'The program is not on the PATH that was recorded at approval, or the file is gone.',
      why: 'A version manager (nvm, Homebrew) that puts a new directory in the place of an old one has the same effect.',
      todo: 'Install it if it is missing. Then, in a terminal whose PATH has it, `autonomous-loop allow` records PATH again and asks whether each open run takes it over; without a terminal it prints the `amend` command for each, and `--amend` answers yes for all. A parked run goes on with your next prompt.',
    },
    'gate-not-executable': {
      what: 'The file is there and not executable.',
      todo: '`chmod +x`',
    },
    'gate-interpreter': {
      what: 'The script wants an interpreter that gates do not have.',
      todo: 'Where the script finds it by `env`: as for [gate-missing](#gate-missing). Where it names the place: restore that.',
    },
    'gate-cwd': {
      what: "The command's `cwd` does not exist or leads out of the repository.",
      todo: 'Restore it, or correct the config.',
    },
    'gate-no-pty': {
      what: 'The command wants a terminal and `node-pty` is not there, or the system gives none.',
      todo: 'Install `node-pty` and call `bootstrap` again, or drop `"tty": true`.',
    },
    'gate-pipe': {
      what: 'No pipe for the output could be made.',
      todo: 'Look at room and permissions of the home.',
    },
    'gate-reach': {
      what: "A socket or device of the command's `reach` is not there, or this machine's box cannot let it in.",
      todo: 'The message names it. Start the program behind the socket, or plug the device in. What each rung of the box lets in is in configuration.md.',
    },
    'gate-secret': {
      what: "A variable of the command's `secrets` is not in the environment, or is too short to be hidden.",
      todo: 'Start Codex, or the command line, with the variable in its environment.',
    },
    'gate-service': {
      what: 'The command has services, and this machine has no box in which they could be reached.',
      todo: '`autonomous-loop doctor` says what the machine refuses (`gate_box`).',
    },
    'copy-refused': {
      what: 'An ignored file that `copy` names cannot be copied when a run begins: it is too large, a link, or there are too many.',
      todo: 'The message names it. Name fewer or smaller files in `copy`: at most 1000 files of 16 MiB, 64 MiB together.',
    },
    'copy-changed': {
      what: 'The copies of ignored files that were taken when the run began are not what they were.',
      todo: 'Nothing but a person changes them there: `autonomous-loop disable`, then start the run again.',
    },
    'room-disk': {
      what: 'The clean room could not be written: a full disk, or wrong permissions below the home.',
      todo: 'Make room there. A room needs the size of the work tree, without what git ignores.',
    },
    'room-git': {
      what: 'git could not make the repository of the clean room.',
      todo: 'The message has what git said.',
    },
    'room-objects': {
      what: "An object in git's store is not what its name says, or is missing.",
      why: 'A gate that asks git what changed would be told something else.',
      todo: '`git fsck` names it. A fresh clone mends it.',
    },
    'room-refused': {
      what: 'The config wants gates to pass in a clean room, and this machine makes none.',
      todo: '`autonomous-loop doctor` says what the machine refuses (`gate_box`).',
    },
    'start-content': {
      what: 'What a file held when the run began is not kept anywhere any more.',
      why: "The gates cannot be tried with the start's definition in its place, so a person is asked.",
      todo: '`autonomous-loop amend` shows what differs and accepts it.',
    },
    'gate-spawn': {
      what: 'The sandbox or command could not be started.',
      todo: '`autonomous-loop doctor`',
    },
  },
} satisfies CodeSection
