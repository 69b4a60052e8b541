import { sha256 } from '../base/hash.ts'
import { type Result, ok } from '../base/result.ts'
import { tokensSince } from '../codex/transcript-tokens.ts'
import { namedPaths } from '../contract/named-paths.ts'
import type { Command } from '../contract/types.ts'
import type { Baseline, Comparison, EvidenceFact, EvidenceOptions } from '../evidence/types.ts'
import { compareWith } from '../evidence/compare.ts'
import { movedBetween } from '../evidence/moved-between.ts'
import { evaluate } from '../evidence/evaluate.ts'
import { compileGlob } from '../evidence/glob.ts'
import { loadBaseline } from '../evidence/baseline-file.ts'
import type { GateResult } from '../gates/types.ts'
import { sessionPaths } from '../ledger/paths.ts'
import type { RunState } from '../ledger/state.ts'
import { lookAtDefinition } from '../control/definition.ts'
import { profileCommands, releaseCommands } from '../control/release-commands.ts'
import { grantedWait } from '../control/wait.ts'
import { backgroundNotice } from '../verdict/blockers.ts'
import type { Facts, RunningProcess } from '../verdict/facts.ts'
import { childrenAtWork } from './children.ts'
import { commandRecord } from './command-record.ts'
import { planFact } from './plan-fact.ts'
import { changeTimes, touchedSince } from './touched.ts'

/** Stands for every workspace that cannot be looked at: the same blocker again and again is repeated. */
const unseenWorkspace = sha256('unseen')

/** What gathering needs from its caller; `check` and the stop hook give different ones. */
export interface Eyes {
  readonly home: string
  readonly workspace: EvidenceOptions
  readonly now: () => number
  readonly transcriptPath: string | null
  readonly lastMessage: string | null
  readonly runningProcesses: () => readonly RunningProcess[]
  readonly runGates: (commands: readonly Command[]) => Promise<readonly GateResult[]>
}

/**
 * Looks at everything a verdict rests on, cheapest first: definition, plan, path evidence, then commands. A changed
 * definition is never executed; while cheap facts fail only the fast profile runs. A workspace that cannot be looked at
 * is a fact too: an agent can bring that about, and must not end its turn by it. Failures are those of the baseline.
 */
export async function gather(run: RunState, eyes: Eyes): Promise<Result<Facts>> {
  const look = await workspaceLook(run, eyes.home, eyes.workspace)
  if (!look.ok) return look
  const first = await look.value()
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
    children: childrenAtWork(run, eyes.now()),
    gateWrites: [],
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
    return ok({ ...nothingRun, commands: results.map(commandRecord), gatesRun: 'fast' })
  }

  // Their work is still to come: what the gates say now would be about something else.
  if (nothingRun.children.length > 0) return ok(nothingRun)

  const background = eyes.runningProcesses()
  // Named once; a server that must stay does not hold the run for ever.
  if (
    background.length > 0 &&
    run.contract.policy.background === 'block' &&
    !run.notices.includes(backgroundNotice)
  )
    return ok({ ...nothingRun, background })

  const full = await fullGates(run, eyes, look.value, seen, background.length > 0)
  // A file flipped while the gates ran and before it was executed would otherwise have been judged by.
  return ok({ ...nothingRun, background, ...full, drift: lookAtDefinition(run.activation).drift })
}

interface Look {
  readonly comparison: Comparison
  readonly evidence: readonly EvidenceFact[]
}

async function workspaceLook(
  run: RunState,
  home: string,
  options: EvidenceOptions,
): Promise<Result<() => Promise<Result<Look>>>> {
  const { repoRoot: root, baselines: shas, sessionId } = run.activation
  const dir = sessionPaths(home, sessionId).dir
  const baselines: Baseline[] = []
  for (const sha of shas) {
    const loaded = loadBaseline(dir, sha)
    if (!loaded.ok) return loaded
    baselines.push(loaded.value)
  }
  const named = namedPaths(run.contract.tasks)
  return ok(async () => {
    const comparison = await compareWith(root, baselines, named, options)
    if (!comparison.ok) return comparison
    const evidence = await evaluate(run.contract.tasks, { root, comparison: comparison.value })
    return ok({ comparison: comparison.value, evidence })
  })
}

/**
 * The gates the release needs, with the workspace compared around them: work that lands while they run was not what
 * they judged. One rerun, because a gate may write its caches the first time; moved again is a blocker. While commands
 * of the agent run (`watched`), a file that was written and put back counts as well: they could flip it.
 */
async function fullGates(
  run: RunState,
  eyes: Eyes,
  look: () => Promise<Result<Look>>,
  before: Look,
  watched: boolean,
): Promise<Partial<Facts>> {
  const globs = run.contract.policy.gateWrites.map(compileGlob)
  const covered = (path: string): boolean => globs.some((matches) => matches(path))
  const commands = releaseCommands(run)
  let from = before
  for (let attempt = 1; ; attempt += 1) {
    const times = watched ? changeTimes(run.activation.repoRoot, watchedPaths(run, from)) : new Map()
    const results = await eyes.runGates(commands)
    const after = await look()
    const facts = { commands: results.map(commandRecord), gatesRun: 'full' as const }
    if (!after.ok)
      return {
        ...facts,
        gateWrites: [`(the workspace cannot be looked at any more: ${after.error.message})`],
      }
    const moved = [
      ...new Set([
        ...movedBetween(from.comparison, after.value.comparison),
        ...touchedSince(run.activation.repoRoot, times),
      ]),
    ].filter((path) => !covered(path))
    const seen = { evidence: after.value.evidence, workspace: after.value.comparison.fingerprint }
    const allPassed = results.every((result) => result.outcome.kind === 'passed')
    if (moved.length === 0 || !allPassed) return { ...facts, ...seen, gateWrites: [] }
    if (attempt === 2) return { ...facts, ...seen, gateWrites: moved }
    from = after.value
  }
}

/** What differs from the start, and the files that give the gates their meaning. */
function watchedPaths(run: RunState, { comparison }: Look): Set<string> {
  return new Set([...comparison.state.keys(), ...run.activation.pins.map((pin) => pin.file)])
}

/** Read only where the contract has a limit for it. */
function tokensUsed(run: RunState, transcriptPath: string | null): number | null {
  if (run.contract.limits.maxTokens === undefined || transcriptPath === null) return null
  return tokensSince(transcriptPath, run.limitsFrom)
}
