import { oneLine } from '../../base/text.ts'
import type { HookEnded } from '../../supervisor/tell/hook-journal.ts'

/** A hook for people that did not do what it was there for; nothing else comes of it. */
export function hookLine({ hook, item, why, log }: HookEnded): string {
  return `hook ${hook}${item === null ? '' : ` of ${item}`}: ${oneLine(why ?? 'ended', 300)}; ${log}`
}
