import fs from 'node:fs'
import { type Sha256, canonicalJson, sha256 } from '../../base/hash.ts'
import { readTextSafe } from '../../base/read-file.ts'
import type { PrepareStep } from '../../contract/types.ts'
import { fsPath } from '../../evidence/path-text.ts'
import { prepareInputs } from '../prepare/inputs.ts'
import type { TreeFiles } from '../prepare/tree-files.ts'

/** A tree for which something is prepared. */
export interface PreparedFor {
  /** Holds its content. */
  readonly dir: string
  readonly files: ReadonlySet<string>
  /** Of all its content, and of the commit it began from. */
  readonly digest: Sha256
}

/** A lock file of a large project has some megabytes. */
const MAX_TEXT = 64_000_000

/**
 * Names what each step makes: the same for the same step after the same steps, with the same tool, on a tree that is the same to
 * it. `tools`: for each step what its program is, such as path, size and change time.
 */
export function layerDigests(
  candidate: PreparedFor,
  steps: readonly PrepareStep[],
  tools: readonly string[],
): Sha256[] {
  const tree = filesOf(candidate)
  let before: Sha256 | null = null
  return steps.map((step, at) => {
    const inputs = prepareInputs([step], tree)
    const read = inputs.kind === 'tree' ? candidate.digest : digestOf(candidate, inputs.files)
    before = sha256(canonicalJson([before, step as unknown, tools[at] ?? null, read]))
    return before
  })
}

/** Texts are asked for again by each step. */
function filesOf({ dir, files }: PreparedFor): TreeFiles {
  const texts = new Map<string, string | null>()
  return {
    paths: files,
    text(file) {
      let text = texts.get(file)
      if (text === undefined) {
        const place = files.has(file) ? fsPath(dir, file) : null
        const read =
          typeof place === 'string' ? readTextSafe(place, { maxBytes: MAX_TEXT, follow: true }) : null
        texts.set(file, (text = read?.ok ? read.value : null))
      }
      return text
    },
  }
}

function digestOf({ dir }: PreparedFor, read: readonly string[]): Sha256 {
  return sha256(canonicalJson(read.map((file) => [file, contentOf(fsPath(dir, file))])))
}

/** Of a link also what it leads to, because that is what an installer reads. */
function contentOf(file: string | Buffer): string {
  const link = fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true
  const content = fs.statSync(file, { throwIfNoEntry: false })?.isFile()
    ? sha256(fs.readFileSync(file))
    : 'none'
  return link ? `link ${fs.readlinkSync(file)} ${content}` : content
}
