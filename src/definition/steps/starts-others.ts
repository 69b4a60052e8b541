import { plainWords, programOf } from '../collection.ts'
import { isShell, shellScript } from '../wrappers.ts'
import type { Workspace } from '../workspace.ts'
import type { MixedWhy } from '../../contract/steps.ts'

/** Programs whose whole work is to start others, one after the other. */
const RUNNERS = new Set(
  `tox nox pre-commit just task go-task invoke inv poe rake gradle gradlew mvn mvnw ant sbt bazel bazelisk mage doit scons bmake
  turbo nx lerna lage wireit ultra moon concurrently conc run-p run-s npm-run-all npm-run-all2 wsrun start-server-and-test
  server-test lint-staged parallel xargs find`.split(/\s+/),
)
const INTERPRETERS = /^(?:node|python[\d.]*|ruby|perl|php|tsx|ts-node|deno|bun|zx)$/
/** How a script of theirs starts other programs. It errs on the side of `mixed`, which claims less. */
const STARTS =
  /child_process|\bexeca\b|\bzx\b|Bun\.spawn|Deno\.Command|\bsubprocess\b|os\.(?:system|spawn|exec|popen)|\bsystem\s*\(|proc_open|shell_exec|Open3|\bpty\b/

/** Whether a program is one that starts several others in its own process tree, as far as a file or a name tells. */
export function startsOthers(argv: readonly string[], dir: string, workspace: Workspace): MixedWhy | null {
  const program = programOf(argv)
  if (RUNNERS.has(program)) return 'runner'
  if (isShell(program)) return shellScript(argv) === null ? null : 'driver'
  const file = (argv[0] ?? '').includes('/')
    ? (argv[0] ?? '')
    : INTERPRETERS.test(program)
      ? plainWords(argv.slice(1))[0]
      : undefined
  const rel = file === undefined ? null : workspace.inside(dir, file)
  if (rel === null || rel.split('/').includes('node_modules')) return null
  const text = workspace.stat(rel)?.isDirectory() === true ? null : workspace.text(rel)
  if (text === null) return null
  return /^#!.*\b(?:ba|da|z|k)?sh\b/.test(text) || STARTS.test(text) ? 'driver' : null
}
