/** What `keep` can write: values of JSON, and Maps of them. A field of another kind does not compile; of `unknown` it is seen when it is written. */
export type Kept<T> = unknown extends T
  ? T
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends ReadonlyMap<infer K, infer V>
      ? ReadonlyMap<Kept<K>, Kept<V>>
      : T extends readonly unknown[]
        ? { readonly [I in keyof T]: Kept<T[I]> }
        : T extends ReadonlySet<unknown> | Date | RegExp | ((...args: never) => unknown)
          ? never
          : { readonly [K in keyof T]: Kept<T[K]> }

const mapMember = '\u0000map'

/**
 * JSON in which a Map is `{"\u0000map": [[key, value], …]}`. Members that are undefined are left out, as JSON does. Throws at a value that would
 * come back as another one.
 */
export function keep<T>(value: Kept<T>): string {
  return JSON.stringify(value, function plain(this: Readonly<Record<string, unknown>>, key) {
    // What it was before its own `toJSON`.
    const one = this[key]
    if (one instanceof Map) return { [mapMember]: [...one] }
    if (Array.isArray(one) && one.includes(undefined)) throw new Error('undefined in a list cannot be kept')
    if (typeof one === 'number' ? Number.isFinite(one) : isPlain(one)) return one
    throw new Error(`a value of type ${typeof one} cannot be kept`)
  })
}

function isPlain(one: unknown): boolean {
  if (typeof one === 'function' || typeof one === 'symbol' || typeof one === 'bigint') return false
  if (typeof one !== 'object' || one === null || Array.isArray(one)) return true
  const prototype: unknown = Object.getPrototypeOf(one)
  return prototype === Object.prototype || prototype === null
}

/** What `keep` wrote. Throws where it is not JSON. */
export function unkeep(text: string): unknown {
  return withMaps(JSON.parse(text))
}

/** In place: what was parsed is nobody else's. */
function withMaps(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const parts = value as Record<string, unknown>
  for (const key of Object.keys(parts)) {
    const one = parts[key]
    const now = withMaps(one)
    if (now !== one) parts[key] = now
  }
  const pairs = parts[mapMember]
  return Array.isArray(pairs) ? new Map(pairs as [unknown, unknown][]) : value
}
