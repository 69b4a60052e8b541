import path from 'node:path'

/** What programs need of a person's surroundings to start at all. Everything else stays out: keys, proxies, settings. */
const kept = [
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'LD_LIBRARY_PATH',
  'LOGNAME',
  'NIX_LD',
  'NIX_LD_LIBRARY_PATH',
  'NO_COLOR',
  'SHELL',
  'TERM',
  'TMPDIR',
  'TZ',
  'USER',
]

export interface Surroundings {
  /** The person's environment. */
  readonly vars: Readonly<Record<string, string | undefined>>
  /** The node that runs us; its directory leads PATH, because a version manager's shims follow HOME. */
  readonly node: string
  readonly userHome: string
  readonly codexHome: string
  readonly codexPath: string
}

/** The environment of everything that a proof starts. */
export function cleanEnvironment(from: Surroundings): Record<string, string> {
  const own = (from.vars['PATH'] ?? '').split(path.delimiter).filter(isUsable)
  const dirs = [path.dirname(from.node), ...own, '/usr/bin', '/bin']
  const env: Record<string, string> = {
    PATH: [...new Set(dirs)].join(path.delimiter),
    HOME: from.userHome,
    CODEX_HOME: from.codexHome,
    AUTOLOOP_CODEX: from.codexPath,
    // No settings of the system or the person: a signing key or a template would be theirs.
    GIT_CONFIG_NOSYSTEM: '1',
    npm_config_update_notifier: 'false',
  }
  for (const name of kept) {
    const value = from.vars[name]
    if (value !== undefined) env[name] = value
  }
  return env
}

/** `npm run` puts the project's own tools first. */
function isUsable(dir: string): boolean {
  return path.isAbsolute(dir) && !dir.split(path.sep).includes('node_modules')
}
