import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import * as z from 'zod/mini'
import { parseJson } from '../base/json.ts'
import { namesIn } from '../base/names-in.ts'
import { readTextSafe } from '../base/read-file.ts'
import { type Result, fail, never, ok } from '../base/result.ts'
import { systemWords } from '../base/system-words.ts'
import { writeFileWhole } from '../base/write-file.ts'
import type { BatchLedger } from './batch-ledger.ts'
import type { BatchOpened, NewBatchEvent } from './events.ts'
import type { BatchState } from './state.ts'

/** What a person asks of the process that supervises, or of the next one. */
export type Request =
  | { readonly kind: 'stop'; readonly now: boolean }
  | { readonly kind: 'retry'; readonly items: readonly string[] }
  | { readonly kind: 'drop'; readonly items: readonly string[] }
  /** A person accepted the config as it is now for the open batch too. */
  | ({ readonly kind: 'amend' } & Pick<BatchOpened, 'config' | 'gatePath'>)

const items = z.array(z.string())
const schema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stop'), now: z.boolean() }),
  z.object({ kind: z.literal('retry'), items }),
  z.object({ kind: z.literal('drop'), items }),
  z.object({
    kind: z.literal('amend'),
    config: z.object({ path: z.string(), sha256: z.string(), text: z.string() }),
    gatePath: z.string(),
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

/** Requests in the order in which they were left; what cannot be read is passed over. `done` removes them once they are on record. */
function takeRequests(dir: string): {
  readonly requests: readonly Request[]
  readonly done: () => void
} {
  const files = namesIn(dir)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => path.join(dir, name))
  const requests = files.flatMap((file): Request[] => {
    const read = readTextSafe(file, { maxBytes: 1 << 20 })
    const json = read.ok ? parseJson(read.value, 'request') : read
    const parsed = json.ok ? schema.safeParse(json.value) : undefined
    return parsed?.success ? [parsed.data as Request] : []
  })
  return { requests, done: () => files.forEach((file) => fs.rmSync(file, { force: true })) }
}

/** Takes what was asked into the ledger: the events are on the disk before the requests go. */
export function takeInRequests(
  ledger: BatchLedger,
  dir: string,
  dependants: (id: string) => readonly string[],
): { readonly requests: readonly Request[]; readonly events: readonly NewBatchEvent[] } {
  const { requests, done } = takeRequests(dir)
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
    case 'amend': {
      const { config, gatePath } = request
      return config.sha256 === state.opened.config.sha256
        ? []
        : [{ type: 'config-amended', data: { config, gatePath } }]
    }
    case 'drop':
      return request.items.flatMap((item) => dropped(item, state, dependants(item)))
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
    return kind === 'open' || kind === 'parked'
  })
  if (standing.kind === 'working') {
    const stage = state.attempts.get(standing.fence)?.stage.at
    // Its work is on the way into the head, or there.
    if (stage === 'integrating' || stage === 'integrated') return []
    return [
      { type: 'attempt-ending', data: { item, fence: standing.fence, failure: { kind: 'dropped' } } },
      ...open.map((id): NewBatchEvent => ({ type: 'item-dropped', data: { item: id, with: [] } })),
    ]
  }
  return [{ type: 'item-dropped', data: { item, with: open } }]
}
