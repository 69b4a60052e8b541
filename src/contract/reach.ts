/** Something of the machine that a gate in a box is given by name. */
export type Reach =
  /** A socket with a program behind it: an absolute path. */
  | { readonly kind: 'socket'; readonly path: string }
  /** Devices: a path below `/dev` whose names may hold `*` and `?`. */
  | { readonly kind: 'device'; readonly glob: string }

const PREFIX = 'unix:'
/** A name that says something: not `*` alone, which would be the whole directory. */
const DEVICE = /^\/dev(?:\/(?!\*+(?:\/|$))[\w.*?@:+-]+)+$/

/** What an entry of `reach` means; null for one that is not allowed. */
export function readReach(text: string): Reach | null {
  if (text.length > 1024 || /[\0\n\r]/.test(text) || /(?:^|[:/])\.\.?(?:\/|$)/.test(text)) return null
  if (DEVICE.test(text)) return { kind: 'device', glob: text }
  const path = text.slice(PREFIX.length)
  return text.startsWith(PREFIX) && /^\/[^*?[\]]*[^*?[\]/]$/.test(path) ? { kind: 'socket', path } : null
}
