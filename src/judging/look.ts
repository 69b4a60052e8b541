import { type Sha256, sha256 } from '../base/hash.ts'
import { type Result, ok } from '../base/result.ts'
import { lookAtDefinition } from '../definition/look.ts'
import { stillThere } from '../evidence/repo-root.ts'
import { profileCommands } from '../contract/release-commands.ts'
import type { Command } from '../contract/types.ts'
import { type CommandRecord, commandRecord } from '../gates/command-record.ts'
import type { RunState } from '../ledger/state.ts'
import { comparedWithStart, startGatesAfter } from '../verdict/as-at-start.ts'
import { mustBeNamed } from '../verdict/blockers.ts'
import type { Facts, SessionFacts } from '../verdict/facts.ts'
import { passOf } from '../verdict/room-passes.ts'
import { type Looking, workspaceLook } from '../workspace/look.ts'
import { endBackground } from './end-background.ts'
import { type InPlaceWord, gatesInPlace } from './in-place.ts'
import { gatesByPlace, roomGates } from './room-gates.ts'
import type { Ports, SessionPort } from './ports.ts'
import { scopeFact, withScopeNow } from './scope-fact.ts'

/** Stands for every workspace that cannot be looked at: the same blocker again and again is repeated. */
const unseenWorkspace = sha256('unseen')

/**
 * Looks at everything a verdict rests on, cheapest first: definition, session, path evidence, then commands. A changed
 * definition is never executed; while cheap facts fail only the fast profile runs. A workspace that cannot be looked at
 * is a fact too: an agent can bring that about, and must not end its turn by it. Failures are those of the baseline, and
 * that the repository is not there any more: nothing that is looked at would be its.
 */
export async function lookAt(run: RunState, ports: Ports): Promise<Result<Facts>> {
  const { activation, contract } = run
  const root = activation.repoRoot
  const there = stillThere(root)
  if (!there.ok) return there
  const looking = workspaceLook(
    {
      root,
      tasks: contract.tasks,
      baselines: activation.baselines,
      baselineDir: ports.baselineDir,
      leftByGates: run.leftByGates,
    },
    ports.workspace,
  )
  if (!looking.ok) return looking
  const look: Looking = async () => {
    const seen = await looking.value()
    if (seen.ok) ports.looked?.(seen.value)
    return seen
  }
  const first = await look()
  const seen = first.ok ? first.value : null
  const { drift } = lookAtDefinition(activation)
  const workspace = seen?.comparison.fingerprint ?? unseenWorkspace
  const session = ports.session && sessionFacts(run, ports.session, workspace)
  const nothingRun: Facts = {
    now: ports.now(),
    drift,
    unseen: first.ok ? null : first.error.message,
    ...(seen?.comparison.changes.length === 0 ? { untouched: true } : {}),
    evidence: seen?.evidence ?? [],
    commands: [],
    gatesRun: 'none',
    gateWrites: [],
    leftByGates: null,
    workspace,
    session,
  }
  if (drift || !seen) return ok(nothingRun)
  // Also while the agent waits: what it waits for may be that a person accepts this.
  const scope = await scopeFact(run, ports, seen)
  if (!scope.ok) return scope
  const inScope: Facts = scope.value ? { ...nothingRun, scope: scope.value } : nothingRun
  if (session?.wait) return ok(inScope)

  const required = new Set(contract.tasks.filter((task) => task.required).map((task) => task.id))
  const cheapFails =
    scope.value !== null ||
    session?.plan.state === 'incomplete' ||
    seen.evidence.some((fact) => !fact.met && required.has(fact.taskId))
  if (cheapFails) {
    const word = await gatesInPlace(run, ports, look, seen, fastGates(run))
    return ok(saidInPlace(run, inScope, word))
  }

  // Their work is still to come: what the gates say now would be about something else.
  if (session && session.children.length > 0) return ok(inScope)

  const background = ports.session?.processes() ?? []
  const before = session && { ...session, background }
  // Named before anything is ended; whoever is told can end a command better than we can.
  if (mustBeNamed(background, run)) return ok({ ...inScope, session: before })

  // A room costs more than the gates that speak at once. What passed in it on this very tree need not be asked.
  const early = fastGates(run).filter((command) => needsEarly(run, ports, command, workspace))
  if (early.length > 0) {
    const word = await gatesInPlace(run, ports, look, seen, early)
    const facts = saidInPlace(run, { ...inScope, session: before }, word)
    if (facts.commands.some((command) => command.outcome === 'failed')) return ok(facts)
  }

  const full = await roomGates(run, ports, look, seen, { watched: background.length > 0, spare: true })
  // A file flipped while the gates ran and before it was executed would otherwise have been judged by.
  const proved = { ...inScope, session: before, ...full, drift: lookAtDefinition(activation).drift }
  const ended = await endBackground(run, ports, look, proved)
  // A gate may have written meanwhile.
  const facts = ended.workspace === workspace ? ok(ended) : await withScopeNow(run, ports, look, ended)
  if (!facts.ok) return facts
  return ok({ ...facts.value, commands: withStart(run, inScope, facts.value.commands) })
}

function fastGates({ activation: { config } }: RunState): readonly Command[] {
  return profileCommands(config, [config?.defaults.fastGateProfile ?? 'fast'])
}

/** Whether the room is to wait for this gate's word in the workspace. */
function needsEarly(run: RunState, ports: Ports, { name }: Command, workspace: Sha256): boolean {
  const { inRoom, inPlace } = gatesByPlace(run, ports)
  if (inRoom.length === 0 || ![...inRoom, ...inPlace].some((one) => one.name === name)) return false
  return passOf(run.roomPasses ?? {}, name)?.workspace !== workspace
}

function saidInPlace(run: RunState, nothingRun: Facts, { results, leftByGates }: InPlaceWord): Facts {
  const commands = withStart(run, nothingRun, results.map(commandRecord))
  return { ...nothingRun, commands, gatesRun: 'fast', leftByGates }
}

function sessionFacts(run: RunState, port: SessionPort, workspace: Sha256): SessionFacts {
  return {
    plan: port.plan(run),
    background: [],
    endTried: false,
    ended: run.ended,
    children: port.children(run),
    wait: port.wait(run, workspace),
    tokens: port.tokens(run),
  }
}

/** What is run on an untouched workspace is the start's own result. */
function withStart(
  run: RunState,
  { untouched }: Pick<Facts, 'untouched'>,
  commands: readonly CommandRecord[],
): readonly CommandRecord[] {
  return comparedWithStart(commands, untouched ? startGatesAfter(run.startGates, commands) : run.startGates)
}
