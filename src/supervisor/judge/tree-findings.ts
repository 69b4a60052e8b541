import type { Item } from '../../backlog/item.ts'
import { protectedPaths } from '../../backlog/protected-paths.ts'
import type { Finding } from '../record/events.ts'
import type { World } from '../world.ts'

/** What no gate need be asked about of paths that differ, from the top of the work tree. Pure. */
export function treeFindings(
  { settings, opened: { prefix } }: Pick<World, 'settings' | 'opened'>,
  item: Item,
  changed: readonly string[],
): readonly Finding[] {
  const inside = changed.filter((path) => path.startsWith(prefix))
  const outside = changed.filter((path) => !path.startsWith(prefix))
  return [
    ...outside.map((path) => ({ kind: 'outside', path })),
    ...protectedPaths(
      settings,
      item,
      inside.map((path) => path.slice(prefix.length)),
    ).map(({ path, why }) => ({
      kind: 'protected',
      path: prefix + path,
      why,
    })),
  ]
}
