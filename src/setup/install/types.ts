import type { Result } from '../../base/result.ts'

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
  /** A type check or linter: goes into the `fast` profile. Never true for anything that runs tests. */
  readonly fast: boolean
  readonly reason: string
}

export interface Detection {
  /** Detector's name. */
  readonly ecosystem: string
  /** Package manager or build tool, and what said so; null where there is no choice. */
  readonly tool: { readonly name: string; readonly reason: string } | null
  /** In the order in which they should run. Never empty. */
  readonly commands: readonly DetectedCommand[]
  /** What a person should know about commands that were left out. */
  readonly notes: readonly string[]
}

/** `detect` looks at files only; null when the repository is not of this ecosystem. */
export interface Detector {
  readonly name: string
  readonly detect: (request: DetectRequest) => Result<Detection | null>
}
