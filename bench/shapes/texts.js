// Texts of made-up files.

/** `count` entries made by number, as an object, or what `then` makes of it. */
export function each(count, entry, then = (made) => made) {
  return then(Object.fromEntries(Array.from({ length: count }, (_, n) => entry(n))))
}

export const manifest = (value) => `${JSON.stringify({ private: true, ...value }, null, 2)}\n`

/** A module that adds. `word`: what an edit changes. */
export const moduleText = (n, word = '') => `// ${n} ${word}\nexports.add = (a, b) => a + b\n`
