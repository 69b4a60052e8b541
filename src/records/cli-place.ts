import path from 'node:path'
import { shellWord } from '../base/shell-word.ts'

/** Our CLI shim in the home. */
export function cliPath(home: string): string {
  return path.join(home, 'bin', 'autonomous-loop')
}

/** The same as a word for a shell: what every text for the agent names. */
export function cliWord(home: string): string {
  return shellWord(cliPath(home))
}
