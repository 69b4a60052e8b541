import { never } from '../../base/result.ts'
import type { ProjectConfig } from '../../contract/types.ts'
import type { EditedItem } from '../../supervisor/orders/edited-items.ts'
import { proofLine } from './item-proof.ts'
import { type Doc, quiet, strong, warn } from './doc.ts'

/** One of them for machines. */
export function editedFields({ id, kind, item }: EditedItem): object {
  return {
    id,
    change: kind,
    file: item?.file ?? null,
    digest: item?.digest ?? null,
    scope: item?.scope ?? null,
  }
}

/** What a person says yes to: what each may change, and what proves it. */
export function editedDoc(items: readonly EditedItem[], config: ProjectConfig): Doc {
  return items.flatMap(({ id, kind, item }): Doc => {
    if (item === null) return [['  ', strong(id), warn(' (its file is gone)')]]
    return [
      ['  ', strong(id), ' ', item.title, warn(` (${word(kind)})`)],
      [quiet('      scope  '), item.scope.join(', ')],
      [quiet('      proof  '), proofLine(item, config)],
    ]
  })
}

function word(kind: EditedItem['kind']): string {
  switch (kind) {
    case 'new':
    case 'changed':
      return kind
    case 'gone':
      return 'its file is gone'
    default:
      return never(kind, 'kind of an edited item')
  }
}
