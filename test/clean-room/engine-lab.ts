import { EventEmitter } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import type { Doing } from '../../src/judging/watch.ts'
import { lookAt } from '../../src/judging/look.ts'
import type { Ports, RoomAnswer, RoomPort } from '../../src/judging/ports.ts'
import type { GateResult } from '../../src/gates/types.ts'
import { homePaths } from '../../src/ledger/paths.ts'
import { warmPlace } from '../../src/records/warm-room.ts'
import { cleanRoom } from '../../src/records/clean-room.ts'
import type { Context } from '../../src/records/context.ts'
import { type LayerAbout, type KeptLayer, layersIn } from '../../src/records/layer-store.ts'
import { writeMachine } from '../../src/records/machine.ts'
import { preparedPlace } from '../../src/records/prepare-room.ts'
import type { RunState } from '../../src/ledger/state.ts'
import { type Decision, decide } from '../../src/verdict/decide.ts'
import type { Facts } from '../../src/verdict/facts.ts'
import { workspaceLook } from '../../src/workspace/look.ts'
import { type Engine, makeEngine, must } from '../judging/rig.ts'
import { codexBinary } from '../rig/binaries.ts'

/** A run whose gates pass in the clean room, in the real box, without a session. */
export interface RoomEngine extends Engine {
  readonly context: Context
  readonly state: RunState
  /** What was waited for, oldest first. */
  readonly doings: Doing[]
  /** Resolves once something of this kind is waited for. */
  waitsFor(kind: Doing['kind']): Promise<void>
  /** Takes in what the workspace holds. */
  enter(vars?: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<RoomAnswer>
  /** What the workspace would be told at a stop, with all it rests on. Nothing of it is put on record. */
  judged(): Promise<{ readonly facts: Facts; readonly decision: Decision }>
  /** The same, and runs the gates of the final profile. */
  gates(): Promise<readonly GateResult[]>
  /** Prepared ones, the one used last first. */
  layers(): readonly (KeptLayer & LayerAbout)[]
  /** The same, of what gates wrote on the start. */
  warm(): readonly (KeptLayer & LayerAbout)[]
}

/** `config`: beside a gate `test` that is run in the room. `below`: the run's root, where it is not the top of the repository. */
export async function roomEngine(
  gate: readonly string[],
  files: Readonly<Record<string, string>>,
  config: Readonly<Record<string, unknown>> = {},
  below = '.',
): Promise<RoomEngine> {
  const engine = makeEngine(() => ({
    config: {
      version: 2,
      commands: { test: { argv: gate, network: 'none', steps: false } },
      gateProfiles: { fast: [], default: [], final: ['test'] },
      policy: { verify: 'clean-room' },
      ...config,
    },
    task: { id: 'T1', title: 'Work', evidence: [{ kind: 'pathChanged', glob: '**' }] },
    files,
    below,
  }))
  const context = contextOf(engine)
  recordCodex(context)
  const state = await engine.start()
  const doings: Doing[] = []
  const told = new EventEmitter()
  const roomPort = (vars: Readonly<Record<string, string>>, signal: AbortSignal): RoomPort =>
    cleanRoom(context, {
      run: state,
      codex: null,
      baselineDir: engine.place.dir,
      place: path.join(homePaths(engine.home).rooms, state.runId),
      gates: {
        vars: { HOME: engine.dir, ...vars },
        abort: signal,
        logs: engine.at('logs'),
        watch: {
          began: (one) => {
            doings.push(one)
            told.emit(one.kind)
          },
          ended: () => {},
        },
      },
    })
  const enter = async (
    vars: Readonly<Record<string, string>> = {},
    signal: AbortSignal = new AbortController().signal,
  ): Promise<RoomAnswer> => {
    const port = roomPort(vars, signal)
    const look = must(
      workspaceLook(
        {
          root: engine.root,
          tasks: state.contract.tasks,
          baselines: state.activation.baselines,
          baselineDir: engine.place.dir,
          leftByGates: [],
        },
        engine.workspace,
      ),
    )
    for (;;) {
      const answer = await port.enter(must(await look()))
      // Files that are younger than a tick make a look that is taken again.
      if (answer.kind !== 'moved') return answer
    }
  }
  return {
    ...engine,
    context,
    state,
    doings,
    waitsFor: (kind) => new Promise((resolve) => told.once(kind, () => resolve())),
    enter,
    judged: async () => {
      const ports: Ports = {
        now: Date.now,
        workspace: engine.workspace,
        baselineDir: engine.place.dir,
        session: null,
        room: roomPort({}, new AbortController().signal),
        // What fails in the room is run in the workspace for its words only.
        runGates: async () => [],
      }
      const facts = must(await lookAt(state, ports))
      return { facts, decision: decide(facts, state) }
    },
    gates: async () => {
      const entered = await enter()
      if (entered.kind !== 'ready') throw new Error(JSON.stringify(entered))
      return entered.room.runGates(Object.values(state.activation.config?.commands ?? {}))
    },
    layers: () => layersIn(preparedPlace(engine.home, engine.root)),
    warm: () => layersIn(warmPlace(engine.home, engine.root)),
  }
}

function contextOf({ home, dir, root }: Engine): Context {
  return {
    env: {
      vars: { HOME: dir, PATH: process.env['PATH'] },
      cwd: root,
      codexHome: path.join(dir, 'codex-home'),
      home,
      tmpDir: '/tmp',
      uid: process.getuid?.() ?? 0,
    },
    clock: () => Date.now(),
    newId: () => 'id',
  }
}

function recordCodex({ env }: Context): void {
  fs.mkdirSync(env.codexHome, { recursive: true })
  fs.mkdirSync(homePaths(env.home).sandboxHome, { recursive: true })
  const native = codexBinary()
  writeMachine(env.home, {
    v: 1,
    version: '0.0.0',
    installedAt: 1,
    node: process.execPath,
    codexHome: env.codexHome,
    codex: { path: native, native, version: null },
    stopTimeoutSeconds: 600,
    nodePty: null,
    hooks: [],
    hooksInstalled: null,
    files: {},
  })
}
