import { type Result, ok } from '../../base/result.ts'
import { type HooksFile, jsonMembers, readHooksFile } from './file.ts'
import { type LegacyHook, legacyHooks } from './json.ts'
import { applyEdits, removeChild } from './text-insert.ts'

/**
 * hooks.json without the groups that do nothing but call the original autonomous-loop; an event that is empty then goes
 * too. A group that also holds a hook of the user stays whole. Failure: `hooks-json-invalid`.
 */
export function withoutLegacy(text: string): Result<{ text: string; taken: readonly LegacyHook[] }> {
  const read = readHooksFile(text)
  if (!read.ok) return read
  let file = read.value
  const taken: LegacyHook[] = []
  for (let next = wholeLegacy(file); next; next = wholeLegacy(file)) {
    taken.push(next)
    const array = file.events.get(next.event)
    if (!array) break
    const cut = readHooksFile(applyEdits(file.text, [removeChild(array, next.group)]))
    if (!cut.ok) return cut
    file = cut.value
    const index = jsonMembers(file.hooks).findIndex(({ key }) => key.value === next.event)
    if (file.hooks && file.events.get(next.event)?.children?.length === 0) {
      const rest = readHooksFile(applyEdits(file.text, [removeChild(file.hooks, index)]))
      if (!rest.ok) return rest
      file = rest.value
    }
  }
  return ok({ text: file.text, taken })
}

/** The first group in which every handler is a call of the original. */
function wholeLegacy(file: HooksFile): LegacyHook | undefined {
  const legacy = legacyHooks(file)
  return legacy.find((one) => {
    const group = file.groups.find(({ event, index }) => event === one.event && index === one.group)
    const handlers = jsonMembers(group?.node).find(({ key }) => key.value === 'hooks')?.value.children?.length
    return handlers === legacy.filter((each) => each.event === one.event && each.group === one.group).length
  })
}
