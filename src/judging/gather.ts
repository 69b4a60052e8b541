import { sha256 } from '../base/hash.ts'
import { type Result, ok } from '../base/result.ts'
import { tokensSince } from '../codex/transcript/tokens.ts'
import type { RunState } from '../ledger/state.ts'
import { lookAtDefinition } from '../definition/look.ts'
import { profileCommands } from './release-commands.ts'
import { grantedWait } from '../control/wait.ts'
import { workspaceLook } from '../workspace/look.ts'
import { mustBeNamed } from '../verdict/blockers.ts'
import type { Facts } from '../verdict/facts.ts'
import { childrenAtWork } from '../hooks/children.ts'
import { commandRecord } from './command-record.ts'
import { endBackground } from './end-background.ts'
import type { Eyes } from './eyes.ts'
import { fullGates } from './full-gates.ts'
import { gatesLeft } from '../workspace/gates-left.ts'
import { planFact } from '../hooks/plan-fact.ts'

/** Stands for every workspace that cannot be looked at: the same blocker again and again is repeated. */
const unseenWorkspace = sha256('unseen')

/**
 * Looks at everything a verdict rests on, cheapest first: definition, plan, path evidence, then commands. A changed
 * definition is never executed; while cheap facts fail only the fast profile runs. A workspace that cannot be looked at
 * is a fact too: an agent can bring that about, and must not end its turn by it. Failures are those of the baseline.
 */
export async function gather(run: RunState, eyes: Eyes): Promise<Result<Facts>> {
  const looking = workspaceLook(run, eyes.home, eyes.workspace)
  if (!looking.ok) return looking
  const look = looking.value
  const first = await look()
  const seen = first.ok ? first.value : null
  const { drift } = lookAtDefinition(run.activation)
  const workspace = seen?.comparison.fingerprint ?? unseenWorkspace
  const nothingRun = {
    now: eyes.now(),
    drift,
    unseen: first.ok ? null : first.error.message,
    plan: planFact(run, eyes.transcriptPath),
    evidence: seen?.evidence ?? [],
    commands: [],
    gatesRun: 'none',
    background: [],
    endTried: false,
    ended: run.ended,
    children: childrenAtWork(run, eyes.now()),
    gateWrites: [],
    leftByGates: null,
    workspace,
    wait: grantedWait(run, eyes.lastMessage, workspace),
    tokens: tokensUsed(run, eyes.transcriptPath),
  } as const satisfies Facts
  if (drift || nothingRun.wait || !seen) return ok(nothingRun)

  const required = new Set(run.contract.tasks.filter((task) => task.required).map((task) => task.id))
  const cheapFails =
    nothingRun.plan.state === 'incomplete' ||
    seen.evidence.some((fact) => !fact.met && required.has(fact.taskId))
  if (cheapFails) {
    const results = await eyes.runGates(
      profileCommands(run, [run.activation.config?.defaults.fastGateProfile ?? 'fast']),
    )
    const facts = { ...nothingRun, commands: results.map(commandRecord), gatesRun: 'fast' } as const
    // Whoever is at work meanwhile writes too.
    if (results.length === 0 || facts.children.length > 0 || eyes.runningProcesses().length > 0)
      return ok(facts)
    const after = await look()
    return ok(after.ok ? { ...facts, leftByGates: gatesLeft(run, seen, after.value) } : facts)
  }

  // Their work is still to come: what the gates say now would be about something else.
  if (nothingRun.children.length > 0) return ok(nothingRun)

  const background = eyes.runningProcesses()
  // Named before anything is ended; whoever is told can end a command better than we can.
  if (mustBeNamed(background, run)) return ok({ ...nothingRun, background })

  const full = await fullGates(run, eyes, look, seen, background.length > 0)
  // A file flipped while the gates ran and before it was executed would otherwise have been judged by.
  const proved = { ...nothingRun, background, ...full, drift: lookAtDefinition(run.activation).drift }
  return ok(await endBackground(run, eyes, look, proved))
}

/** Read only where the contract has a limit for it. */
function tokensUsed(run: RunState, transcriptPath: string | null): number | null {
  if (run.contract.limits.maxTokens === undefined || transcriptPath === null) return null
  return tokensSince(transcriptPath, run.limitsFrom)
}
