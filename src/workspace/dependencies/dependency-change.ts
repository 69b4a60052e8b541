/** Texts by path, relative to the root, with '/'. Null: no such file, or none that is text. */
export interface ManifestTexts {
  readonly was: (file: string) => string | null
  readonly now: (file: string) => string | null
}

export type Ecosystem = 'node' | 'python' | 'rust' | 'go' | 'ruby' | 'php'

export interface PackageName {
  readonly name: string
  readonly version: string
}

/**
 * What a package brings by mere installation, read from its installed files (see `installed.ts`): formats of lock files that say
 * nothing of it are settled by this.
 */
export interface Brings {
  readonly programs: readonly string[]
  /** Whether a tool or a runtime loads something of it although no settings name it, or installing it runs its code. */
  readonly loadsItself: boolean
  /** Names of the packages that it needs, as its own metadata says. */
  readonly needs: readonly string[]
}

/** Null where nobody knows; then nothing is taken for granted. */
export type InstalledPackage = (ecosystem: Ecosystem, wanted: PackageName) => Brings | null

export interface DependencyContext {
  /** Names of all programs that gates start or reach, without directories. */
  readonly gatePrograms: ReadonlySet<string>
  readonly installed?: InstalledPackage
  /** Where npm's settings of the start get packages from, as an address without a slash at its end. Absent where they don't say. */
  readonly npmRegistry?: string
}

/** Why a change is definition. `package` is null where it is about no package in particular. */
export interface DependencyReason {
  readonly kind:
    | 'unreadable'
    /** The file appeared or vanished. */
    | 'new-file'
    | 'removed-file'
    /** Something else than dependencies differs: scripts, overrides, `replace`, `patch`, index URLs, options. */
    | 'other-content'
    /** A package that was there has another version, place, source or content, or has gone. */
    | 'moved'
    /** `file:`, `link:`, `git`, a URL, `path`, `workspace:`. */
    | 'not-from-a-registry'
    /** `npm:` and other ways to install one package under the name of another. */
    | 'alias'
    | 'other-registry'
    | 'no-integrity'
    | 'not-pinned'
    /** The manifest asks for it and the lock file does not have it. */
    | 'not-in-lock'
    /** The lock file has it and no added dependency leads to it. */
    | 'not-in-manifest'
    /** It lies nearer to a package of the start than what that package found until now. */
    | 'shadows'
    /** A program of that name was there, or a gate starts it. */
    | 'program'
    /** Loaded by a tool without settings, or made for a program that a gate starts. */
    | 'plug-in'
    /** A package of the start loads it if it is there. */
    | 'wanted-by-start'
    | 'install-script'
    /** The format does not say which programs or plug-ins it brings, and nobody knows what is installed. */
    | 'cannot-tell'
    /** The other file of the pair cannot be taken back alone. */
    | 'with-its-pair'
  readonly package: string | null
}

export type DependencyChange =
  | { readonly file: string; readonly kind: 'free'; readonly added: readonly PackageName[] }
  | {
      readonly file: string
      readonly kind: 'definition'
      /** All of them, the first one first; never empty. */
      readonly reasons: readonly DependencyReason[]
      /** The start's text with the free additions merged in; null where there are none, or they cannot be merged. */
      readonly withFree: string | null
    }
