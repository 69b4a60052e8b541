import type { Result } from '../base/result.ts'
import type { NetworkSetting } from '../contract/network.ts'

/** What a person may say about how commands are found. */
export interface DetectRequest {
  /** Absolute path of the repository. */
  readonly root: string
  /** `--package-manager`. */
  readonly packageManager?: string
  /** `--prefer-scripts`, taken apart. */
  readonly preferScripts?: readonly string[]
}

/** One command for the config, and why it is in it. */
export interface DetectedCommand {
  readonly name: string
  readonly argv: readonly string[]
  /** Directory to run in, relative to the root. */
  readonly cwd: string
  /** A type check or linter: goes into the `fast` profile. Never true for anything that runs tests. */
  readonly fast: boolean
  /** Runs the project's tests, as far as names and texts show. */
  readonly tests: boolean
  /** File that says so, relative to the root. */
  readonly file: string
  /** What was read there. */
  readonly evidence: string
  /** Why that makes it a gate. */
  readonly reason: string
  readonly timeoutSeconds: number
  readonly env: Readonly<Record<string, string>>
  /** Directories besides the caches that gates may write anyway. */
  readonly writable: readonly string[]
  readonly pins: readonly string[]
  /** Globs of what it writes for the commands behind it. */
  readonly keeps: readonly string[]
  /** null: nobody has measured it. */
  readonly network: NetworkSetting | null
  /** Words one of which groups stands in another command that does the same: `[['cargo', 'test']]`. */
  readonly does: readonly (readonly string[])[]
  /** Simple commands that it runs, as far as files show them: `make test` → `cargo test`. */
  readonly runs: readonly (readonly string[])[]
  /** Directories that those change to, as they are written: `web`, `$dir`. */
  readonly enters: readonly string[]
}

/** Package manager or build tool, and what said so. */
export interface ChosenTool {
  readonly name: string
  readonly reason: string
}

/** What one ecosystem has to offer. No commands: it is there, but nothing is certain; the notes say why. */
export interface Detection {
  /** Detector's name. */
  readonly ecosystem: string
  /** Null where there is no choice. */
  readonly tool: ChosenTool | null
  /** In the order in which they should run. */
  readonly commands: readonly DetectedCommand[]
  /** What a person should know about commands that were left out. */
  readonly notes: readonly string[]
}

/** `detect` looks at files only; null when the repository is not of this ecosystem. */
export interface Detector {
  readonly name: string
  /** Stands before a name that an earlier ecosystem has taken: `rust-test`. */
  readonly prefix: string
  readonly detect: (request: DetectRequest) => Result<Detection | null>
  /** Scripts or targets by name, for `--prefer-scripts`; null when the ecosystem (or the repository) has none. */
  readonly scripts?: (request: DetectRequest) => ScriptSource | null
}

/** One script, target, recipe or task. */
export interface Script {
  /** Shell text, as far as the file shows it. */
  readonly text: string
  /** Scripts of the same source that run before or within it. */
  readonly calls: readonly string[]
  /** Simple commands that are run and waited for, those of called scripts included; absent: as far as the texts show. */
  readonly steps?: readonly (readonly string[])[]
  /** What is shown as evidence, in one line. */
  readonly evidence: string
  /** Why it makes no gate; null when nothing speaks against it. */
  readonly unusable: string | null
  readonly pins?: readonly string[]
  /** Instead of the source's own argv. */
  readonly argv?: readonly string[]
}

/** A file in which a project names its own commands. */
export interface ScriptSource {
  readonly file: string
  /** Such as `script` or `target`, for messages. */
  readonly kind: string
  readonly scripts: ReadonlyMap<string, Script>
  readonly argv: (name: string) => readonly string[]
}
