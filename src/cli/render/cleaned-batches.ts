import type { CleanedBatches } from '../clean-batches.ts'
import type { HeldBatch } from '../../supervisor/orders/held-refs.ts'
import { type Doc, type Line, quiet, warn } from './doc.ts'

/** What went of batches, or would go. */
export function cleanedDoc({ removed, kept, rescued }: CleanedBatches, dry: boolean): Doc {
  return [
    ...removed.map(({ what, name, bytes }): Line => [
      quiet(dry ? 'would remove ' : 'removed '),
      `${what} ${name}`,
      quiet(bytes === undefined ? '' : `  ${sizeWords(bytes)}`),
    ]),
    ...rescued.map((ref): Line => ['kept first: ', ref]),
    ...kept.map(({ name, why }): Line => [warn('left alone: '), `${name}: ${why}`]),
  ]
}

/** What stays of batches, and why. */
export function heldDoc(held: readonly HeldBatch[]): Doc {
  return held.map(({ batch, why, heads, attempts, rescues }): Line => [
    quiet('stays: '),
    `batch ${batch}, ${WHY[why]}: ${[
      ...(heads > 0 ? ['its head'] : []),
      ...(attempts > 0 ? [many(attempts, 'attempt')] : []),
      ...(rescues > 0 ? [many(rescues, 'rescue ref')] : []),
      'its record',
    ].join(', ')}`,
  ])
}

const WHY: Readonly<Record<HeldBatch['why'], string>> = {
  open: 'which is open',
  'not-landed': 'which has not landed',
  landed: 'which has landed',
  broken: 'whose record does not hold',
  gone: 'of which there is no record',
}

const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

function sizeWords(bytes: number): string {
  if (bytes < 1 << 20) return `${Math.ceil(bytes / 1024)} KiB`
  return `${(bytes / (1 << 20)).toLocaleString('en', { maximumFractionDigits: 1 })} MiB`
}
