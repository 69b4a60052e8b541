import { systemWords } from '../base/system-words.ts'

/** What only a programmer of the program can use: frames, places, and the lines that introduce them. */
const forProgrammers = [
  /^\s+at /,
  /^\s*\d+: .*(?:::|0x[0-9a-f]{4})/,
  /^\s*\d+: [a-z_][\w.<>]*$/i,
  /^(?:file|node):\S+:\d+$/,
  /^\s+throw\b/,
  /^\s*\^+\s*$/,
  /^Node\.js v\d/,
  /^(?:stack )?backtrace:?$/i,
  /^Location:?$/i,
  /^\s+\S+\.rs:\d+(?::\d+)?$/,
  /^thread '.*' (?:\(\d+\) )?panicked at /,
  /^note: (?:run with|Some details are omitted)/i,
  /^\s*(?:code|requireStack|errno|syscall|path|spawnargs): .*,?$/,
  /^[{}\s]*$/,
]
/** How a line of Rust's or Node's logging begins, before what it says. */
const prefix = /^(?:\d{4}-\d\d-\d\dT\S+\s+)?(?:ERROR|WARN|INFO|DEBUG|TRACE)\s+[\w:]+: /
const mostLines = 3
const mostCharacters = 300

/**
 * What another program wrote to stderr, for a person: its last words without colours, stack traces and places in its
 * source. Empty when it said nothing else. Pure.
 */
export function ownStderr(stderr: string): string {
  return stderr
    .replaceAll(/\u001b\[[0-9;]*[A-Za-z]/g, '')
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => !forProgrammers.some((pattern) => pattern.test(line)))
    .map((line) =>
      line
        .replace(prefix, '')
        .replace(/^Error: /, '')
        .replace(/ \{$/, '')
        .trim(),
    )
    .slice(-mostLines)
    .join('\n')
    .slice(0, mostCharacters)
}

/** Why a program that was started did not do its work: the system's words, else its own. */
export function whyFailed(run: {
  readonly error?: Error | undefined
  readonly stderr?: string | null
}): string {
  return run.error === undefined ? ownStderr(run.stderr ?? '') : systemWords(run.error)
}
