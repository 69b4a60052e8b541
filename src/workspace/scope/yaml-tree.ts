import { type Document, isAlias, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml'
import { type Member, type Tree, Unreadable, nodeBudget } from './tree.ts'

/**
 * YAML. A word without quotes stands as it is written: what `on`, `yes` and `3.10` are depends on who reads them. An alias is what it
 * stands for, so a change of an anchor shows wherever it is used.
 */
export function yamlTree(text: string): Tree {
  const documents = parseAllDocuments(text, {
    prettyErrors: false,
    version: '1.2',
    uniqueKeys: true,
    logLevel: 'error',
  })
  const [document, more] = Array.isArray(documents) ? documents : []
  if (document === undefined) throw new Unreadable('it is empty')
  if (more !== undefined) throw new Unreadable('it holds several documents')
  const [error] = document.errors
  if (error) throw new Unreadable(`it is not YAML: ${error.message.split('\n')[0] ?? ''}`)
  const directives = text.match(/^%.*$/gm)?.join('\n') ?? ''
  const tree = treeOf(document.contents, { document, count: nodeBudget(), open: new Set() })
  return directives === '' ? tree : { kind: 'list', form: `directives ${directives}`, items: [tree] }
}

interface Reading {
  readonly document: Document
  readonly count: () => void
  /** Anchors that are being read: an alias of one of them would never end. */
  readonly open: Set<unknown>
}

function treeOf(node: unknown, reading: Reading): Tree {
  const { document, count, open } = reading
  count()
  if (node === null || node === undefined) return { kind: 'leaf', text: 'plain ' }
  if (isAlias(node)) {
    const target = node.resolve(document)
    if (target === undefined || open.has(target)) throw new Unreadable(`*${node.source} stands for nothing`)
    return treeOf(target, reading)
  }
  if (isScalar(node)) return { kind: 'leaf', text: scalarText(node) }
  open.add(node)
  try {
    if (isSeq(node))
      return { kind: 'list', form: node.tag ?? '', items: node.items.map((one) => treeOf(one, reading)) }
    if (isMap(node)) return mapTree(node, reading)
  } finally {
    open.delete(node)
  }
  throw new Unreadable('it holds something that is no value')
}

function mapTree(
  node: { readonly tag?: string | undefined; readonly items: readonly { key: unknown; value: unknown }[] },
  reading: Reading,
): Tree {
  const members = new Map<string, Member>()
  for (const { key, value } of node.items) {
    if (key !== null && !isScalar(key)) throw new Unreadable('a key in it is no plain text')
    const form = key === null ? 'plain ' : scalarText(key)
    const name = key === null ? '' : isPlain(key) ? (key.source ?? '') : String(key.value)
    if (members.has(name)) throw new Unreadable(`${JSON.stringify(name)} stands twice in one mapping`)
    members.set(name, { form, value: treeOf(value, reading) })
  }
  return { kind: 'map', form: node.tag ?? '', members }
}

interface Scalar {
  readonly value: unknown
  readonly type?: string | undefined
  readonly source?: string | undefined
  readonly tag?: string | undefined
}

const isPlain = ({ type, source }: Scalar): boolean => type === 'PLAIN' && source !== undefined

function scalarText(node: Scalar): string {
  const tag = node.tag === undefined ? '' : `${node.tag} `
  return isPlain(node) ? `${tag}plain ${node.source ?? ''}` : `${tag}text ${String(node.value)}`
}
