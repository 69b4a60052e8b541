import { never } from '../../base/result.ts'
import { visible } from '../../base/text.ts'
import type { Resolving } from '../../supervisor/landing/resolve.ts'
import { type Doc, quiet, strong } from './doc.ts'
import { byHand } from './land.ts'

/** What a person sees of `land --resolve`. */
export function resolveDoc(value: Resolving): Doc {
  const { target } = value
  switch (value.kind) {
    case 'item': {
      const { item, paths, noted } = value
      return [
        ['  ', strong(item.id), ' ', item.title],
        [quiet('      scope  '), paths.map(visible).join(', ')],
        [quiet('      proof  '), 'no marks are left, and every gate passes on both together'],
        ...(noted ? ['Added to the batch. Next: autonomous-loop run'] : []),
      ]
    }
    case 'waiting':
      return [
        `Item ${value.id} of batch ${value.batch} joins ${target} already. Next: autonomous-loop run`,
        `To give it up: autonomous-loop drop ${value.id}`,
      ]
    case 'none':
      return [`The work joins with ${target} as it is. Next: autonomous-loop land --merge`]
    case 'by-hand':
      return [
        `The work and ${target} are in conflict, and no agent can join them: ${visible(value.why)}. In conflict:`,
        ...value.paths.map((path) => `  ${visible(path)}`),
        ...byHand(value.branch, target),
      ]
    default:
      return never(value, 'resolving')
  }
}

/** The same for machines. */
export function resolveFields(value: Resolving): object {
  if (value.kind !== 'item') return value
  const { item, ...rest } = value
  const { id, title, digest, scope, text } = item
  return { ...rest, item: { id, title, digest, scope, text } }
}
