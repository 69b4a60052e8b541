import type { FileProblem } from '../contract-file.ts'

/** One problem of a file in two lines, for people. */
export function problemLines(name: string, { line, path, found, allowed, example }: FileProblem): string {
  return `  ${name}:${line}  ${path}: found ${found}; allowed: ${allowed}\n      for example: ${example}`
}
