import { type PinId, comparisonOf, pinId, pinKind, pinnedBy, versionId } from './pin-id.ts'
import type { Pin, PinChange } from './types.ts'

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
  const sameVersion = before.get(versionId)?.value === after.get(versionId)?.value
  const joined = now
    .filter((pin) => pinKind(pin.id) === 'member' && !before.has(pin.id))
    .map((pin) => pinnedBy(pin.id))
  const changes: PinChange[] = []
  for (const id of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const was = before.get(id)
    const is = after.get(id)
    if ((was?.value ?? null) === (is?.value ?? null)) continue
    const comparison = comparisonOf(id)
    if (comparison === 'never') continue
    if ((!sameVersion || comparison === 'unless-new') && was === undefined) continue
    const file = (was ?? is)?.file ?? ''
    const isOwn = !file.split('/').includes('node_modules')
    if (was === undefined && isOwn && joined.some((dir) => file === dir || file.startsWith(`${dir}/`)))
      continue
    if (
      comparison === 'as-installed' &&
      mayMove(was?.value ?? null, is?.value ?? null, lockMoved(id, before, after))
    )
      continue
    changes.push({ id, file, ...values(was, is) })
  }
  // First what itself differs, then what came into or fell out of use because of that.
  const known = (change: PinChange): number => (before.has(change.id) && after.has(change.id) ? 0 : 1)
  return changes.sort((a, b) => known(a) - known(b))
}

/** Do the lockfiles name other versions of this tool's package than at the start? A lockfile's other bytes say nothing. */
function lockMoved(tool: PinId, before: ReadonlyMap<PinId, Pin>, after: ReadonlyMap<PinId, Pin>): boolean {
  const lock = pinId('lock', pinnedBy(tool))
  const [was, is] = [before.get(lock), after.get(lock)]
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
