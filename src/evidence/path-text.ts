import path from 'node:path'

/**
 * A file name as text that can be turned back into the same bytes. UTF-8 stays as it is; other bytes become `\xHH`, and a
 * backslash that would look like such an escape becomes `\x5c`.
 */
export function pathText(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  if (!text.includes('\ufffd') || Buffer.from(text, 'utf8').equals(bytes)) return guardEscapes(text)
  let out = ''
  for (let at = 0; at < bytes.length;) {
    const size = utf8Length(bytes, at)
    out += size
      ? guardEscapes(bytes.toString('utf8', at, at + size))
      : `\\x${bytes[at]!.toString(16).padStart(2, '0')}`
    at += size || 1
  }
  // A lone backslash before bytes decoded one by one may only now look like an escape; those bytes are never 'x', so it cannot.
  return out.includes('\\x') && !pathBytes(out).equals(bytes) ? escapeAll(bytes) : out
}

/** The bytes that `pathText` was made from. */
export function pathBytes(text: string): Buffer {
  if (!text.includes('\\x')) return Buffer.from(text, 'utf8')
  const parts = text.split(/\\x([0-9a-f]{2})/)
  return Buffer.concat(
    parts.map((part, index) => (index % 2 ? Buffer.from(part, 'hex') : Buffer.from(part, 'utf8'))),
  )
}

/** For calls of node:fs: text where the name is UTF-8, else bytes. */
export function fsPath(root: string, relative: string): string | Buffer {
  if (!relative.includes('\\x')) return `${root}/${relative}`
  return Buffer.concat([Buffer.from(`${root}/`, 'utf8'), pathBytes(relative)])
}

/** A path that stays below the root: relative, without empty, `.` or `..` segments. */
export function staysInside(relative: string): boolean {
  // As the file system gets it: `\x2e\x2e` is `..`.
  const name = pathBytes(relative).toString('latin1')
  return name !== '' && !path.isAbsolute(name) && !name.includes('\0') && !/(^|\/)(\.{0,2})(\/|$)/.test(name)
}

function guardEscapes(text: string): string {
  return text.includes('\\x') ? text.replace(/\\(?=x[0-9a-f]{2})/g, '\\x5c') : text
}

function escapeAll(bytes: Buffer): string {
  return [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
}

/** Length of the valid UTF-8 sequence at this place; 0 when there is none. */
function utf8Length(bytes: Buffer, at: number): number {
  const first = bytes[at]!
  const size =
    first < 0x80
      ? 1
      : first >= 0xc2 && first < 0xe0
        ? 2
        : first >= 0xe0 && first < 0xf0
          ? 3
          : first < 0xf5
            ? 4
            : 0
  if (first >= 0x80 && first < 0xc2) return 0
  if (size === 0 || at + size > bytes.length) return 0
  const slice = bytes.subarray(at, at + size)
  return Buffer.from(slice.toString('utf8'), 'utf8').equals(slice) ? size : 0
}
