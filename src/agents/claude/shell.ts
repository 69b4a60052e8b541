import path from 'node:path'
import { shellWord } from '../../base/shell-word.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import type { TurnBase } from '../agent.ts'

/** As far out of the agent's reach as the prompt. */
const shellFile = ({ promptFile, turn }: Pick<TurnBase, 'promptFile' | 'turn'>): string =>
  path.join(path.dirname(promptFile), `turn-${turn}.shell`)

/**
 * Claude Code runs what its model wants in a shell as the person's login has it, whose PATH is another one than the approved one. So
 * that shell is handed a program that goes back to the approved one, and is given each command as one word (2.1.332). Throws what the
 * file system throws.
 */
export function approvedShell(turn: TurnBase, gatePath: string): Readonly<Record<string, string>> {
  const file = shellFile(turn)
  // There it would take the rest for options.
  if (file.includes(' -')) return {}
  writeFileWhole(file, `#!/bin/sh\nPATH=${shellWord(gatePath)}\nexport PATH\nexec bash -c "$1"\n`, 0o500)
  return { CLAUDE_CODE_SHELL_PREFIX: file }
}
