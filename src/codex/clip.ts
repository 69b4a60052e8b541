/** What Codex 0.169 hands to the model whole, in UTF-8 bytes; more is cut and spilled to a world-readable file. */
export const MAX_TEXT_BYTES = 10_000

/**
 * Text that is safe on a terminal and in JSON: ANSI sequences, control characters (except newline and tab) and
 * direction overrides are gone, lone surrogates become U+FFFD, CR LF and CR become newlines.
 */
export function cleanText(text: string): string {
  return text
    .replaceAll(/\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])/g, '')
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, '')
    .replaceAll(/\p{Surrogate}/gu, '\ufffd')
}

/** UTF-8 bytes of one code point. */
function utf8(code: number): number {
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
}

/** Bytes after Codex's XML escaping: `&` becomes five bytes, `<` and `>` four; quotes stay (measured on 0.169). */
function escaped(code: number): number {
  switch (code) {
    case 0x26:
      return 5
    case 0x3c:
    case 0x3e:
      return 4
    default:
      return utf8(code)
  }
}

/** For a block reason: at most `maxBytes` bytes once Codex has XML-escaped it. See clip. */
export function clipReason(text: string, maxBytes: number = MAX_TEXT_BYTES): string {
  return clip(text, maxBytes, escaped)
}

/** For text that Codex passes on as it is (additionalContext, systemMessage): at most `maxBytes` UTF-8 bytes. See clip. */
export function clipText(text: string, maxBytes: number = MAX_TEXT_BYTES): string {
  return clip(text, maxBytes, utf8)
}

/**
 * Cleaned and trimmed text of at most `maxBytes` (at least 200) by `cost`. Of a longer one the head (two thirds) and
 * the tail stay, whole characters, with a line between them that says how much is left out.
 */
function clip(text: string, maxBytes: number, cost: (code: number) => number): string {
  const whole = cleanText(text).trim()
  if (measure(whole, cost) <= maxBytes) return whole
  const room = Math.max(0, maxBytes - 64)
  const headEnd = reach(whole, Math.floor((room * 2) / 3), cost)
  const tailStart = reachBack(whole, Math.floor(room / 3), cost, headEnd)
  const left = measure(whole.slice(headEnd, tailStart), utf8)
  return `${whole.slice(0, headEnd).trimEnd()}\n[... ${left} bytes left out ...]\n${whole.slice(tailStart).trimStart()}`
}

function measure(text: string, cost: (code: number) => number): number {
  let bytes = 0
  for (const char of text) bytes += cost(char.codePointAt(0) ?? 0)
  return bytes
}

/** Index after the longest prefix of at most `budget`. */
function reach(text: string, budget: number, cost: (code: number) => number): number {
  let index = 0
  let bytes = 0
  for (const char of text) {
    bytes += cost(char.codePointAt(0) ?? 0)
    if (bytes > budget) break
    index += char.length
  }
  return index
}

/** Index of the start of the longest suffix of at most `budget`, not before `floor`. */
function reachBack(text: string, budget: number, cost: (code: number) => number, floor: number): number {
  let index = text.length
  let bytes = 0
  while (index > floor) {
    const low = text.charCodeAt(index - 1)
    // The text is well formed here, so a low surrogate always has its high one before it.
    const width = low >= 0xdc00 && low <= 0xdfff ? 2 : 1
    bytes += cost(text.codePointAt(index - width) ?? 0)
    if (bytes > budget || index - width < floor) break
    index -= width
  }
  return index
}
