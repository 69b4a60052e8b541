import fs from 'node:fs'
import path from 'node:path'
import { bootId } from '../base/boot-id.ts'
import { self } from '../base/process-id.ts'
import { type Result, fail, ok } from '../base/result.ts'
import type { Item } from '../backlog/item.ts'
import type { Context } from '../records/context.ts'
import { ensureHome } from '../ledger/home.ts'
import { recoverLand } from '../workspace/trees/land.ts'
import { moveHead } from '../workspace/trees/head.ts'
import { waitersFor } from './dependants.ts'
import { agentsOf } from './agents-of.ts'
import { type BatchLedger, openBatchLedger } from './batch-ledger.ts'
import { checkCommit } from './check-commit.ts'
import { type PublishedHead, publishHead } from './effects/publish.ts'
import type { BatchEvent, FrozenItem, NewBatchEvent, Rest } from './events.ts'
import { type FoundBatch, isOver, newestBatch } from './find-batch.ts'
import { takeLock } from './lock.ts'
import { loop } from './loop.ts'
import type { Mode, Plan } from './holds.ts'
import { type Opening, type Settled, forgetOpening, planOpening, settledConfig } from './open.ts'
import { type Site, ownOf, siteOf } from './site.ts'
import { batchId, batchPaths, refs, repoPaths } from './paths.ts'
import { dropStops, forgetRequests, takeInRequests } from './requests.ts'
import { idsOf } from './order.ts'
import { heldNow, itemReader, itemsOf, planNow, stopFileIn } from './plan.ts'
import type { BatchState } from './state.ts'
import { unwritable } from './unwritable.ts'
import { neededFor } from './planned-order.ts'
import { statusOf } from './waiting.ts'
import { settleTaking } from './take-commit.ts'
import { strayHead } from './stray-head.ts'
import { Bell, watchDirectories, watchedPlaces } from './surroundings.ts'
import type { Ground, Signals, World } from './world.ts'

/** What one call of `run` asks for. */
export interface RunAsked {
  readonly iterations: number | null
  /** Milliseconds since the epoch. */
  readonly until: number | null
  readonly jobs: number | null
  /** Numbers of items: only they are begun, and what they wait for; empty: all. */
  readonly items: readonly string[]
  /** Opens a new batch where none is open. */
  readonly isNew: boolean
  readonly retryParked: boolean
  /** The repository was moved, and is the same one. */
  readonly adopt: boolean
}

export interface RunIo {
  readonly version: string
  readonly seen: (event: BatchEvent) => void
  /** The first signal, and the second. */
  readonly ending: AbortSignal
  readonly killing: AbortSignal
  /** What the first signal does. */
  readonly end: () => void
  readonly watch: World['watch']
}

export interface RunEnded {
  readonly batch: string
  readonly state: BatchState
  readonly rest: Rest
  /** Null where nothing was done. */
  readonly published: PublishedHead | null
}

/**
 * Works through the backlog of a repository until the batch rests.
 *
 *   lock ─► leftovers ended ─► open batch, or preflight ─► base check ─► batch-opened ─► loop ─► publish ─► rest
 *
 * Codes: batch-running, base-red, batch-completed, and those of planOpening.
 */
export async function runBatch(
  context: Context,
  cwd: string,
  asked: RunAsked,
  io: RunIo,
): Promise<Result<RunEnded>> {
  const site = siteOf(cwd)
  if (!site.ok) return site
  const home = ensureHome(context.env.home)
  if (!home.ok) return home
  const stop = stopFileIn(site.value.root)
  if (stop !== null)
    return fail('stop-file', `${stop} is there, which stops every batch`, { fix: `rm ${stop}` })
  const lock = takeLock(repoPaths(context.env.home, site.value.repoId).lock)
  if (!lock.ok) return lock
  try {
    dropStops(repoPaths(context.env.home, site.value.repoId).requests)
    return await locked(context, site.value, asked, io)
  } finally {
    lock.value.letGo()
  }
}

async function locked(context: Context, site: Site, asked: RunAsked, io: RunIo): Promise<Result<RunEnded>> {
  const { home } = context.env
  const before = newestBatch(home, site.repoId)
  if (!before.ok) return before
  const found = before.value
  if (found !== null && isOver(found.state) && !asked.isNew)
    return fail('batch-completed', `batch ${found.batch} is completed`, { fix: 'autonomous-loop run --new' })
  if (found !== null && !isOver(found.state)) {
    if (asked.isNew)
      return fail('batch-open', `batch ${found.batch} is still open`, { fix: 'autonomous-loop run' })
    return resumed(context, site, found, asked, io)
  }
  return begun(context, site, asked, io)
}

async function begun(context: Context, site: Site, asked: RunAsked, io: RunIo): Promise<Result<RunEnded>> {
  forgetRequests(repoPaths(context.env.home, site.repoId).requests)
  const batch = batchId(context.clock(), context.newId())
  const paths = batchPaths(context.env.home, site.repoId, batch)
  const opening = await planOpening(context, site, batch, asked.adopt)
  if (!opening.ok) return opening
  const { own, opened, config, settings } = opening.value
  const known = idsOf(new Map(opened.items.map((one) => [one.id, one])), asked.items)
  if (!known.ok) return known
  const signals = signalsOf(io)
  const ground: Ground = {
    context,
    own,
    opened,
    config,
    repo: repoPaths(context.env.home, site.repoId),
    batch: paths,
    watch: io.watch,
    signals,
  }
  const checked = await baseCheck(ground, opening.value)
  if (!checked.ok) {
    forgetOpening(paths.dir)
    return checked
  }
  const head = await moveHead(own, refs.head(batch), null, opened.base)
  if (!head.ok) return head
  const ledger = openBatchLedger(paths.ledger, context.clock, { type: 'batch-opened', data: opened }, io.seen)
  if (!ledger.ok) return ledger
  ledger.value.append(checked.value)
  return supervised({ ...ground, settings, ledger: ledger.value }, asked, io)
}

/** Red gates of the base keep a batch from being opened, unless items are there to mend exactly these. */
async function baseCheck(ground: Ground, { opened, config }: Opening): Promise<Result<NewBatchEvent>> {
  const checked = await checkCommit(ground, 'base', opened.base)
  if (!checked.ok) return checked
  const { red, couldNotRun } = checked.value
  if (couldNotRun.length > 0)
    return fail(
      'gates-could-not-run',
      `these gates could not run on ${opened.base.slice(0, 12)}: ${couldNotRun.join(', ')}`,
      {
        fix: 'autonomous-loop allow --measure',
      },
    )
  const read = itemReader(config)
  const mended = new Set(opened.items.flatMap((one) => read(one)?.mends ?? []))
  const left = red.filter((name) => !mended.has(name))
  if (left.length === 0) return ok({ type: 'checked', data: checked.value })
  return fail('base-red', `these gates fail before anybody has worked: ${left.join(', ')}`, {
    fix: 'mend them, or add an item with "mends"',
    data: { red: left },
  })
}

async function resumed(
  context: Context,
  site: Site,
  { paths, read }: FoundBatch,
  asked: RunAsked,
  io: RunIo,
): Promise<Result<RunEnded>> {
  const ledger = openBatchLedger(paths.ledger, context.clock, null, io.seen, read)
  if (!ledger.ok) return ledger
  const repo = repoPaths(context.env.home, site.repoId)
  // What a config says is read once, so what a person accepted since then comes first.
  takeInRequests(ledger.value, repo.requests, () => [])
  const { opened } = ledger.value.state()
  const settled = settledConfig(opened.config.text, opened.config.path)
  if (!settled.ok) return settled
  const own = await ownOf(context, site, opened.gatePath, asked.adopt)
  if (!own.ok) return own
  // One that was cut short keeps the person's indexes locked.
  const landed = await recoverLand(own.value)
  if (!landed.ok) return landed
  const ground: Ground = {
    context,
    own: own.value,
    opened,
    config: settled.value.config,
    repo,
    batch: paths,
    watch: io.watch,
    signals: signalsOf(io),
  }
  return supervised({ ...ground, settings: settled.value.settings, ledger: ledger.value }, asked, io)
}

type Supervised = Ground & Pick<Settled, 'settings'> & { readonly ledger: BatchLedger }

async function supervised(ground: Supervised, asked: RunAsked, io: RunIo): Promise<Result<RunEnded>> {
  const { context, own, opened, config, ledger, repo } = ground
  const settings = asked.jobs === null ? ground.settings : { ...ground.settings, jobs: asked.jobs }
  const taken = await settleTaking(own, ledger)
  if (!taken.ok) return taken
  const { iterations, until } = asked
  const read = itemReader(config)
  const only = chosenItems(ledger.state(), asked.items, read)
  if (!only.ok) return only
  ledger.append({
    type: 'started',
    data: { owner: self(), bootId: bootId(), version: io.version, iterations, until },
  })
  const stray = await strayHead(own, ledger.state())
  if (stray !== null) ledger.append(stray)
  const world: World = {
    ...ground,
    settings,
    agents: agentsOf(context, own, opened, settings),
    atWork: new Map(),
    item: (id) => {
      const frozen = ledger.state().items.get(id)?.frozen
      const item = frozen && read(frozen)
      if (!item) throw new Error(`the frozen item ${id} cannot be read`)
      return item
    },
  }
  const bell = new Bell()
  fs.mkdirSync(repo.requests, { recursive: true, mode: 0o700 })
  const root = path.join(opened.top, opened.prefix)
  const watching = watchDirectories(watchedPlaces(root, repo.requests), bell)
  io.ending.addEventListener('abort', () => bell.tell(), { once: true })
  const orders = new Orders(world, root, io, bell)
  if (asked.retryParked) orders.retryParked()
  let published: PublishedHead | null = null
  try {
    const rest = await loop(world, {
      mode: () => orders.mode(),
      plan: () => {
        const plan = planNow(opened, ledger.state(), settings, read, only.value)
        return { ...plan, held: plan.held ?? heldNow(context.env.home, own.data, opened) }
      },
      happened: () => bell.happened(),
      resting: async () => {
        published = await publishHead(world)
      },
      end: io.end,
    })
    return ok({ batch: opened.batch, state: ledger.state(), rest, published })
  } catch (error) {
    return unwritable(ledger, own.data, error)
  } finally {
    watching.close()
    ledger.close()
  }
}

/** What a person asked for meanwhile. */
class Orders {
  private stops: Mode = 'run'

  constructor(
    private readonly world: World,
    private readonly root: string,
    private readonly io: RunIo,
    private readonly bell: Bell,
  ) {}

  /** Takes in what was asked since the last time. */
  mode(): Mode {
    const { ledger, repo } = this.world
    const { requests, events } = takeInRequests(ledger, repo.requests, (id) => waitersFor(this.plan(), id))
    for (const request of requests) if (request.kind === 'stop') this.stop(request.now)
    for (const { type, data } of events)
      if (type === 'attempt-ending') this.world.atWork.get(data.fence)?.stop('soft')
    if (this.io.ending.aborted) return 'stop'
    if (this.stops === 'run' && stopFileIn(this.root) !== null) this.stops = 'drain'
    return this.stops
  }

  retryParked(): void {
    const { ledger } = this.world
    const parked = [...ledger.state().items].flatMap(([item, { standing }]): NewBatchEvent[] =>
      standing.kind === 'parked' ? [{ type: 'item-retried', data: { item } }] : [],
    )
    if (parked.length > 0) ledger.append(...parked)
  }

  private stop(now: boolean): void {
    this.stops = now ? 'stop' : this.stops === 'stop' ? 'stop' : 'drain'
    if (now) this.io.end()
    this.bell.tell()
  }

  private plan(): Plan['items'] {
    const { ledger, item } = this.world
    return new Map([...ledger.state().items.keys()].map((id) => [id, item(id)]))
  }
}

/** What a call of `run` is about; undefined: everything. Code: no-item. */
function chosenItems(
  state: BatchState,
  typed: readonly string[],
  read: (frozen: FrozenItem) => Item | null,
): Result<ReadonlySet<string> | undefined> {
  if (typed.length === 0) return ok(undefined)
  const ids = idsOf(state.items, typed)
  if (!ids.ok) return ids
  return ok(neededFor([...itemsOf(state, read).values()], ids.value, (id) => statusOf(state, id)))
}

function signalsOf({ ending, killing }: RunIo): Signals {
  return { gates: ending, endAgents: ending, killAgents: killing }
}
