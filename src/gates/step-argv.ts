import { shellQuote } from '../base/shell-word.ts'
import { never } from '../base/result.ts'
import type { Step } from '../contract/steps.ts'

/*
 * npm makes the whole environment of a script (PATH, npm_package_*, npm_lifecycle_event, INIT_CWD) and hands the text to
 * the shell that it is told. Ours runs the step's text in place of that, so nothing of the environment is copied by hand.
 * An npm that runs no script, or not by this shell, has left the file where it was: then nothing was learned.
 */
const SCRIPT = [
  'dir=$(mktemp -d /tmp/autoloop-step.XXXXXX) && printf "%s\\n" "$1" > "$dir/sh" && chmod 700 "$dir/sh" || exit 126',
  'shift',
  '"$@" --ignore-scripts "--script-shell=$dir/sh"',
  'code=$?',
  '[ ! -e "$dir/sh" ] || { echo "npm did not run this step of the script"; rm -rf -- "$dir"; exit 126; }',
  'exit $code',
].join('\n')

/** The argv that runs a step as it runs within its command. */
export function stepArgv(step: Step): readonly string[] {
  switch (step.kind) {
    case 'argv':
      return step.argv
    case 'script':
      return ['/bin/sh', '-c', SCRIPT, 'sh', shellFor(step.text, step.as), ...step.call]
    default:
      return never(step, 'step')
  }
}

/** Removes itself first: the step sees no trace of it. */
function shellFor(text: string, npmCommand: string | null): string {
  return [
    '#!/bin/sh',
    'rm -rf -- "${0%/*}"',
    'unset npm_config_script_shell npm_config_ignore_scripts',
    ...(npmCommand === null ? [] : [`export npm_command=${npmCommand}`]),
    `exec /bin/sh -c ${shellQuote(text)}`,
  ].join('\n')
}
