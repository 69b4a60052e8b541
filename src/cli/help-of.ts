import type { Entry, Group } from './entry.ts'
import { examples } from './examples.ts'
import type { Table } from './table.ts'
import type { Doc } from './render/doc.ts'
import { commandDoc, groupDoc } from './render/help.ts'

/** The help of a command under any of its names, or of a group. */
export async function helpOf({ entries, actionsOf }: Table, one: Entry | Group): Promise<Doc> {
  if (!('load' in one)) return groupDoc(one, actionsOf(one.name))
  const first = one.same ?? one.name
  const also = entries.flatMap(({ name, same }) =>
    name !== one.name && (name === first || same === first) ? [name] : [],
  )
  return commandDoc(one, await one.load(), also, examples[first] ?? [])
}
