import type { StructuredFormat } from '../../contract/structured-files.ts'
import { jsonTree } from './json-tree.ts'
import { tomlTree } from './toml-tree.ts'
import type { Tree, TreeRead } from './tree.ts'
import { yamlTree } from './yaml-tree.ts'

const readers: Readonly<Record<StructuredFormat, (text: string) => Tree>> = {
  json: jsonTree,
  toml: tomlTree,
  yaml: yamlTree,
}

/** What a text says; a failure for anything that a parser could read in two ways. Pure, total. */
export function readTree(format: StructuredFormat, text: string): TreeRead {
  try {
    return { ok: true, tree: readers[format](text.replace(/^\ufeff/, '')) }
  } catch (error) {
    // A RangeError: nesting that is deeper than the stack.
    const why = error instanceof RangeError ? 'it is nested too deeply' : (error as Error).message
    return { ok: false, why }
  }
}
