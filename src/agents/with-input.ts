import fs from 'node:fs'
import path from 'node:path'
import { readTextSafe } from '../base/read-file.ts'
import type { TurnBase } from './agent.ts'

const errorsFile = ({ scratch }: TurnBase): string => path.join(scratch, 'stderr.log')

/** An input that stays open would keep a program from ever beginning, and errors between its events would tear them. */
const SCRIPT = 'exec <"$1" 2>"$2"; shift 2; exec "$@"'

/** With the prompt as its whole input, and a file for errors. */
export function withInput(turn: TurnBase, argv: readonly string[]): string[] {
  return ['/bin/sh', '-c', SCRIPT, 'sh', turn.promptFile, errorsFile(turn), ...argv]
}

/** What the program said on its way out; '' where it said nothing. */
export function wordsOfErrors(turn: TurnBase): string {
  const said = readTextSafe(errorsFile(turn), { maxBytes: MAX_ERROR_BYTES })
  return said.ok ? said.value : ''
}

const MAX_ERROR_BYTES = 1 << 20

/** Beside the log of the turn, for a person: programs say there why they did not begin. Healthy turns have lines of errors too. */
export function keepErrors(turn: TurnBase, shown: (words: string) => string = (words) => words): void {
  const said = wordsOfErrors(turn)
  if (said === '') return
  try {
    fs.writeFileSync(path.join(turn.dir, `turn-${turn.turn}.stderr.log`), shown(said), { mode: 0o600 })
  } catch {
    // Nothing rests on it.
  }
}
