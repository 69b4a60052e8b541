import { spawnSync } from 'node:child_process'
import type { ProcessId } from '../base/process-id.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { boxed, grantedNetwork } from '../box/boxed.ts'
import { ownSocket, withheld } from '../box/reach.ts'
import type { SealedTree } from '../box/sealed.ts'
import { throwAwayDirectories } from '../box/throw-away.ts'
import { shellWord } from '../base/shell-word.ts'
import { isWithin, realPath } from '../base/within.ts'
import type { Network } from '../contract/network.ts'
import { whyFailed } from '../codex/own-words.ts'
import { type SandboxLaunch, type SandboxRequest, sandboxLaunch } from '../codex/sandbox/launch.ts'
import type { Context } from './context.ts'
import { type Box, type BoxOfTree, boxStanding, knownBox, knownBoxOfTree } from './known-box.ts'
import { recordedBinary, runningBinary } from './sandbox-binary.ts'
import { cacheDirectories } from '../gates/cache-directories.ts'
import { NOTHING } from '../gates/reach.ts'
import type { GateStart, Launch, Launcher } from '../gates/types.ts'
import { cachesMadeFirst, packageCachesMadeFirst } from '../gates/make-caches.ts'
import { homePaths } from '../ledger/paths.ts'
import { type LowerTree, type TreeRules, noRules, treeMaker } from './sealing.ts'

/**
 * How gates are started inside Codex's own sandbox in this repository. Without `rules` nothing is above the tree: what is
 * written there stays. With a `room` they find that in its place. Code: sandbox-unavailable, those of sandboxLaunch and of treeMaker.
 */
export function repositoryLauncher(
  context: Context,
  root: string,
  codex: ProcessId | null,
  rules: TreeRules | null = noRules,
  room: LowerTree | null = null,
): Launcher {
  return launcherWith(context, root, recordedBinary(context) ?? runningBinary(codex), rules, room)
}

/** The same with this Codex. */
export function launcherWith(
  context: Context,
  root: string,
  binary: string | null,
  rules: TreeRules | null = noRules,
  room: LowerTree | null = null,
): Launcher {
  const { env } = context
  const caches = cacheDirectories({ home: env.home, codexHome: env.codexHome, vars: env.vars })
  let found: BoxOfTree | undefined
  let made: readonly string[] | undefined
  const treeOf = rules === null ? null : treeMaker(context, root, rules, room && withPrograms(room, binary))
  return async (start) => {
    if (!binary)
      return fail('sandbox-unavailable', 'the codex binary that runs the sandbox was not found', {
        fix: 'autonomous-loop bootstrap',
      })
    const { argv, command } = start
    const writable = [...caches, ...command.writable]
    const what = { argv, env: start.env, writable }
    const { network } = command
    if (typeof network === 'boolean') return launchWith(context, root, binary, { ...what, network })
    found ??= asTried(
      context,
      root,
      binary,
      treeOf === null
        ? { ...knownBox(context, binary), refused: null }
        : knownBoxOfTree(context, binary, root),
    )
    if ((command.services ?? []).length > 0 && grantedNetwork(found.on, network) === 'none')
      return fail(
        'gate-service',
        `this machine grants no box, and so no loopback for services: ${found.on.why}`,
        {
          fix: 'autonomous-loop doctor',
        },
      )
    const searched = start.env['PATH'] ?? ''
    made ??= cachesMadeFirst({ home: env.home, codexHome: env.codexHome, vars: env.vars }, searched)
    const packages = room?.caches.packages ? packageCachesMadeFirst(env, searched) : []
    const all = {
      ...what,
      writable: [...made, ...packages, ...command.writable],
      network,
      reached: start.reached,
    }
    if (treeOf === null) return launchBoxed(context, root, all, found, binary)
    const judged = await treeOf(found, command, start.row, [...made, ...packages])
    if (!judged.ok) return judged
    const { sealed, tree } = judged.value
    const launch = launchBoxed(context, root, all, found, binary, sealed)
    if (launch.ok) return ok({ ...launch.value, ...placed(launch.value, room), tree })
    tree.end(false)
    return launch
  }
}

/** Codex and node may be installed in another work tree, and no gate starts without them. */
function withPrograms(room: LowerTree, codexBin: string | null): LowerTree {
  const programs = [process.execPath, ...(codexBin === null ? [] : [codexBin])].map(realPath)
  return { ...room, masked: room.masked.filter((dir) => !programs.some((file) => isWithin(file, dir))) }
}

/** What the record of a gate says of where it ran. */
function placed({ box }: Launch, room: LowerTree | null): Pick<Launch, 'box'> {
  if (box === undefined || room === null) return {}
  const { leftOut } = room
  return { box: { ...box, place: 'clean-room', ...(leftOut.length === 0 ? {} : { without: leftOut }) } }
}

/** What is started in the box. */
export interface BoxRequest
  extends Pick<SandboxRequest, 'argv' | 'env' | 'writable'>, Pick<GateStart, 'reached'> {
  readonly network: Network
  /** Never written, beside our home and Codex's. Absent: nothing. */
  readonly closed?: readonly string[]
  /** Not even read. Absent: nothing. */
  readonly hidden?: readonly string[]
  /** Written, and thrown away with the box; on a lower rung they are read-only. Absent: nothing but what every box has. */
  readonly thrownAway?: readonly string[]
}

/** Codes: gate-reach, those of sandboxLaunch. */
export function launchBoxed(
  context: Pick<Context, 'env'>,
  root: string,
  { network, reached, thrownAway: more = [], ...what }: BoxRequest,
  { on, preflight }: Box,
  codexBin: string,
  sealed: SealedTree | null = null,
): Result<Launch> {
  const own = ownSocket(reached, [context.env.home, context.env.codexHome])
  const without =
    own === null ? withheld(on, network, reached) : `${own} belongs to the controller or to Codex`
  if (without !== null) return fail('gate-reach', without, { fix: 'autonomous-loop doctor' })
  const inner = grantedNetwork(on, network) !== 'none'
  const { home, codexHome, vars } = context.env
  const thrownAway =
    on.rung === 'box'
      ? throwAwayDirectories(vars['HOME'], { kept: what.writable, never: [codexBin, home, codexHome], more })
      : []
  const writable = [...what.writable, ...thrownAway]
  const launch = launchWith(context, root, codexBin, { ...what, writable, network: inner })
  if (!launch.ok) return launch
  const stays = launch.value.writable.filter((dir) => !thrownAway.includes(dir))
  const kept = [...stays, homePaths(home).sandboxHome]
  return ok(
    boxed(launch.value, on, {
      network,
      reached,
      kept: kept.map(realPath),
      sealed,
      thrownAway,
      preflight,
    }),
  )
}

function launchWith(
  { env }: Pick<Context, 'env'>,
  root: string,
  codexBin: string,
  {
    closed = [],
    ...what
  }: Pick<SandboxRequest, 'argv' | 'env' | 'writable' | 'network' | 'hidden'> & Pick<BoxRequest, 'closed'>,
): Result<SandboxLaunch> {
  return sandboxLaunch({
    ...what,
    codexBin,
    root,
    sandboxCodexHome: homePaths(env.home).sandboxHome,
    protectedDirs: [env.home, env.codexHome, ...closed],
  })
}

/**
 * Runs `true` as a gate of this repository would be run: what the sandbox cannot do here (no user namespaces, a `.git` that is a
 * link) is better said before the work than after it. Where Codex's binary is not known nothing is tried.
 * Codes: sandbox-unusable, those of sandboxLaunch.
 */
export function trySandbox(context: Context, root: string, codexBin = recordedBinary(context)): Result<true> {
  if (codexBin === null) return ok(true)
  const launch = launchWith(context, root, codexBin, { ...trial(context), writable: [], network: false })
  if (!launch.ok) return launch
  const why = whyNot(launch.value, root)
  if (why === null) return ok(true)
  return fail('sandbox-unusable', `Codex's sandbox does not run in ${root}, so gates cannot: ${why}`, {
    fix: `codex sandbox -P :workspace -C ${shellWord(root)} -- true   (its message says what is in the way)`,
  })
}

/**
 * The box that gates get here. A machine can grant a box and not the namespaces of Codex's sandbox inside it; unless a preflight
 * has seen both, that is tried first, because no gate would start in such a box.
 */
export function foundBox(context: Pick<Context, 'env'>, root: string, codexBin: string): Box {
  return asTried(context, root, codexBin, knownBox(context, codexBin))
}

function asTried<Known extends Box>(
  context: Pick<Context, 'env'>,
  root: string,
  codexBin: string,
  known: Known,
): Known {
  if (known.on.granted === null || known.preflight !== undefined) return known
  const launch = trialIn(context, root, known, codexBin)
  // What is wrong without any box is the gate's to say.
  const why = launch.ok ? whyNot(launch.value, root) : null
  if (why === null) return known
  const alone = {
    rung: 'codex-only',
    granted: null,
    why: `Codex's sandbox does not run in a box: ${why}`,
  } as const
  return { ...known, ...knownBox(context, codexBin, alone) }
}

/**
 * The same in the box, of which a lower rung is not enough: version 2 of the config rests on it.
 * Codes: box-unusable, those of sandboxLaunch.
 */
export function tryBox(context: Pick<Context, 'env'>, root: string, codexBin: string | null): Result<true> {
  if (codexBin === null) return fail('box-unusable', 'the codex binary that runs the sandbox is not known')
  const found = boxStanding(context, codexBin)
  if (found.rung !== 'box') return fail('box-unusable', `this machine grants no whole box: ${found.why}`)
  const launch = trialIn(context, root, { on: found, preflight: undefined }, codexBin)
  if (!launch.ok) return launch
  const why = whyNot(launch.value, root)
  return why === null ? ok(true) : fail('box-unusable', `Codex's sandbox does not run in a box: ${why}`)
}

function trialIn(context: Pick<Context, 'env'>, root: string, box: Box, codexBin: string): Result<Launch> {
  const what = { ...trial(context), writable: [], network: 'loopback', reached: NOTHING } as const
  return launchBoxed(context, root, what, box, codexBin)
}

const trial = ({ env }: Pick<Context, 'env'>): Pick<SandboxRequest, 'argv' | 'env'> => ({
  argv: ['true'],
  env: { PATH: '/usr/bin:/bin', HOME: env.vars['HOME'] ?? '/' },
})

/** Runs it; null when it ends well. */
function whyNot(launch: Launch, root: string): string | null {
  const [file = '', ...args] = launch.argv
  const run = spawnSync(file, args, {
    cwd: root,
    env: launch.env,
    encoding: 'utf8',
    timeout: 20_000,
    killSignal: 'SIGKILL',
  })
  return run.status === 0 ? null : whyFailed(run)
}
