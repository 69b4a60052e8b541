import fs from 'node:fs'
import os from 'node:os'

/**
 * The shell with which Codex starts hooks (`<shell> -c <command>`): that of the user's passwd entry, whatever $SHELL
 * says, or bash where that one takes no commands. Absolute.
 */
export function hookShell(): string {
  const shell = passwdShell()
  if (shell !== null && !/nologin$|\/false$/.test(shell) && fs.existsSync(shell)) return shell
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
