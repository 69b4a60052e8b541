import path from 'node:path'

/** A test runner that ends with 0 although it ran no test, and how its output tells. Lines without colours. */
export interface TestRunner {
  readonly id: string
  /** Whether these words of a command start it; the first is a program's base name. */
  readonly startedBy: (words: readonly string[]) => boolean
  /** A line that says there was none: all lines of this kind must, and there must be one. */
  readonly none: RegExp
  /** A line that says there was one. */
  readonly some: RegExp
}

/** Also behind a wrapper (`npx`, `c8`, `nyc`, `bundle exec`). */
const called =
  (...names: string[]) =>
  (words: readonly string[]): boolean =>
    words.some((word) => names.includes(path.basename(word)))
/** A program's own subcommand, with options between them. */
const subcommand =
  (name: string, ...verbs: string[]) =>
  (words: readonly string[]): boolean => {
    const at = words.findIndex((word) => path.basename(word) === name)
    return at >= 0 && words.slice(at + 1).some((word) => verbs.includes(word))
  }

/** Runners that fail without tests by themselves (pytest, bun, cargo-nextest, vitest without a flag) need no row for that. */
export const testRunners: readonly TestRunner[] = [
  {
    id: 'ctest',
    startedBy: called('ctest'),
    none: /^No tests were found!!!$/,
    some: /\d tests? failed out of [1-9]/,
  },
  {
    id: 'jest',
    startedBy: called('jest', 'jest.js'),
    none: /^No tests found, exiting with code 0$/,
    some: /^Tests: .*[1-9]\d* total/,
  },
  {
    id: 'vitest',
    startedBy: called('vitest', 'vitest.mjs'),
    none: /^No test files found, exiting with code 0$/,
    some: /^\s*Tests {2}.*\([1-9]\d*\)/,
  },
  {
    id: 'mocha',
    startedBy: called('mocha', '_mocha', 'mocha.js'),
    none: /^\s*0 passing \(/,
    some: /^\s*[1-9]\d* (?:passing|pending|failing)/,
  },
  {
    id: 'node --test',
    startedBy: subcommand('node', '--test'),
    none: /^[#ℹ] tests 0$/u,
    some: /^[#ℹ] tests [1-9]/u,
  },
  {
    id: 'go test',
    startedBy: subcommand('go', 'test'),
    none: /^\?\s.*\[no test files\]$|^ok\s.*\[no tests to run\]$|^\s+\S+\s+coverage: 0\.0% of statements$/,
    some: /^ok\s(?!.*\[no tests to run\])/,
  },
  {
    id: 'cargo test',
    startedBy: subcommand('cargo', 'test', 't'),
    none: /^running 0 tests$/,
    some: /^running [1-9]\d* tests?$/,
  },
  {
    id: 'unittest',
    startedBy: called('unittest'),
    none: /^Ran 0 tests in /,
    some: /^Ran [1-9]\d* tests? in /,
  },
  {
    id: 'phpunit',
    startedBy: called('phpunit', 'phpunit.phar'),
    none: /^No tests executed!$/,
    some: /^OK \([1-9]|^Tests: [1-9]/,
  },
  {
    id: 'rspec',
    startedBy: called('rspec'),
    none: /^0 examples, 0 failures/,
    some: /^[1-9]\d* examples?, /,
  },
  {
    id: 'dotnet test',
    startedBy: subcommand('dotnet', 'test'),
    none: /^No test is available in |^No test matches the given testcase filter/,
    some: /Total(?: tests)?:\s*[1-9]/,
  },
]
