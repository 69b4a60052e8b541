import type { Item } from '../../backlog/item.ts'

/** What a person has not said yes to: a file that is new, that says something else than what is frozen, or that is gone. */
export interface EditedItem {
  readonly id: string
  readonly kind: 'new' | 'changed' | 'gone'
  /** Null: it is gone. */
  readonly item: Item | null
  /** It is taken up again only where a person names it. */
  readonly isDropped: boolean
}
