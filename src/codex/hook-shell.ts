import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** The shells that Codex knows by their file's name; with any other it takes bash (measured with 0.169 and 0.171). */
const known: ReadonlySet<string> = new Set(['bash', 'zsh', 'sh'])

/**
 * The shell with which Codex starts hooks (`<shell> -c <command>`): that of the user's passwd entry where it is one Codex
 * knows, whatever $SHELL says, or bash. Absolute.
 */
export function hookShell(passwd: string | null = passwdShell()): string {
  if (passwd !== null && known.has(path.basename(passwd)) && fs.existsSync(passwd)) return passwd
  return ['/usr/bin/bash', '/bin/bash'].find((file) => fs.existsSync(file)) ?? '/bin/sh'
}

/** null for a user without an entry, as containers have them. */
function passwdShell(): string | null {
  try {
    return os.userInfo().shell
  } catch {
    return null
  }
}
