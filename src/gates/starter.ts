import { ok } from '../base/result.ts'
import type { Launcher } from './types.ts'

/**
 * What codex itself puts into the environment of a sandboxed command. A gate must not see it: a test that behaves
 * differently under Codex would be judged by other rules than the person's own run.
 */
const CODEX_VARIABLES = [
  'CODEX_HOME',
  'CODEX_SANDBOX',
  'CODEX_SANDBOX_NETWORK_DISABLED',
  'CODEX_PERMISSION_PROFILE',
  'CODEX_MANAGED_BY_NPM',
  'CODEX_MANAGED_PACKAGE_ROOT',
  'CODEX_VERSION',
]

export const CLEAN_ENVIRONMENT = `export PATH; unset OLDPWD ${CODEX_VARIABLES.join(' ')}`

// Codex prepends two directories to PATH, so it is set once more inside. The mark is printed before exec: everything
// that comes earlier was said by the sandbox, and no mark at all means that the command never started.
const SCRIPT = [
  'cd -- "$2" || exit 126',
  'PATH=$3',
  CLEAN_ENVIRONMENT,
  '[ -x "$4" ] || { printf "%s may not be executed there\\n" "$4"; exit 126; }',
  `printf '\\036%s\\036\\n' "$1"`,
  'shift 3',
  'exec "$@"',
].join('\n')

export interface StarterInput {
  readonly nonce: string
  /** Absolute directory the command runs in. */
  readonly cwd: string
  readonly path: string
  readonly argv: readonly string[]
}

/** The argv that changes directory, cleans the environment, prints the start mark and becomes the command. */
export function starterArgv(input: StarterInput): string[] {
  return ['/bin/sh', '-c', SCRIPT, 'sh', input.nonce, input.cwd, input.path, ...input.argv]
}

/**
 * The bytes that say "started". The raw 0x1e is nowhere in the starter's argv, so an error message of the sandbox that
 * repeats the argv is not taken for a start. A pty turns the newline into CR LF; both are swallowed.
 */
export function startMark(nonce: string): Buffer {
  return Buffer.from(`\u001E${nonce}\u001E`)
}

/** For `sandbox: "off"`: the gate runs with the person's own rights. */
export const directLaunch: Launcher = (start) => ok({ argv: start.argv, env: start.env, sandboxed: false })
