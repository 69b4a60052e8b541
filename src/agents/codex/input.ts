import fs from 'node:fs'
import path from 'node:path'
import { readTextSafe } from '../../base/read-file.ts'
import type { TurnBase } from '../agent.ts'

const errorsFile = ({ scratch }: TurnBase): string => path.join(scratch, 'stderr.log')

/** An input that stays open would keep Codex from ever beginning, and errors between its events would tear them. */
const SCRIPT = 'CODEX_HOME=$1; export CODEX_HOME; exec <"$2" 2>"$3"; shift 3; exec "$@"'

/** With the prompt as its whole input, and a file for errors. The starter takes away Codex's variables, so its home is named here. */
export function withInput(codexHome: string, turn: TurnBase, argv: readonly string[]): string[] {
  return ['/bin/sh', '-c', SCRIPT, 'sh', codexHome, turn.promptFile, errorsFile(turn), ...argv]
}

/** What Codex said on its way out; '' where it said nothing. */
export function wordsOfErrors(turn: TurnBase): string {
  const said = readTextSafe(errorsFile(turn), { maxBytes: MAX_ERROR_BYTES })
  return said.ok ? said.value : ''
}

const MAX_ERROR_BYTES = 1 << 20

/** Beside the log of the turn, for a person: Codex says there why it did not begin. Healthy turns have lines of errors too. */
export function keepErrors(turn: TurnBase): void {
  const said = wordsOfErrors(turn)
  if (said === '') return
  try {
    fs.writeFileSync(path.join(turn.dir, `turn-${turn.turn}.stderr.log`), said, { mode: 0o600 })
  } catch {
    // Nothing rests on it.
  }
}
