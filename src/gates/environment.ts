import path from 'node:path'
import { reachesOutside } from '../contract/network.ts'
import type { Command } from '../contract/types.ts'

/** Names the gate in the environment of every process it starts, so that all of them can be found and ended. */
export const GATE_VARIABLE = 'AUTOLOOP_GATE'
/** How its value goes on after `<runId>:` for gates that the process with this pid runs: 8 hex digits. */
export const gateOwner = (pid: number): string => pid.toString(16).padStart(8, '0')

/** What a person's own run of the tests would rest on: identity, language, where tool chains and their caches live. */
const KEPT = new Set(
  `HOME USER LOGNAME SHELL LANG LANGUAGE TZ TMPDIR
  XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME
  SSL_CERT_FILE SSL_CERT_DIR NODE_EXTRA_CA_CERTS REQUESTS_CA_BUNDLE CURL_CA_BUNDLE PIP_CERT NIX_SSL_CERT_FILE AWS_CA_BUNDLE
  npm_config_cache NPM_CONFIG_CACHE NVM_DIR NVM_BIN VOLTA_HOME FNM_DIR PNPM_HOME YARN_CACHE_FOLDER COREPACK_HOME
  BUN_INSTALL DENO_DIR DENO_INSTALL CYPRESS_CACHE_FOLDER PLAYWRIGHT_BROWSERS_PATH PUPPETEER_CACHE_DIR
  CARGO_HOME RUSTUP_HOME RUSTUP_TOOLCHAIN GOPATH GOROOT GOCACHE GOMODCACHE GOTOOLCHAIN
  JAVA_HOME JDK_HOME MAVEN_HOME M2_HOME GRADLE_HOME GRADLE_USER_HOME KOTLIN_HOME ANDROID_HOME ANDROID_SDK_ROOT SDKMAN_DIR
  PYENV_ROOT PYENV_VERSION PIP_CACHE_DIR UV_CACHE_DIR UV_PYTHON_INSTALL_DIR UV_TOOL_DIR POETRY_HOME POETRY_CACHE_DIR
  PIPX_HOME PRE_COMMIT_HOME CONDA_PREFIX RBENV_ROOT RBENV_VERSION GEM_HOME GEM_PATH BUNDLE_USER_CACHE COMPOSER_HOME COMPOSER_CACHE_DIR
  DOTNET_ROOT NUGET_PACKAGES PUB_CACHE MIX_HOME HEX_HOME ASDF_DIR ASDF_DATA_DIR MISE_DATA_DIR MISE_CACHE_DIR
  DEVELOPER_DIR SDKROOT CCACHE_DIR SCCACHE_DIR`.split(/\s+/),
)

const PROXIES = new Set(
  `http_proxy https_proxy no_proxy all_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY`.split(' '),
)

/** Ours or Codex's: not even the approved config sets them. */
const RESERVED = /^(?:PATH|CODEX_.*|AUTONOMOUS_LOOP_.*|AUTOLOOP_.*)$/

export interface EnvironmentInput {
  /** The hook's own environment: Codex's, with the person's secrets in it. */
  readonly vars: Readonly<Record<string, string | undefined>>
  /** PATH recorded at approval. */
  readonly gatePath: string
  readonly runId: string
  readonly command: Command
  /** A directory that is not there, under a name nobody can know beforehand. Absent: where Python looks by itself. */
  readonly byteCode?: string
}

/**
 * The whole environment of a gate. A list of what goes in, not of what stays out: secrets, GIT_*, NODE_OPTIONS,
 * LD_PRELOAD, BASH_ENV and the like never do, unless the approved command's own `env` names them.
 */
export function gateEnvironment(input: EnvironmentInput): Record<string, string> {
  const kept = Object.entries(input.vars).filter(([name]) => isKept(name, input.command.network))
  const own = Object.entries(input.command.env).filter(([name]) => !isReserved(name))
  return {
    ...Object.fromEntries(kept.filter((entry): entry is [string, string] => entry[1] !== undefined)),
    TERM: input.command.tty ? 'xterm-256color' : 'dumb',
    CI: '1',
    // Byte code is told from its source by seconds and size: what one gate leaves could stand in for the next one's edit,
    // and where __pycache__ is not ignored every run would move the workspace.
    PYTHONDONTWRITEBYTECODE: '1',
    // uv ends at once where it cannot write its cache; without one it runs what is installed.
    ...(mayWriteUvCache(input) ? {} : { UV_NO_CACHE: '1' }),
    // Nor is byte code read that lies beside the source: with the same time and size it would win over a pinned file.
    ...(input.byteCode === undefined ? {} : { PYTHONPYCACHEPREFIX: input.byteCode }),
    ...Object.fromEntries(own),
    PATH: input.gatePath,
    [GATE_VARIABLE]: input.runId,
  }
}

/** Whether a gate has this variable as the person has it. */
export function isKept(name: string, network: Command['network']): boolean {
  return KEPT.has(name) || name.startsWith('LC_') || (reachesOutside(network) && PROXIES.has(name))
}

function mayWriteUvCache({ command, vars }: EnvironmentInput): boolean {
  return command.writable.some((dir) => path.basename(dir) === 'uv' || dir === vars['UV_CACHE_DIR'])
}

/** Whether a command's `env` names something that it may not set (it is left out). */
export function isReserved(name: string): boolean {
  return RESERVED.test(name)
}
