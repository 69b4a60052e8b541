import { TIMEOUT, found } from './found.ts'
import type { RepoFiles } from './files.ts'
import type { DetectedCommand } from './detection.ts'

const MAX_DEPTH = 5
/** More would make every stop long; a person chooses among them. */
const MAX_GATES = 8
/** Go itself passes over such directories. */
const PASSED_OVER = /(?:^|\/)(?:testdata|_[^/]*)(?:\/|$)/

/**
 * Modules below the root that neither the root's `./...` nor go.work comes to: a gate for each, or a note that names
 * them all. One that holds no code, or only names tools, has nothing to test.
 */
export function otherModules(
  look: RepoFiles,
  used: readonly string[],
): { readonly commands: readonly DetectedCommand[]; readonly notes: readonly string[] } {
  const dirs = look
    .all(/^go\.mod$/, MAX_DEPTH)
    .map((file) => file.replace(/\/?go\.mod$/, ''))
    .filter((dir) => dir !== '' && !PASSED_OVER.test(dir) && !used.includes(dir))
    .filter((dir) => look.all(/\.go$/, 3, dir).some((file) => !file.endsWith('/tools.go')))
    .sort()
  const [first] = dirs
  if (first === undefined) return { commands: [], notes: [] }
  if (dirs.length > MAX_GATES) {
    const line = JSON.stringify({ argv: ['go', 'test', '-count=1', './...'], cwd: first })
    return {
      commands: [],
      notes: [
        `${dirs.length} Go modules below the root are not tested by go test ./... there: ${dirs.join(', ')}. A gate for one: ${line}`,
      ],
    }
  }
  return {
    commands: dirs.map((dir) =>
      found({
        name: `test-${dir.replaceAll(/[^A-Za-z0-9]+/g, '-')}`,
        argv: ['go', 'test', '-count=1', './...'],
        cwd: dir,
        tests: true,
        file: `${dir}/go.mod`,
        evidence: 'a module of its own',
        reason: "the root's ./... does not come to it",
        timeoutSeconds: TIMEOUT.build,
      }),
    ),
    notes: [],
  }
}
