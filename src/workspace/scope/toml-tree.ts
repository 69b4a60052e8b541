import { parse } from 'smol-toml'
import { isObject } from '../../base/json.ts'
import { type Member, type Tree, Unreadable, nodeBudget } from './tree.ts'

/** TOML. Where a table stands in the file says nothing; a whole number and one with a point are two things. */
export function tomlTree(text: string): Tree {
  let value: unknown
  try {
    value = parse(text, { integersAsBigInt: true, maxDepth: 200 })
  } catch (error) {
    throw new Unreadable(`it is not TOML: ${(error as Error).message.split('\n')[0] ?? ''}`)
  }
  return treeOf(value, nodeBudget())
}

function treeOf(value: unknown, count: () => void): Tree {
  count()
  if (Array.isArray(value))
    return { kind: 'list', form: '', items: value.map((one: unknown) => treeOf(one, count)) }
  if (value instanceof Date) return { kind: 'leaf', text: `date ${value.toISOString()}` }
  if (!isObject(value)) return { kind: 'leaf', text: leafText(value) }
  const names = Object.keys(value).sort()
  return {
    kind: 'map',
    form: '',
    members: new Map(
      names.map((name): [string, Member] => [name, { form: '', value: treeOf(value[name], count) }]),
    ),
  }
}

function leafText(value: unknown): string {
  return Object.is(value, -0) ? 'number -0' : `${typeof value} ${String(value)}`
}
