import { type Result, ok } from '../../base/result.ts'
import { supervisorOf } from '../../contract/supervisor/settings.ts'
import { ensureHome } from '../../ledger/home.ts'
import type { Context } from '../../records/context.ts'
import { type OpenPolicy, openPolicy } from '../../records/policy.ts'
import { batchConfig } from '../judge/batch-config.ts'
import type { Ground, World } from '../world.ts'
import { broughtHead } from './brought-head.ts'
import { batchesOf } from './find-batch.ts'
import { takeLock } from './lock.ts'
import { type Settled, forgetOpening } from './open.ts'
import { batchId, batchPaths, repoPaths } from './paths.ts'
import { type Site, ownOf } from './site.ts'
import { unfitVersion } from './unfit.ts'

/** The commit of HEAD, under the approved config, where no batch is open for it. */
export type BaseGround = Ground & Pick<Settled, 'settings'>

/**
 * Has something asked of the commit of HEAD, in checkouts of ours, while no other process supervises the repository. What it keeps
 * meanwhile goes with it. Codes: batch-running, home-unwritable, and those of openPolicy, unfitVersion, ownOf and broughtHead.
 */
export async function atBase<T>(
  context: Context,
  site: Site,
  io: Pick<World, 'watch' | 'signals'>,
  use: (ground: BaseGround) => Promise<Result<T>>,
): Promise<Result<T>> {
  const policy = openPolicy(context.env.home, site.root)
  if (!policy.ok) return policy
  const home = ensureHome(context.env.home)
  if (!home.ok) return home
  const lock = takeLock(repoPaths(context.env.home, site.repoId).lock)
  if (!lock.ok) return lock
  try {
    const ground = await groundOf(context, site, policy.value, io)
    if (!ground.ok) return ground
    try {
      return await use(ground.value)
    } finally {
      forgetOpening(ground.value.batch.dir)
    }
  } finally {
    lock.value.letGo()
  }
}

async function groundOf(
  context: Context,
  site: Site,
  { approval, config: approved }: OpenPolicy,
  io: Pick<World, 'watch' | 'signals'>,
): Promise<Result<BaseGround>> {
  // What a batch needs besides is asked when one is opened.
  const old = unfitVersion(approved, approval.path)
  if (old !== null) return old
  const own = await ownOf(context, site, approval.gatePath)
  if (!own.ok) return own
  // What calls that were killed kept: its processes are gone by now.
  for (const id of batchesOf(context.env.home, site.repoId))
    forgetOpening(batchPaths(context.env.home, site.repoId, id).dir)
  const base = await broughtHead(context, site, own.value)
  if (!base.ok) return base
  const { home } = context.env
  const { top, prefix, repoId } = site
  // What is at work for it is found by this name, should this process be killed.
  const batch = batchId(context.clock(), context.newId())
  return ok({
    context,
    own: own.value,
    config: batchConfig(approved),
    settings: supervisorOf(approved),
    repo: repoPaths(home, repoId),
    batch: batchPaths(home, repoId, batch),
    ...io,
    opened: {
      batch,
      repoId,
      top,
      prefix,
      config: { path: approval.path, sha256: approval.sha256, text: approval.text },
      gatePath: approval.gatePath,
      items: [],
      base: base.value,
      target: null,
      identity: own.value.person.identity,
    },
  })
}
