import type { Pin, PinChange } from '../evidence/types.ts'

/** Longest line shown of a difference. Characters. */
const MAX_LINE = 200
const MAX_LINES = 3

/**
 * What differs between the frozen pins and those of now, by id; a pin missing on a side counts as absent.
 *
 * Not differences: lockfiles on their own (`lock:`); a tool of node_modules, vendor or a virtual environment that moved
 * together with its version in the lockfile, or was installed as the lockfile says where nothing was before (`locked:`); everything that
 * belongs to a package that joined a workspace-wide run later (`member:`): it can only add to the run; nor what appears and only adds
 * (`addable:`: a test target, a member). A member may lie above others, or be
 * node_modules itself, so programs in node_modules never count as a member's own.
 */
export function diffPins(frozen: readonly Pin[], now: readonly Pin[]): PinChange[] {
  const before = new Map(frozen.map((pin) => [pin.id, pin]))
  const after = new Map(now.map((pin) => [pin.id, pin]))
  const sameVersion = before.get('pins-version')?.value === after.get('pins-version')?.value
  const joined = now
    .filter((pin) => pin.id.startsWith('member:') && !before.has(pin.id))
    .map((pin) => pin.id.slice(7))
  const changes: PinChange[] = []
  for (const id of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const was = before.get(id)
    const is = after.get(id)
    if ((was?.value ?? null) === (is?.value ?? null)) continue
    if (id === 'pins-version' || id.startsWith('lock:') || id.startsWith('member:')) continue
    if ((!sameVersion || id.startsWith('addable:')) && was === undefined) continue
    const file = (was ?? is)?.file ?? ''
    const isOwn = !file.split('/').includes('node_modules')
    if (was === undefined && isOwn && joined.some((dir) => file === dir || file.startsWith(`${dir}/`)))
      continue
    if (
      id.startsWith('locked:') &&
      mayMove(was?.value ?? null, is?.value ?? null, lockMoved(id.slice(7), before, after))
    )
      continue
    changes.push({ id, file, ...values(was, is) })
  }
  // First what itself differs, then what came into or fell out of use because of that.
  const known = (change: PinChange): number => (before.has(change.id) && after.has(change.id) ? 0 : 1)
  return changes.sort((a, b) => known(a) - known(b))
}

/** Do the lockfiles name other versions of this tool's package than at the start? A lockfile's other bytes say nothing. */
function lockMoved(rest: string, before: ReadonlyMap<string, Pin>, after: ReadonlyMap<string, Pin>): boolean {
  const [was, is] = [before.get(`lock:${rest}`), after.get(`lock:${rest}`)]
  return was !== undefined && is !== undefined && was.value !== is.value
}

/** A plain file where a package manager would have put a link is never an installation. */
function mayMove(was: string | null, is: string | null, newVersion: boolean): boolean {
  const installed = is === null || /^(install|shim|loader) /.test(is)
  return installed && (newVersion || (was === null && is?.startsWith('install ') === true))
}

/** Texts where both sides have them (or are absent), so that a person sees the exact difference; else digests. */
function values(was: Pin | undefined, is: Pin | undefined): { before: string | null; after: string | null } {
  const textual = (pin: Pin | undefined): boolean =>
    pin === undefined || pin.value === null || pin.text !== undefined
  const of = (pin: Pin | undefined, asText: boolean): string | null =>
    pin === undefined || pin.value === null ? null : asText ? (pin.text ?? pin.value) : pin.value
  const asText = textual(was) && textual(is) && was?.text !== is?.text
  return { before: of(was, asText), after: of(is, asText) }
}

/** One change in a few lines: the value itself where it is short, the differing lines of a longer text, else digests. */
export function describePinChange(change: PinChange): string {
  const name = nameOf(change)
  const { before, after } = change
  if (before === null) return `${name}: was absent, now ${after === null ? 'absent' : show(after)}`
  if (after === null) return `${name}: was ${show(before)}, now absent or no longer in use`
  if (!before.includes('\n') && !after.includes('\n'))
    return `${name}: was ${show(before)}, now ${show(after)}`
  const was = before.split('\n')
  const is = after.split('\n')
  let head = 0
  while (head < was.length && head < is.length && was[head] === is[head]) head++
  let tail = 0
  while (tail < was.length - head && tail < is.length - head && was.at(-1 - tail) === is.at(-1 - tail)) tail++
  return [
    `${name}: differs from line ${head + 1} on`,
    ...lines('-', was.slice(head, was.length - tail)),
    ...lines('+', is.slice(head, is.length - tail)),
  ].join('\n')
}

function nameOf(change: PinChange): string {
  const [, file, member] = /^(?:\w+:)?([^#]*)#(.+)$/.exec(change.id) ?? []
  return clean(member === undefined || file !== change.file ? change.file || change.id : `${file} ${member}`)
}

function lines(mark: string, text: readonly string[]): string[] {
  const shown = text.slice(0, MAX_LINES).map((line) => `${mark} ${clean(line)}`)
  return text.length > MAX_LINES ? [...shown, `${mark} … ${text.length - MAX_LINES} more lines`] : shown
}

function show(value: string): string {
  if (/^[0-9a-f]{64}$/.test(value)) return `sha256 ${value.slice(0, 12)}…`
  const tool = /^(install|shim|loader|file) (?:(\S+@\S+) )?([0-9a-f]{64})$/.exec(value)
  if (tool !== null)
    return tool[1] === 'file'
      ? `a plain file (sha256 ${tool[3]?.slice(0, 12)}…)`
      : `${tool[2] ?? 'installed'} (sha256 ${tool[3]?.slice(0, 12)}…)`
  const [first, ...more] = value.split('\n')
  return more.length === 0
    ? `\`${clean(first ?? '')}\``
    : `\`${clean(first ?? '')}\` and ${more.length} more lines`
}

/** Agent-written text: no control characters, bounded. */
function clean(text: string): string {
  const plain = text.replace(/[\u0000-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2066-\u2069]/g, ' ')
  return plain.length > MAX_LINE ? `${plain.slice(0, MAX_LINE)}…` : plain
}
