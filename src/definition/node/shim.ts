/** Lines of the start scripts that pnpm (and npm on other systems) write instead of links. */
const LINES = new Set([
  '',
  '#!/bin/sh',
  'basedir=$(dirname "$(echo "$0" | sed -e \'s,\\\\,/,g\')")',
  'case `uname` in',
  '*CYGWIN*) basedir=`cygpath -w "$basedir"`;;',
  '*CYGWIN*|*MINGW*|*MSYS*)',
  'if command -v cygpath > /dev/null 2>&1; then',
  'basedir=`cygpath -w "$basedir"`',
  ';;',
  'esac',
  'if [ -z "$NODE_PATH" ]; then',
  'if [ -x "$basedir/node" ]; then',
  'else',
  'fi',
])
const NODE_PATH = /^export NODE_PATH="[^"$`\\]*(?::\$NODE_PATH)?"$/
const EXEC = /^exec (?:"\$basedir\/node"|node) +"\$basedir\/([^"$`\\]+)" "\$@"$/

/** What a start script runs, relative to its directory; `exact` when nothing but such a script stands there. Null when it is none. */
export function readShim(text: string): { readonly target: string; readonly exact: boolean } | null {
  const targets = new Set<string>()
  let exact = text.length < 20_000
  for (const raw of text.slice(0, 20_000).split('\n')) {
    const line = raw.trim()
    const target = EXEC.exec(line)?.[1]
    if (target !== undefined) targets.add(target)
    else if (!LINES.has(line) && !NODE_PATH.test(line)) exact = false
  }
  const [target, ...others] = targets
  return target === undefined || others.length > 0 ? null : { target, exact }
}
