import os from 'node:os'
import path from 'node:path'

/** Milliseconds since the epoch; injected so that decisions can be tested. */
export type Clock = () => number

/** Everything the program takes from its surroundings, read once at the edge. */
export interface Env {
  readonly vars: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** CODEX_HOME, default ~/.codex; absolute. */
  readonly codexHome: string
  /** AUTONOMOUS_LOOP_HOME, default $CODEX_HOME/autoloop; absolute. */
  readonly home: string
  readonly tmpDir: string
  readonly uid: number
  /** How long one call of git may take where somebody waits for the answer, in milliseconds; absent: as long as evidence allows. */
  readonly gitTimeoutMs?: number
}

/** Source: the process. `vars` is a copy, so later changes of process.env do not leak in. */
export function readEnv(): Env {
  const vars = { ...process.env }
  const cwd = process.cwd()
  const codexHome = path.resolve(cwd, vars['CODEX_HOME'] || path.join(os.homedir(), '.codex'))
  return {
    vars,
    cwd,
    codexHome,
    home: path.resolve(cwd, vars['AUTONOMOUS_LOOP_HOME'] || path.join(codexHome, 'autoloop')),
    tmpDir: os.tmpdir(),
    uid: process.getuid?.() ?? -1,
  }
}
