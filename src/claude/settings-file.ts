import os from 'node:os'
import path from 'node:path'

/** The person's own settings of Claude Code: `$CLAUDE_CONFIG_DIR/settings.json`, by default in `~/.claude`. */
export function settingsFile(vars: Readonly<Record<string, string | undefined>>): string {
  const dir = vars['CLAUDE_CONFIG_DIR'] || path.join(vars['HOME'] || os.homedir(), '.claude')
  return path.resolve(dir, 'settings.json')
}
