#!/bin/sh
# autonomous-loop @VERSION@. An absolute way to the command line: an agent's login shell may have neither us nor node in PATH.
node=@NODE@
main=@MAIN@
if [ ! -x "$node" ] || [ ! -r "$main" ]; then
  gone=$main
  [ -x "$node" ] || gone=$node
  printf 'autonomous-loop: %s is gone. Install node >= 20.19, then in a clone of autonomous-loop: npm ci && npm run build && npm install -g . && autonomous-loop bootstrap\n' "$gone" >&2
  exit 1
fi
unset NODE_OPTIONS NODE_PATH
AUTONOMOUS_LOOP_HOME=@HOME@ CODEX_HOME=@CODEX_HOME@
export AUTONOMOUS_LOOP_HOME CODEX_HOME
exec "$node" "$main" "$@"
