import path from 'node:path'
import { shellQuote } from '../../base/shell-word.ts'
import { fillShim } from '../shim.ts'
import type { ManagedPlaces } from './places.ts'

/**
 * The hook shim for all users: it finds out whose Codex runs it, and has nothing to do for users who never bootstrapped.
 * Raw shell goes where a user's own shim has fixed words; the template sets `home` before `spool`, and `home_json` before `tool_json`.
 */
export function renderManagedShim(
  template: string,
  places: ManagedPlaces,
  about: { readonly node: string; readonly version: string },
): string {
  return fillShim(template, {
    VERSION: about.version,
    NODE: shellQuote(about.node),
    BUNDLE: shellQuote(path.join(places.dir, about.version, 'hook.cjs')),
    HOME: '${AUTONOMOUS_LOOP_HOME:-${CODEX_HOME:-${HOME:-/nonexistent}/.codex}/autoloop}',
    CODEX_HOME: '${CODEX_HOME:-${HOME:-/nonexistent}/.codex}',
    // Without a fork: the third word of this line is the real user's number.
    SPOOL: [
      '/tmp/autoloop-',
      'if [ -r /proc/self/status ]; then',
      '  while read -r name uid rest; do case $name in Uid:) break ;; esac; done </proc/self/status',
      'else',
      '  uid=$(id -u)',
      'fi',
      'spool=$spool$uid',
    ].join('\n'),
    NODE_JSON: shellQuote(JSON.stringify(about.node).slice(1, -1)),
    HOME_JSON: [
      '$home',
      `case $home in *[\\"\\\\]*) home_json='the home' ;; esac`,
      'case $home in',
      '/*) if [ ! -e "$home/machine.json" ] && [ ! -e "$home/armed" ]; then cat >/dev/null; exit 0; fi ;;',
      '*) cat >/dev/null; exit 0 ;;',
      'esac',
    ].join('\n'),
    TOOL: toolIn('tool', '$home'),
    TOOL_JSON: toolIn('tool_json', '$home_json'),
  })
}

/** The command line in a home that is known only when the shim runs; a quote in its path is left as it is. */
function toolIn(name: string, home: string): string {
  const quote = `case ${home} in 'the home' | *\\'*) ;; *[!a-zA-Z0-9_@%+=:,./-]*) ${name}="'$${name}'" ;; esac`
  return `${home}/bin/autonomous-loop\n${quote}`
}
