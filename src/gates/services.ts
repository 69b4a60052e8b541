import path from 'node:path'
import { shellQuote, shellWord } from '../base/shell-word.ts'
import type { Service } from '../contract/types.ts'
import type { GateOutcome } from './types.ts'

/** Tells that a service did not get ready, as data: its number, how, and its exit code or the seconds. */
const failureMark = (nonce: string): string => `\u001F${nonce}\u001F`

const FUNCTIONS = (nonce: string): string => `
AUTOLOOP_SERVICE_DIR=$(mktemp -d "\${TMPDIR:-/tmp}/autoloop-services-XXXXXX") || exit 126
export AUTOLOOP_SERVICE_DIR
own=$(mktemp -d "\${TMPDIR:-/tmp}/autoloop-own-XXXXXX") || exit 126
serve() { n=$1; shift; ( "$@" </dev/null >"$own/log$n" 2>&1 & p=$!; echo $p >"$own/pid$n"; wait $p; echo $? >"$own/ended$n" ) 2>/dev/null & }
refuse() { printf '\\037%s\\037 %s %s %s\\n' ${nonce} "$1" "$2" "$3"; tail -n 20 "$own/log$1"; exit 97; }
ready() {
  n=$1; limit=$2; shift 2
  until=$(( $(date +%s) + limit ))
  while ! "$@" </dev/null >"$own/ready$n" 2>&1; do
    if [ -s "$own/ended$n" ]; then code=$(cat "$own/ended$n"); [ "$code" = 0 ] || refuse "$n" ended "$code"; fi
    [ "$(date +%s)" -lt "$until" ] || refuse "$n" late "$limit"
    sleep 0.1 2>/dev/null || sleep 1
  done
}
stop() {
  n=$1; shift
  if [ $# -gt 0 ]; then ( "$@" </dev/null >>"$own/log$n" 2>&1; : >"$own/stopped$n" ) 2>/dev/null & else kill "$(cat "$own/pid$n")" 2>/dev/null; : >"$own/stopped$n"; fi
  until=$(( $(date +%s) + 5 ))
  until [ -e "$own/stopped$n" ] && [ -s "$own/ended$n" ]; do
    [ "$(date +%s)" -lt "$until" ] || return 0
    sleep 0.1 2>/dev/null || sleep 1
  done
}`

export interface ServiceLines {
  /** Before the command: each is started and ready before the next one. */
  readonly before: readonly string[]
  /** After it, with its exit code in $code. */
  readonly after: readonly string[]
}

/** The lines of the supervisor's script for these services. What they hold is quoted: it is an argv of the approved config. */
export function serviceLines(services: readonly Service[], nonce: string): ServiceLines {
  if (services.length === 0) return { before: [], after: [] }
  const words = (argv: readonly string[]): string => argv.map(shellQuote).join(' ')
  const numbered = services.map((service, at) => ({ ...service, n: at + 1 }))
  return {
    before: [
      FUNCTIONS(nonce),
      ...numbered.flatMap(({ argv, ready, timeoutSeconds, n }) => [
        `serve ${n} ${words(argv)}`,
        `ready ${n} ${Math.ceil(timeoutSeconds)} ${words(ready)}`,
      ]),
    ],
    after: [
      ...numbered.toReversed().map(({ stop = [], n }) => `stop ${n} ${words(stop)}`),
      // What a service said explains a failure, and nothing else.
      ...numbered.map(
        ({ argv, n }) =>
          `[ "$code" = 0 ] || tail -n 20 "$own/log${n}" | sed ${shellQuote(`s/^/[${label(argv)}] /`)}`,
      ),
      'rm -rf "$AUTOLOOP_SERVICE_DIR" "$own"',
    ],
  }
}

const label = (argv: readonly string[]): string => path.basename(argv[0] ?? '').replaceAll(/[^\w.-]/g, '_')

/** How long all of them may take to get ready. */
export const serviceSeconds = (services: readonly Service[]): number =>
  services.reduce((sum, { timeoutSeconds }) => sum + timeoutSeconds, 0)

/** The outcome where a service kept the command from being started; `said` is what came before the command's start mark. */
export function serviceFailure(
  said: string,
  nonce: string,
  services: readonly Service[],
): GateOutcome | null {
  const at = said.lastIndexOf(failureMark(nonce))
  if (at < 0) return null
  const [first = '', ...lines] = said.slice(at + failureMark(nonce).length).split('\n')
  const [number, how, value] = first.trim().split(' ')
  const service = services[Number(number) - 1]
  if (service === undefined) return null
  const name = service.argv.map(shellWord).join(' ').slice(0, 200)
  const what = how === 'late' ? `was not ready after ${value} s` : `ended with ${value} before it was ready`
  const last = lines.join('\n').trim().slice(-1500)
  return {
    kind: 'could-not-run',
    why: `the service ${name} ${what}${last === '' ? '' : `: ${last}`}`,
    fix: 'correct services in .codex/autoloop.project.json, or install what the service needs',
  }
}
