import path from 'node:path'

/** Whether a broken source makes any of the test gates fail. */
export type Noticing =
  | { readonly kind: 'noticed'; readonly file: string; readonly by: string }
  /** Each of these files was broken in turn, and the gates passed. */
  | { readonly kind: 'unnoticed'; readonly files: readonly string[]; readonly gates: readonly string[] }
  | { readonly kind: 'not-looked'; readonly why: NotLooked }

/** `fails-in-copy`: without any change, so a failure there would say nothing. */
export type NotLooked =
  | 'no-test-gate'
  | 'too-slow'
  | 'no-source'
  | 'too-large'
  | 'not-copied'
  | 'fails-in-copy'
  | 'no-home'

export interface Source {
  /** Relative to the root. */
  readonly path: string
  readonly bytes: number
}

const SOURCE =
  /\.(?:[cm]?[jt]sx?|vue|svelte|py|go|rs|c|cc|cpp|cxx|h|hpp|rb|php|java|kt|scala|cs|swift|ex|exs|dart|zig)$/
/** Tests, settings, and what comes from elsewhere: breaking those shows nothing about the gates. */
const NO_SOURCE =
  /(?:^|\/)(?:tests?|specs?|__tests__|__mocks__|fixtures?|testdata|node_modules|vendor|third_party|dist|build|docs?|examples?|\.[^/]*)\/|(?:[._-](?:test|spec|config|min|d)|_test|^test_.*|\/test_[^/]*|\/?conftest|\/?setup)\.[^/]*$/i
const most = 5

/** The largest sources, at most five. */
export function filesToBreak(tracked: readonly Source[]): string[] {
  return tracked
    .filter((one) => one.bytes > 0 && SOURCE.test(one.path) && !NO_SOURCE.test(one.path))
    .toSorted((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1))
    .slice(0, most)
    .map((one) => one.path)
}

/** A text that no compiler and no interpreter of these languages takes. PHP prints what stands before its mark, so it is at the end too. */
export function brokenText(file: string, text: string): string {
  const end = path.extname(file) === '.php' ? '' : ')]}\n'
  return `${end}${text}\n)]} broken here\n`
}
