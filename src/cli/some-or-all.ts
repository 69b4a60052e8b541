import type { Flags } from './command.ts'

/** How a command is told which items it is about: numbers, or all that it can be about. */
export const someOrAll = {
  many: { item: 'number of an item, as 003' },
  flags: { all: { type: 'boolean', describe: 'every item that this can be said of' } },
} as const satisfies { readonly many: object; readonly flags: Flags }

interface SomeOrAll {
  readonly item: readonly string[]
  readonly all?: boolean | undefined
}

/** A usage error: nothing is meant by no words. */
export function noneOrBoth({ item, all }: SomeOrAll): string | undefined {
  if (item.length === 0 && all !== true) return 'which items? Give their numbers, or --all'
  return item.length > 0 && all === true ? 'numbers and --all cannot be given together' : undefined
}

export const chosenBy = ({ item, all }: SomeOrAll): readonly string[] | 'all' => (all === true ? 'all' : item)
