import { type Sha256, sha256 } from '../base/hash.ts'
import { type Result, ok } from '../base/result.ts'
import { lookAtDefinition } from '../definition/look.ts'
import { stillThere } from '../evidence/repo-root.ts'
import { profileCommands } from '../contract/release-commands.ts'
import { allSealed } from '../gates/all-sealed.ts'
import { type CommandRecord, commandRecord } from '../gates/command-record.ts'
import type { RunState } from '../ledger/state.ts'
import { comparedWithStart, startGatesAfter } from '../verdict/as-at-start.ts'
import { mustBeNamed } from '../verdict/blockers.ts'
import type { Facts, SessionFacts } from '../verdict/facts.ts'
import { gatesLeft } from '../workspace/gates-left.ts'
import { workspaceLook } from '../workspace/look.ts'
import { endBackground } from './end-background.ts'
import { roomGates } from './room-gates.ts'
import type { Ports, SessionPort } from './ports.ts'

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
  const look = looking.value
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
  if (drift || session?.wait || !seen) return ok(nothingRun)

  const required = new Set(contract.tasks.filter((task) => task.required).map((task) => task.id))
  const cheapFails =
    session?.plan.state === 'incomplete' ||
    seen.evidence.some((fact) => !fact.met && required.has(fact.taskId))
  if (cheapFails) {
    const fast = activation.config?.defaults.fastGateProfile ?? 'fast'
    const results = await ports.runGates(profileCommands(activation.config, [fast]))
    const facts: Facts = {
      ...nothingRun,
      commands: withStart(run, nothingRun, results.map(commandRecord)),
      gatesRun: 'fast',
    }
    if (results.length === 0 || allSealed(results)) return ok(facts)
    // Whoever is at work meanwhile writes too. The list of processes costs milliseconds, so it is asked last.
    const children = session?.children.length ?? 0
    if (children > 0 || (ports.session?.processes().length ?? 0) > 0) return ok(facts)
    const after = await look()
    return ok(
      after.ok ? { ...facts, leftByGates: gatesLeft(root, contract.tasks, seen, after.value) } : facts,
    )
  }

  // Their work is still to come: what the gates say now would be about something else.
  if (session && session.children.length > 0) return ok(nothingRun)

  const background = ports.session?.processes() ?? []
  const before = session && { ...session, background }
  // Named before anything is ended; whoever is told can end a command better than we can.
  if (mustBeNamed(background, run)) return ok({ ...nothingRun, session: before })

  const full = await roomGates(run, ports, look, seen, background.length > 0)
  // A file flipped while the gates ran and before it was executed would otherwise have been judged by.
  const proved = { ...nothingRun, session: before, ...full, drift: lookAtDefinition(activation).drift }
  const facts = await endBackground(run, ports, look, proved)
  return ok({ ...facts, commands: withStart(run, nothingRun, facts.commands) })
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
