/*
 * Systems spell the same name in one of two forms: `é` as one character (NFC) or as a letter and its accent (NFD). What evidence
 * names is looked for as it is spelled, and in the other form where that is missing; two such names that are both there are two
 * files. Names are made here and never compared as equal, so other spellings that Unicode calls the same (the Kelvin sign for `K`),
 * which no system makes and no gate would find, mean nothing.
 */

const ASCII = /^[\x00-\x7f]*$/
const MOST = 16

/** A path or glob as it is, then with its segments in the other form; of very many such segments only all at once. */
export function spellings(text: string): readonly string[] {
  if (ASCII.test(text)) return [text]
  const segments = text.split('/').map((segment) => [segment, ...otherForms(segment)])
  const count = segments.reduce((all, forms) => all * forms.length, 1)
  if (count > MOST) return [...new Set([text, text.normalize('NFC'), text.normalize('NFD')])]
  return segments
    .reduce<readonly string[][]>(
      (all, forms) => all.flatMap((begun) => forms.map((form) => [...begun, form])),
      [[]],
    )
    .map((one) => one.join('/'))
}

/** The one path that is this one with segments in the other form, among those that `has` knows; null for none and for several. */
export function inOtherForm(path: string, has: (path: string) => boolean): string | null {
  const [found, ...more] = spellings(path)
    .slice(1)
    .filter((one) => has(one))
  return found !== undefined && more.length === 0 ? found : null
}

/** None of a segment that mixes the forms: nobody's system made it. */
function otherForms(segment: string): readonly string[] {
  const forms = [segment.normalize('NFC'), segment.normalize('NFD')]
  return forms.includes(segment) ? [...new Set(forms)].filter((form) => form !== segment) : []
}
