import fs from 'node:fs'
import path from 'node:path'
import type { Item } from '../../backlog/item.ts'
import { bootId } from '../../base/boot-id.ts'
import { self } from '../../base/process-id.ts'
import { type Result, ok } from '../../base/result.ts'
import { agentsOf, hiddenFromAgents } from '../effects/agents-of.ts'
import { suspensionsOf } from '../effects/providers.ts'
import { suspensionsDir } from '../../records/suspensions.ts'
import { AskedMeanwhile } from '../orders/asked-meanwhile.ts'
import type { BatchLedger } from '../record/batch-ledger.ts'
import { type PublishedHead, publishHead } from '../effects/publish.ts'
import type { FrozenItem } from '../record/events.ts'
import { writeGoalHistory } from '../effects/goal-history.ts'
import { loop } from '../loop.ts'
import type { Settled } from './open.ts'
import { idsOf } from '../orders/order.ts'
import { heldNow, itemReader, itemsOf, planNow } from '../decide/plan.ts'
import { neededFor } from '../decide/planned-order.ts'
import { type RunAsked, type RunEnded, type RunIo, settingsFor } from './run-asked.ts'
import type { BatchState } from '../record/state.ts'
import { strayHead } from './stray-head.ts'
import { Bell, watchDirectories, watchedPlaces } from './surroundings.ts'
import { settleTaking } from '../orders/take-commit.ts'
import { unwritable } from './unwritable.ts'
import { HooksForPeople } from '../tell/person-hooks.ts'
import { WorthTelling } from '../tell/worth-telling.ts'
import { statusOf } from '../decide/waiting.ts'
import type { Ground, World } from '../world.ts'

type Supervised = Ground & Pick<Settled, 'settings'> & { readonly ledger: BatchLedger }

/** Takes the batch, and works until it rests. Its ledger is closed afterwards. Codes: no-item, and those of settleTaking and unwritable. */
export async function supervised(ground: Supervised, asked: RunAsked, io: RunIo): Promise<Result<RunEnded>> {
  const { context, own, opened, config, ledger, repo } = ground
  const asks = settingsFor(ground.settings, asked)
  if (!asks.ok) return asks
  const settings = asks.value
  const taken = await settleTaking(own, ledger)
  if (!taken.ok) return taken
  // One that goes on and on keeps what it has left itself: it is of several batches.
  const isLedgers = asked.isRestart && asked.continuous === null
  const { iterations, until } = isLedgers ? leftOf(ledger.state()) : asked
  const read = itemReader(config)
  const only = chosenItems(ledger.state(), asked.items, read)
  if (!only.ok) return only
  const hooks = new HooksForPeople({ ...ground, settings }, io.hookEnded)
  hooks.catchUp()
  const worth = new WorthTelling(settings)
  ledger.hear((event) => {
    hooks.hear(event)
    if (config.notify !== undefined && worth.isTold(event, ledger.state())) io.notify(opened.batch)
  })
  const hidden = await hiddenFromAgents(ground)
  if (!hidden.ok) return hidden
  const stray = await strayHead(own, ledger.state())
  try {
    ledger.append({
      type: 'started',
      data: { owner: self(), bootId: bootId(), version: io.version, iterations, until },
    })
    if (stray !== null) ledger.append(stray)
  } catch (error) {
    return unwritable(ledger, own.data, error)
  }
  const world: World = {
    ...ground,
    settings,
    hooks,
    agents: agentsOf(context, own, opened, settings, hidden.value),
    atWork: new Map(),
    spending: new Map(),
    item: (id) => {
      const frozen = ledger.state().items.get(id)?.frozen
      const item = frozen && read(frozen)
      if (!item) throw new Error(`the frozen item ${id} cannot be read`)
      return item
    },
  }
  const bell = new Bell()
  const suspensions = suspensionsDir(context.env.home)
  for (const dir of [repo.requests, suspensions]) fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
  const root = path.join(opened.top, opened.prefix)
  const watching = watchDirectories([...watchedPlaces(root, repo.requests), suspensions], bell)
  const ring = (): void => bell.tell()
  io.ending.addEventListener('abort', ring, { once: true })
  const orders = new AskedMeanwhile(world, root, io, bell)
  if (asked.retryParked) orders.retryParked()
  let published: PublishedHead | null = null
  try {
    const rest = await loop(world, {
      mode: () => orders.mode(),
      plan: () => {
        const plan = planNow(opened, ledger.state(), settings, read, only.value)
        return {
          ...plan,
          held: plan.held ?? heldNow(context.env.home, own.data, opened),
          suspended: suspensionsOf(context, settings.agents),
        }
      },
      happened: () => bell.happened(),
      resting: async () => {
        published = await publishHead(world)
        writeGoalHistory(world)
      },
      end: io.end,
    })
    return ok({ batch: opened.batch, state: ledger.state(), rest, published })
  } catch (error) {
    return unwritable(ledger, own.data, error)
  } finally {
    io.ending.removeEventListener('abort', ring)
    watching.close()
    // They are bounded in time, and what they tell of is on record.
    await hooks.drained()
    ledger.close()
  }
}

/** What the call before had left. */
function leftOf({ asked, begun, until }: BatchState): Pick<RunAsked, 'iterations' | 'until'> {
  return { iterations: asked === null ? null : Math.max(0, asked - begun), until }
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
