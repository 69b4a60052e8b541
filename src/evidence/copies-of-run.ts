import path from 'node:path'
import type { Sha256 } from '../base/hash.ts'

/* Where copies of files lie beside the baselines of a run. Apart from what reads them, which most hooks do not need. */

const NAME = 'copied-'

interface Copies {
  readonly sha256: Sha256
}

export const copiedDirectory = (dir: string, sha: Sha256): string => path.join(dir, `${NAME}${sha}`)

/** Whether this is the name of such a directory, of any run. */
export const isCopies = (name: string): boolean => name.startsWith(NAME)

/** Those of one run: ignored files for the clean room, and what was kept of its start. */
export function copiesOfRun(
  dir: string,
  { copied, kept }: { readonly copied?: Copies; readonly kept?: Copies },
): readonly string[] {
  return [copied, kept].flatMap((one) => (one === undefined ? [] : [copiedDirectory(dir, one.sha256)]))
}
