import fs from 'node:fs'
import { type Sha256, canonicalJson, sha256 } from '../../base/hash.ts'
import type { PrepareStep } from '../../contract/types.ts'
import { fsPath } from '../../evidence/path-text.ts'
import { isInput, isInstaller } from './installers.ts'

/** A tree for which something is prepared. */
export interface PreparedFor {
  /** Holds its content. */
  readonly dir: string
  readonly files: ReadonlySet<string>
  /** Of all its content, and of the commit it began from. */
  readonly digest: Sha256
}

/**
 * Names what each step makes: the same for the same step after the same steps, with the same tool, on a tree that is the same to
 * it. `tools`: for each step what its program is, such as path, size and change time.
 */
export function layerDigests(
  candidate: PreparedFor,
  steps: readonly PrepareStep[],
  tools: readonly string[],
): Sha256[] {
  let inputs: Sha256 | undefined
  let before: Sha256 | null = null
  return steps.map((step, at) => {
    const tree: Sha256 = isInstaller(step.argv) ? (inputs ??= digestOf(candidate)) : candidate.digest
    before = sha256(canonicalJson([before, step as unknown, tools[at] ?? null, tree]))
    return before
  })
}

/** Whether one of these steps reads one of these files. */
export function readsAny(steps: readonly PrepareStep[], files: readonly string[]): boolean {
  return steps.some(({ argv }) => (isInstaller(argv) ? files.some(isInput) : files.length > 0))
}

function digestOf({ dir, files }: PreparedFor): Sha256 {
  const read = [...files]
    .filter(isInput)
    .sort()
    .map((file) => [file, contentOf(fsPath(dir, file))])
  return sha256(canonicalJson(read))
}

function contentOf(file: string | Buffer): string {
  const stat = fs.lstatSync(file, { throwIfNoEntry: false })
  if (stat?.isSymbolicLink()) return `link ${fs.readlinkSync(file)}`
  return stat?.isFile() ? sha256(fs.readFileSync(file)) : 'none'
}
