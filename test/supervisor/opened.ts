import type { Item } from '../../src/backlog/item.ts'
import { sha256 } from '../../src/base/hash.ts'
import type { BatchOpened } from '../../src/supervisor/record/events.ts'

/** A batch of these items that nothing real stands behind. */
export function openedWith(items: Iterable<Item>): BatchOpened {
  return {
    batch: 'b',
    repoId: 'r',
    top: '/repo',
    prefix: '',
    config: { path: 'c', sha256: sha256('c'), text: '' },
    gatePath: '/bin',
    items: [...items].map(({ id, file, digest, text }) => ({ id, file, digest, text })),
    base: 'base',
    target: 'main',
    identity: { name: 'a', email: 'b' },
  }
}
