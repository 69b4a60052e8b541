import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import * as z from 'zod/mini'
import type { Sha256 } from '../../base/hash.ts'
import { parseJson } from '../../base/json.ts'
import { namesIn } from '../../base/names-in.ts'
import { readTextSafe } from '../../base/read-file.ts'
import { type Result, fail, never, ok } from '../../base/result.ts'
import { systemWords } from '../../base/system-words.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import type { BatchLedger } from '../record/batch-ledger.ts'
import type { BatchEventData, BatchOpened, FrozenItem, NewBatchEvent } from '../record/events.ts'
import { fenceOf } from '../record/fold-items.ts'
import type { BatchState } from '../record/state.ts'
import { textAccepted } from './text-accepted.ts'
import { ENDINGS, TABLE } from '../decide/table.ts'
import { waitingProposal } from '../decide/waiting-proposal.ts'

/** What a person asks of the process that supervises, or of the next one. */
export type Request =
  | { readonly kind: 'stop'; readonly now: boolean }
  | { readonly kind: 'retry'; readonly items: readonly string[] }
  | { readonly kind: 'reopen'; readonly items: readonly string[] }
  | { readonly kind: 'drop'; readonly items: readonly string[] }
  /** A person accepted the config as it is now for the open batch too. */
  | ({ readonly kind: 'amend' } & Pick<BatchOpened, 'config' | 'gatePath'>)
  /** Items as they are by now; ones that the batch does not have are new. */
  | { readonly kind: 'accept'; readonly items: readonly FrozenItem[] }
  | { readonly kind: 'reject'; readonly items: readonly RejectedText[] }
  /** What a person says to an agent's proposal. */
  | ({ readonly kind: 'proposal' } & BatchEventData['proposal-settled'])

/** What the file of an item says, by its digest; null: there is no file. The batch goes on with the text that it has. */
export interface RejectedText {
  readonly id: string
  readonly digest: Sha256 | null
}

const isDigest = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
const items = z.array(z.string())
const goal = z.object({
  scope: z.array(z.string()),
  rules: z.nullable(z.object({ file: z.string(), text: z.string() })),
})
const frozen = z.array(
  z.object({
    id: z.string(),
    file: z.string(),
    digest: z.custom<Sha256>(isDigest),
    text: z.string(),
    goal: z.exactOptional(goal),
    typed: z.exactOptional(z.literal(true)),
  }),
)
const schema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stop'), now: z.boolean() }),
  z.object({ kind: z.literal('retry'), items }),
  z.object({ kind: z.literal('reopen'), items }),
  z.object({ kind: z.literal('drop'), items }),
  z.object({
    kind: z.literal('amend'),
    config: z.object({ path: z.string(), sha256: z.custom<Sha256>(isDigest), text: z.string() }),
    gatePath: z.string(),
  }),
  z.object({ kind: z.literal('accept'), items: frozen }),
  z.object({
    kind: z.literal('proposal'),
    item: z.string(),
    attempt: z.number(),
    accepted: z.boolean(),
    items: frozen,
    replaced: z.boolean(),
  }),
  z.object({
    kind: z.literal('reject'),
    items: z.array(z.object({ id: z.string(), digest: z.nullable(z.custom<Sha256>(isDigest)) })),
  }),
])

/** Leaves a request for whoever holds the lock. Code: home-unwritable. */
export function leaveRequest(dir: string, request: Request): Result<void> {
  const name = `${Date.now()}-${randomBytes(4).toString('hex')}.json`
  try {
    fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
    writeFileWhole(path.join(dir, name), JSON.stringify(request))
    return ok(undefined)
  } catch (error) {
    return fail('home-unwritable', `the request could not be left in ${dir}: ${systemWords(error)}`)
  }
}

/** What was meant for a process that was gone before it was told. */
export function dropStops(dir: string): void {
  for (const { file, request } of left(dir)) if (request?.kind === 'stop') fs.rmSync(file, { force: true })
}

/** What is left for whoever takes the lock next: `stop` where somebody wants it to end, `order` for all else. */
export function leftRequests(dir: string): ReadonlySet<'stop' | 'order'> {
  return new Set(left(dir).map(({ request }) => (request?.kind === 'stop' ? 'stop' : 'order')))
}

/** A request that nobody can carry out: a stop for a process that is gone, or one that cannot be read. */
export interface StaleRequest {
  readonly file: string
  readonly why: 'stop' | 'unreadable'
}

export function staleRequests(dir: string): readonly StaleRequest[] {
  return left(dir).flatMap(({ file, request }): StaleRequest[] => {
    if (request === null) return [{ file, why: 'unreadable' }]
    return request.kind === 'stop' ? [{ file, why: 'stop' }] : []
  })
}

/** What was meant for a batch that is over. */
export function forgetRequests(dir: string): void {
  for (const { file } of left(dir)) fs.rmSync(file, { force: true })
}

/** Requests in the order in which they were left; what cannot be read is passed over. `done` removes them once they are on record. */
function takeRequests(
  dir: string,
  wants: (request: Request) => boolean,
): {
  readonly requests: readonly Request[]
  readonly done: () => void
} {
  const all = left(dir).filter(({ request }) => request === null || wants(request))
  return {
    requests: all.flatMap(({ request }) => request ?? []),
    done: () => all.forEach(({ file }) => fs.rmSync(file, { force: true })),
  }
}

function left(dir: string): readonly { readonly file: string; readonly request: Request | null }[] {
  return namesIn(dir)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => {
      const file = path.join(dir, name)
      const read = readTextSafe(file, { maxBytes: 1 << 26 })
      const json = read.ok ? parseJson(read.value, 'request') : read
      const parsed = json.ok ? schema.safeParse(json.value) : undefined
      return { file, request: parsed?.success ? parsed.data : null }
    })
}

/** Takes what was asked into the ledger: the events are on the disk before the requests go. What is not wanted stays. */
export function takeInRequests(
  ledger: BatchLedger,
  dir: string,
  dependants: (id: string) => readonly string[],
  wants: (request: Request) => boolean = () => true,
): { readonly requests: readonly Request[]; readonly events: readonly NewBatchEvent[] } {
  const { requests, done } = takeRequests(dir, wants)
  const all = requests.flatMap((request) => {
    const events = eventsOf(request, ledger.state(), dependants)
    if (events.length > 0) ledger.append(...events)
    return events
  })
  done()
  return { requests, events: all }
}

/** What a request comes to; nothing of a stop, which is the process's own business. Items it does not fit are left alone. Pure. */
function eventsOf(
  request: Request,
  state: BatchState,
  dependants: (id: string) => readonly string[],
): readonly NewBatchEvent[] {
  switch (request.kind) {
    case 'stop':
      return []
    case 'retry':
      return request.items.flatMap((item): NewBatchEvent[] =>
        state.items.get(item)?.standing.kind === 'parked' ? [{ type: 'item-retried', data: { item } }] : [],
      )
    case 'reopen':
      return request.items.flatMap((item): NewBatchEvent[] =>
        state.items.get(item)?.standing.kind === 'done' ? [{ type: 'item-reopened', data: { item } }] : [],
      )
    case 'amend': {
      const { config, gatePath } = request
      return config.sha256 === state.opened.config.sha256
        ? []
        : [{ type: 'config-amended', data: { config, gatePath } }]
    }
    case 'drop':
      return request.items.flatMap((item) => dropped(item, state, dependants(item)))
    case 'accept':
      return request.items.flatMap((item) => textAccepted(item, state))
    case 'proposal': {
      const { kind: _, ...data } = request
      return waitingProposal(state, data.item)?.attempt === data.attempt
        ? [{ type: 'proposal-settled', data }]
        : []
    }
    case 'reject':
      return request.items.flatMap(({ id: item, digest }): NewBatchEvent[] => {
        const kind = state.items.get(item)?.standing.kind
        return kind === undefined || kind === 'done' || kind === 'dropped'
          ? []
          : [{ type: 'item-rejected', data: { item, digest } }]
      })
    default:
      return never(request, 'request')
  }
}

/** An item in work loses its attempt first, whose work is rescued. */
function dropped(item: string, state: BatchState, dependants: readonly string[]): readonly NewBatchEvent[] {
  const standing = state.items.get(item)?.standing
  if (standing === undefined || standing.kind === 'done' || standing.kind === 'dropped') return []
  const open = dependants.filter((id) => {
    const kind = state.items.get(id)?.standing.kind
    return (kind === 'open' || kind === 'parked') && fenceOf(state.items.get(id)?.standing) === null
  })
  const event: NewBatchEvent = { type: 'item-dropped', data: { item, with: open } }
  const fence = fenceOf(standing)
  if (fence === null) return [event]
  const at = state.attempts.get(fence)?.stage.at ?? 'ending'
  const failure = ENDINGS['item-dropped']
  if (failure && TABLE['item-dropped'].stages[at] === 'over')
    return [{ type: 'attempt-ending', data: { item, fence, failure } }, event]
  // Otherwise its work is as good as in the head.
  return at === 'ending' ? [event] : []
}
