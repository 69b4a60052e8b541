import * as fc from 'fast-check'

const long1 = 'x'.repeat(5_000)
/** What breaks programs where a text is expected. */
export const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    ' ',
    '.',
    '..',
    '../../etc/passwd',
    '/',
    '/etc/passwd',
    '\0',
    'a\nb',
    '__proto__',
    'constructor',
    'toString',
    '\u{D800}',
    '‮abc',
    '{{7*7}}',
    '$(id)',
    '`id`',
    '*'.repeat(60),
    '{a,'.repeat(30),
    '['.repeat(60),
    '(a+)+$',
    long1,
    '9'.repeat(400),
    'AUTOLOOP_CLAIM:0123456789abcdef',
    '{"decision":"block"}',
  ),
)

/** Any JSON, with what programs stumble over. */
export const value: fc.Arbitrary<unknown> = fc.oneof(
  text,
  fc.constantFrom<unknown>(null, true, false, 0, -1, 1.5, 1e308, -1e308, 2 ** 53, [], {}, [[]], [null]),
  fc.constant(JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`) as unknown),
  // It cannot be made a text: `String` and template literals throw.
  fc.constant({ toString: '', valueOf: 0 }),
  fc.constant(JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{}}}') as unknown),
  fc.jsonValue({ maxDepth: 3 }),
  fc.array(text, { maxLength: 4 }),
  fc.dictionary(text, text, { maxKeys: 4 }),
)

/** A right document with something wrong at a place of its own, or several. */
export function mutated(right: unknown): fc.Arbitrary<unknown> {
  const places = placesOf(right)
  const change = fc.record({
    place: fc.nat(Math.max(0, places.length - 1)),
    how: fc.constantFrom('replace', 'remove', 'add', 'double'),
    with: value,
    key: text,
  })
  return fc.array(change, { maxLength: 3 }).map((changes) => {
    const copy = structuredClone(right)
    const root = { root: copy }
    // The generator hands out the same values again and again.
    for (const one of changes) apply(root, ['root', ...(places[one.place] ?? [])], structuredClone(one))
    return root.root
  })
}

/** The text of such a document, at times cut off or with bytes of another kind in it. */
export function mutatedText(right: unknown): fc.Arbitrary<string> {
  return fc
    .tuple(
      mutated(right),
      fc.option(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), put: text, cut: fc.boolean() })),
      fc.constantFrom('', '\uFEFF', '\n'),
    )
    .map(([document, damage, before]) => {
      const whole = `${before}${JSON.stringify(document) ?? ''}`
      if (!damage) return whole
      const at = Math.floor(damage.at * whole.length)
      return damage.cut ? whole.slice(0, at) : whole.slice(0, at) + damage.put + whole.slice(at)
    })
}

/** Bytes with bits turned, pieces lost, doubled or moved. */
export function mutatedBytes(right: Buffer): fc.Arbitrary<Buffer> {
  const change = fc.record({
    how: fc.constantFrom('flip', 'cut', 'drop', 'double', 'insert', 'swap'),
    at: fc.nat(right.length),
    length: fc.oneof(fc.nat(8), fc.nat(right.length)),
    bytes: fc.uint8Array({ maxLength: 30 }),
  })
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    let bytes = Buffer.from(right)
    for (const { how, at, length, bytes: put } of changes) {
      const [head, middle, tail] = [
        bytes.subarray(0, at),
        bytes.subarray(at, at + length),
        bytes.subarray(at + length),
      ]
      if (how === 'flip' && at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << (length % 8))
      else if (how === 'cut') bytes = Buffer.from(head)
      else if (how === 'drop') bytes = Buffer.concat([head, tail])
      else if (how === 'double') bytes = Buffer.concat([head, middle, middle, tail])
      else if (how === 'insert') bytes = Buffer.concat([head, put, middle, tail])
      else if (how === 'swap') bytes = Buffer.concat([head, tail, middle])
    }
    return bytes
  })
}

type Path = readonly (string | number)[]

function placesOf(document: unknown, at: Path = []): Path[] {
  if (document === null || typeof document !== 'object') return [at]
  const inner = Object.entries(document).flatMap(([key, one]) =>
    placesOf(one, [...at, Array.isArray(document) ? Number(key) : key]),
  )
  return [at, ...inner]
}

function apply(
  root: unknown,
  place: Path,
  change: { readonly how: string; readonly with: unknown; readonly key: string },
): void {
  let parent = root as Record<string | number, unknown>
  for (const key of place.slice(0, -1)) {
    const next = parent[key]
    if (next === null || typeof next !== 'object') return
    parent = next as Record<string, unknown>
  }
  const key = place.at(-1) ?? 'root'
  const old = parent[key]
  if (change.how === 'remove' && key !== 'root') delete parent[key]
  else if (change.how === 'add' && old !== null && typeof old === 'object') {
    if (Array.isArray(old)) old.push(change.with)
    else if (change.key !== '__proto__') (old as Record<string, unknown>)[change.key] = change.with
  } else if (change.how === 'double' && Array.isArray(old)) old.push(...structuredClone(old))
  else parent[key] = change.with
}
