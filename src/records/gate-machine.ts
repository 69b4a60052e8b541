import fs from 'node:fs'
import path from 'node:path'
import type { ProcessId } from '../base/process-id.ts'
import { isWithin, realPath } from '../base/within.ts'
import type { TreeView } from '../gates/resolve.ts'
import { directLaunch } from '../gates/starter.ts'
import { staysInside } from '../evidence/path-text.ts'
import type { GateGround } from '../judging/gate-ground.ts'
import type { GateMachine } from '../judging/gate-runner.ts'
import type { Context } from './context.ts'
import { readMachine } from './machine.ts'
import { repositoryLauncher } from './sandbox-launcher.ts'
import type { LowerTree, TreeRules } from './sealing.ts'

/** How this machine starts the gates of a run: in Codex's sandbox unless the approved config says otherwise. */
export function gateMachine(context: Context, run: GateGround, codex: ProcessId | null): GateMachine {
  const off = run.contract.policy.sandbox === 'off'
  const root = run.activation.repoRoot
  return {
    nodePty: nodePtyOf(context),
    launch: off ? directLaunch : repositoryLauncher(context, root, codex, rulesOf(run)),
  }
}

/** The same in a clean room, of which the config without a sandbox has none. `step`: what it runs is a step that prepares. */
export function roomMachine(
  context: Context,
  run: GateGround,
  codex: ProcessId | null,
  room: LowerTree,
  step?: PreparingStep,
): GateMachine {
  const root = run.activation.repoRoot
  const rules = { ...rulesOf(run), ...(step === undefined ? {} : rulesOfStep(step)) }
  return {
    nodePty: nodePtyOf(context),
    launch: repositoryLauncher(context, root, codex, rules, room),
    seen: viewOf(root, room),
  }
}

interface PreparingStep {
  readonly mostBytes: number
  /** It runs what the project itself holds, or nobody knows what it reads. */
  readonly readsTree: boolean
}

/** What an installer makes may bear any name: that nothing is at `node_modules/.bin` is said of the workspace. */
function rulesOfStep({ mostBytes, readsTree }: PreparingStep): Partial<TreeRules> {
  return { outputBytes: mostBytes, ...(readsTree ? { prepares: true } : { definition: [] }) }
}

function nodePtyOf({ env }: Context): string | null {
  const machine = readMachine(env.home)
  return machine.ok ? (machine.value.nodePty ?? null) : null
}

/** Where things of a room lie. A file of a later layer covers that of an earlier one; a directory is where it was first. */
export function viewOf(root: string, { dir, prepared }: LowerTree): TreeView {
  const own = realPath(root)
  return (file) => {
    if (!isWithin(file, own)) return file
    const places = [dir, ...prepared].map((layer) => path.join(layer, path.relative(own, file)))
    const there = places.filter((place) => fs.lstatSync(place, { throwIfNoEntry: false }) !== undefined)
    const [first = places[0]!] = there
    return fs.lstatSync(first, { throwIfNoEntry: false })?.isDirectory() ? first : (there.at(-1) ?? first)
  }
}

function rulesOf({ activation, contract }: GateGround): TreeRules {
  return {
    definition: activation.pins.map((pin) => pin.file).filter(staysInside),
    gateWrites: contract.policy.gateWrites,
    ...activation.config?.limits,
  }
}
