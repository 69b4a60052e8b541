/** Directories that hold tests and nothing else, with what tests read. */
const DIRECTORIES = /^(?:tests?|specs?|__tests__|__snapshots__|testdata)$/i

/** Names of tests that lie among sources. */
const NAMES = [
  // JavaScript and TypeScript, snapshots too (`a.test.ts.snap`).
  /\.(?:test|spec)\.[^/]+$/i,
  // Python, Go, Ruby, Elixir, Rust, C.
  /^test_[^/]+\.py$/,
  /_(?:test|spec)\.[a-z]+$/i,
  // Django, and files that are nothing else.
  /^tests?\.[a-z]+$/,
  // Java, Kotlin, C#, PHP, Swift.
  /Tests?\.[a-z]+$/,
]

/** Whether a file is a test, or what tests read, by its name alone. Relative to the root. */
export function isTestFile(file: string): boolean {
  const parts = file.split('/')
  const name = parts.pop() ?? ''
  return parts.some((dir) => DIRECTORIES.test(dir)) || NAMES.some((shape) => shape.test(name))
}
