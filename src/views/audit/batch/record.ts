import path from 'node:path'
import { itemDigest } from '../../../backlog/parse-item.ts'
import { sha256 } from '../../../base/hash.ts'
import type { BatchEvent, BatchOpened, FrozenItem } from '../../../supervisor/record/events.ts'
import { type BatchFinding, KEEP, broken, short, suspect } from './types.ts'

const backwardsMs = 2_000

/**
 * What the events of a batch, whose chain holds, say against each other: each move of the head rests on a verdict that released it, each
 * attempt began at a head, or at a join that was asked for, and texts have the digest under which they were accepted. Pure.
 */
export function recordFindings(events: readonly BatchEvent[], file: string): BatchFinding[] {
  const found: BatchFinding[] = []
  const heads = new Set<string>()
  const released = new Map<number, { readonly head: string; readonly isRelease: boolean }>()
  let head = ''
  let last = 0
  for (const event of events) {
    const { at, seq } = event
    const where = `event ${seq} of ${file}`
    const place = { where, todo: KEEP, at }
    if (at < last - backwardsMs)
      found.push(
        suspect('clock-back', `event ${seq} is older than the one before it`, { ...place, todo: CLOCK }),
      )
    last = at
    for (const item of itemsIn(event)) {
      found.push(...textFindings(item, place))
      if (item.joins !== undefined) heads.add(item.joins.marked)
    }
    if (event.type === 'batch-opened') {
      head = event.data.base
      heads.add(head)
    }
    if (event.type === 'batch-opened' || event.type === 'config-amended')
      found.push(...configFindings(event.data.config, place))
    if (event.type === 'attempt-opened' && !heads.has(event.data.base))
      found.push(
        broken(
          'attempt-base',
          `${nameOf(event.data)} began at ${short(event.data.base)}, which never was the head`,
          place,
        ),
      )
    if (event.type === 'judged')
      released.set(event.data.fence, {
        head: event.data.head,
        isRelease: event.data.verdict === 'release' && event.data.machine !== true,
      })
    if (event.type === 'integrated') {
      const { item, fence, from, commit } = event.data
      const verdict = released.get(fence)
      if (verdict === undefined || !verdict.isRelease || verdict.head !== from)
        found.push(
          broken(
            'done-unreleased',
            `item ${item} is in the head by ${short(commit)}, and no verdict before that released it for ${short(from)}`,
            place,
          ),
        )
    }
    if (event.type === 'integrated' || event.type === 'taken') {
      const { from, commit } = event.data
      if (from !== head)
        found.push(broken('head-jump', `the head was ${short(head)}, and moved from ${short(from)}`, place))
      head = commit
      heads.add(head)
    }
  }
  return found
}

const CLOCK = 'look whether the clock of the machine was set back then'

const nameOf = ({ item, attempt }: { readonly item: string; readonly attempt: number }): string =>
  `attempt ${attempt} at ${item}`

/** Texts of items that an event brings. */
export function itemsIn(event: BatchEvent): readonly FrozenItem[] {
  if (event.type === 'item-accepted') return [event.data.item]
  return event.type === 'batch-opened' || event.type === 'proposal-settled' ? event.data.items : []
}

type Place = Parameters<typeof broken>[2]

function textFindings({ id, file, text, digest, goal }: FrozenItem, place: Place): readonly BatchFinding[] {
  if (goal !== undefined || itemDigest({ name: path.posix.basename(file), text }) === digest) return []
  return [broken('item-digest', `the text of item ${id} does not have the digest that was accepted`, place)]
}

function configFindings(
  { sha256: digest, text }: BatchOpened['config'],
  place: Place,
): readonly BatchFinding[] {
  return sha256(text) === digest
    ? []
    : [broken('config-digest', 'the text of the config does not have the digest that was approved', place)]
}
