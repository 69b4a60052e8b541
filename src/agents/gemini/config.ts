import os from 'node:os'
import path from 'node:path'

/** Where the person has their own sign-in and settings. */
export const geminiConfig = (vars: Readonly<Record<string, string | undefined>>): string =>
  path.join(vars['GEMINI_CLI_HOME'] || vars['HOME'] || os.homedir(), '.gemini')
