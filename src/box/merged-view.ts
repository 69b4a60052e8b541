import { spawnSync } from 'node:child_process'
import { systemWords } from '../base/system-words.ts'

/** More names than that at once could be a command line that the kernel refuses. */
const MOST_NAMES = 500

/** Prints the number of each name that is not there. */
const MISSING = 'cd "$0"; i=0; for f; do [ -e "$f" ] || [ -h "$f" ] || echo $i; i=$((i+1)); done'

/**
 * Of these files of a tree, those that are not seen below this layer. Only the kernel knows which directories of a layer hide
 * what the tree has in their place, so it is asked to put both together once more. Throws where it refuses.
 */
export function hiddenBelow(
  bwrap: string,
  root: string,
  upper: string,
  files: readonly string[],
): readonly string[] {
  const hidden: string[] = []
  for (let at = 0; at < files.length; at += MOST_NAMES) {
    const some = files.slice(at, at + MOST_NAMES)
    const layers = [root, upper].flatMap((layer) => ['--overlay-src', layer])
    const asking = ['--', '/bin/sh', '-c', MISSING, root]
    const run = spawnSync(
      bwrap,
      ['--unshare-user', '--dev-bind', '/', '/', ...layers, '--ro-overlay', root, ...asking, ...some],
      { cwd: '/', env: { PATH: '/usr/bin:/bin' }, encoding: 'utf8', timeout: 20_000, killSignal: 'SIGKILL' },
    )
    if (run.error) throw new Error(systemWords(run.error))
    if (run.status !== 0) throw new Error(run.stderr.trim().slice(0, 300))
    for (const line of run.stdout.split('\n').filter(Boolean)) hidden.push(some[Number(line)] ?? '')
  }
  return hidden
}
