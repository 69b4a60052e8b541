/** A small project of the usual shape, and a bug in it that its own tests find. */
export interface Project {
  readonly name: string
  /** Also played by `npm test`: needs Node alone and seconds only. */
  readonly short?: true
  /** Programs that must be there: Debian's packages of them are in scripts/projects-setup.sh. */
  readonly needs?: readonly string[]
  /** npm packages, exact. Those of this repository's own node_modules are copied from there, others are fetched once. */
  readonly packages?: Readonly<Record<string, string>>
  /** Those of its packages that have install scripts. */
  readonly builds?: readonly string[]
  /** Programs from npm that a person has on PATH, exact. */
  readonly tools?: Readonly<Record<string, string>>
  readonly files: Readonly<Record<string, string>>
  /** Files of the person's home. */
  readonly home?: Readonly<Record<string, string>>
  /** Run outside the sandbox before, as a person would. */
  readonly prepare?: readonly (readonly string[])[]
  /** What the person adds to gates after they were measured, by name: these fail on every rung, because their server is missing. */
  readonly services?: Readonly<Record<string, readonly object[]>>
  /** What `install-repo --measure` says in the form with the clean room; default: nothing. */
  readonly notes?: readonly RegExp[]
  /** Names of the gates that are proposed. */
  readonly gates: readonly string[]
  readonly bug: { readonly file: string; readonly text: string }
  /** What the block says of it: words that only this bug brings. */
  readonly reason: RegExp
}

/** A package.json with the lock file that says npm. */
export function npmProject(
  name: string,
  test: string,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, string>> {
  return {
    'package.json': `${JSON.stringify({ name, version: '1.0.0', private: true, scripts: { test }, ...more }, null, 2)}\n`,
    'package-lock.json': `${JSON.stringify({ name, version: '1.0.0', lockfileVersion: 3, packages: {} }, null, 2)}\n`,
    '.gitignore': 'node_modules\n',
  }
}
