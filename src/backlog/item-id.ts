/** `.md` and the like are contract formats. */
const NAME = /^(\d{3,6})-([a-z0-9][a-z0-9._-]*)\.(md|ya?ml|json)$/

/** What the name of an item's file says; null for any other name. */
export function readItemName(
  name: string,
): { readonly id: string; readonly slug: string; readonly ending: string } | null {
  const [, number = '', slug = '', ending = ''] = NAME.exec(name) ?? []
  // 0012 and 012 would be one number with two names.
  return number !== '' && number === itemId(number) ? { id: number, slug, ending: `.${ending}` } : null
}

/** The `nth` number, from 0, after all of these. */
export function nextId(taken: readonly string[], nth: number): string {
  return itemId(Math.max(0, ...taken.map(Number)) + 1 + nth)
}

/**
 * The id of a number, three digits at least. YAML reads `001` as 1, and JSON has no other way to write it, so a number and its
 * text mean the same item.
 */
export function itemId(given: string | number): string {
  const digits = String(given)
  return /^\d{1,6}$/.test(digits) ? String(Number(digits)).padStart(3, '0') : digits
}
