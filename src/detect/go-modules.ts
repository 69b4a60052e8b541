import { TIMEOUT, found } from './found.ts'
import type { RepoFiles } from './files.ts'
import type { DetectedCommand } from './detection.ts'

const MAX_DEPTH = 5
/** Go itself passes over such directories. */
const PASSED_OVER = /(?:^|\/)(?:testdata|_[^/]*)(?:\/|$)/

/**
 * A gate for each module that neither the root's `./...` nor go.work reaches. A module without code, or with nothing
 * but a list of tools, has nothing to test.
 */
export function otherModules(look: RepoFiles, used: readonly string[] | null): DetectedCommand[] {
  return look
    .all(/^go\.mod$/, MAX_DEPTH)
    .map((file) => (file === 'go.mod' ? '.' : file.slice(0, -'/go.mod'.length)))
    .filter((dir) => (used === null ? dir !== '.' : !used.includes(dir)) && !PASSED_OVER.test(dir))
    .filter((dir) => hasCode(look, dir))
    .sort()
    .map((dir) =>
      found({
        name: nameOf(dir),
        argv: ['go', 'test', '-count=1', './...'],
        cwd: dir,
        tests: true,
        file: dir === '.' ? 'go.mod' : `${dir}/go.mod`,
        evidence: 'a module of its own',
        reason: `${used === null ? "the root's ./..." : 'go.work'} leaves it out`,
        timeoutSeconds: TIMEOUT.build,
        // Go refuses to work in a module that the go.work above it does not use.
        env: used === null ? {} : { GOWORK: 'off' },
        does: [['go', 'test'], ['gotestsum']],
      }),
    )
}

function hasCode(look: RepoFiles, dir: string): boolean {
  return look.all(/\.go$/, 3, dir).some((file) => !/(?:^|\/)tools\.go$/.test(file))
}

function nameOf(dir: string): string {
  return dir === '.' ? 'test-root' : `test-${dir.replaceAll(/[^A-Za-z0-9]+/g, '-')}`.slice(0, 60)
}
