import fs from 'node:fs'
import { type Sha256, canonicalJson, sha256 } from '../../base/hash.ts'
import { readTextSafe } from '../../base/read-file.ts'
import type { PrepareStep } from '../../contract/types.ts'
import { fsPath } from '../../evidence/path-text.ts'
import { prepareInputs } from '../prepare/inputs.ts'
import { decidesLayer } from '../prepare/names.ts'
import type { TreeFiles } from '../prepare/tree-files.ts'

/** A tree for which something is prepared. */
export interface PreparedFor {
  /** Hold its content; what is in an earlier one covers that of a later one. */
  readonly dirs: readonly string[]
  readonly files: ReadonlySet<string>
  /** Of all its content, and of the commit it began from. */
  readonly digest: Sha256
}

/** What a step makes, and what that rests on. */
export interface LayerName {
  readonly digest: Sha256
  /** Relative to the root; null: the whole tree. */
  readonly inputs: readonly string[] | null
}

/** Whether what these make rests on one of these files, gone or there. */
export function restsOn(layers: readonly LayerName[], files: readonly string[]): boolean {
  return layers.some(({ inputs }) =>
    files.some((file) => inputs === null || inputs.includes(file) || decidesLayer(file)),
  )
}

const MOST_TEXT = 1 << 28

/**
 * Names what each step makes: the same for the same step after the same steps, with the same tools, on a tree that is the same to
 * it. `tools`: for each step what its programs are. Values of secrets are no part of it: another token fetches the same.
 */
export function layerNames(
  candidate: PreparedFor,
  steps: readonly PrepareStep[],
  tools: readonly string[],
): LayerName[] {
  const tree = treeFiles(candidate)
  let before: Sha256 | null = null
  return steps.map((step, at) => {
    const inputs = prepareInputs([step], tree)
    const read = inputs.kind === 'files' ? digestOf(candidate, inputs.files) : null
    before = sha256(canonicalJson([before, step as unknown, tools[at] ?? null, read ?? candidate.digest]))
    return { digest: before, inputs: inputs.kind === 'files' && read !== null ? inputs.files : null }
  })
}

function treeFiles(candidate: PreparedFor): TreeFiles {
  const texts = new Map<string, string | null>()
  return {
    paths: candidate.files,
    text: (file) => {
      const known = texts.get(file)
      if (known !== undefined) return known
      const at = placeOf(candidate, file)
      const read = at === null ? null : readTextSafe(at as string, { maxBytes: MOST_TEXT })
      const text = read?.ok === true ? read.value : null
      texts.set(file, text)
      return text
    },
  }
}

/** Null where a link is among them: what it leads to is read as well, and may be any file. */
function digestOf(candidate: PreparedFor, files: readonly string[]): Sha256 | null {
  const read: [string, string][] = []
  for (const file of files) {
    const at = placeOf(candidate, file)
    const stat = at === null ? undefined : fs.lstatSync(at, { throwIfNoEntry: false })
    if (stat?.isSymbolicLink()) return null
    if (at === null || stat?.isFile() !== true) continue
    // Whether it can be executed is told to an installer too.
    read.push([file, `${(stat.mode & 0o100) === 0 ? 'f' : 'x'} ${sha256(fs.readFileSync(at))}`])
  }
  return sha256(canonicalJson(read))
}

function placeOf({ dirs, files }: PreparedFor, file: string): string | Buffer | null {
  if (!files.has(file)) return null
  const places = dirs.map((dir) => fsPath(dir, file))
  return places.find((place) => fs.lstatSync(place, { throwIfNoEntry: false }) !== undefined) ?? null
}
