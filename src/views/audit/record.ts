import { canonicalJson } from '../../base/hash.ts'
import { parseProjectConfig } from '../../contract/config.ts'
import { hashContract } from '../../contract/hash.ts'
import { verifyBaseline } from '../../evidence/baseline-file.ts'
import type { Activation, LedgerEvent, StopRecord } from '../../ledger/events.ts'
import { startFold } from '../../ledger/fold.ts'
import { type RunState, openRun } from '../../ledger/state.ts'
import { processText } from '../../verdict/blockers.ts'
import { changeWords } from '../../verdict/words/definition.ts'
import { changedWords, reopenedWords } from '../../verdict/words/release.ts'
import { findApproval } from '../../records/approvals.ts'
import { lookAtDefinition } from '../../definition/look.ts'
import { releaseCommands } from '../../contract/release-commands.ts'
import { type Act, type Finding, broken, suspect } from './types.ts'

const backwardsMs = 2_000

/**
 * What the events of one ledger, whose chain holds, say against each other and against the files they name. `dir` is
 * where the session keeps its baselines.
 */
export function recordFindings(home: string, dir: string, events: readonly LedgerEvent[]): Finding[] {
  const found: Finding[] = []
  const folding = startFold()
  let last = 0
  for (const event of events) {
    if (event.at < last - backwardsMs)
      found.push(suspect('clock-back', `record ${event.seq} is older than the one before it`, event.at))
    last = event.at
    if (event.type === 'stop' && event.data.verdict === 'release') {
      const run = openRun(folding.state())
      if (run) found.push(...releaseFindings(run, event.data, event.at))
    }
    if (event.type === 'activated')
      found.push(...groundFindings(home, dir, event.data, event.at), ...armedOver(event.data, event.at))
    if (event.type === 'amended') found.push(...groundFindings(home, dir, event.data.activation, event.at))
    if (event.type === 'refined' && hashContract(event.data.contract) !== event.data.contractHash)
      found.push(broken('contract-hash', 'an added contract does not have the hash it names', event.at))
    folding.add(event)
  }
  const open = openRun(folding.state())
  if (open) found.push(...definitionFindings(open))
  return found
}

/** A release must be borne out by its own record: every required evidence met, every release command passed. */
function releaseFindings(run: RunState, stop: StopRecord, at: number): Finding[] {
  const missing: string[] = []
  if (stop.outstandingTaskIds.length > 0)
    missing.push(`tasks ${stop.outstandingTaskIds.join(', ')} were open`)
  for (const task of run.contract.tasks.filter((one) => one.required))
    task.evidence.forEach((evidence, index) => {
      if (evidence.kind === 'commandRef') return
      const met = stop.evidence.some((one) => one.taskId === task.id && one.index === index && one.met)
      if (!met) missing.push(`evidence ${index + 1} of ${task.id} is not on record as met`)
    })
  for (const { name } of releaseCommands({ contract: run.contract, config: run.activation.config })) {
    const record = stop.commands.find((one) => one.name === name)
    if (record?.outcome !== 'passed') missing.push(`gate ${name} is not on record as passed`)
    else if (run.contract.policy.sandbox !== 'off' && !record.sandboxed)
      missing.push(`gate ${name} ran without the sandbox`)
  }
  const left = (stop.session?.background ?? []).map((running) =>
    suspect('left-running', `released while a command of the agent went on: ${processText(running)}`, at),
  )
  if (stop.session?.plan.state === 'incomplete') missing.push('the plan was open')
  return missing.length === 0
    ? left
    : [
        ...left,
        broken('release-unproved', `the release of run ${run.runId.slice(0, 12)}: ${missing.join('; ')}`, at),
      ]
}

/** Contract hash, baseline files and approved config of an activation. */
function groundFindings(home: string, dir: string, activation: Activation, at: number): Finding[] {
  const found: Finding[] = []
  const run = `run ${activation.runId.slice(0, 12)}`
  if (hashContract(activation.contract) !== activation.contractHash)
    found.push(broken('contract-hash', `${run}: the contract does not have the hash it names`, at))
  for (const sha of activation.baselines) {
    const baseline = verifyBaseline(dir, sha)
    if (!baseline.ok) found.push(broken(baseline.error.code, `${run}: ${baseline.error.message}`, at))
  }
  const { configPath, configSha256 } = activation
  if (configPath === null || configSha256 === null) return found
  const approval = findApproval(home, configPath, configSha256)
  if (!approval)
    return [
      ...found,
      broken(
        'approval-missing',
        `${run}: no approval of the config it rests on (${configPath}) is there`,
        at,
      ),
    ]
  const config = parseProjectConfig(approval.text, configPath)
  if (!config.ok || canonicalJson(config.value) !== canonicalJson(activation.config))
    found.push(broken('config-differs', `${run}: its gates are not those of the approved config`, at))
  return found
}

/** The person was told; whether they wanted it only they know. */
function armedOver({ runId, changedBefore = [] }: Activation, at: number): Finding[] {
  return changedBefore.map((change) =>
    suspect(
      'changed-before-arming',
      `run ${runId.slice(0, 12)}: between the session's start and its own, the gate definition changed: ${changeWords(change)}`,
      at,
    ),
  )
}

/** Only of an open run: after its end a repository goes on to change. */
function definitionFindings(run: RunState): Finding[] {
  const { drift } = lookAtDefinition(run.activation)
  return (drift?.changes ?? []).map((change) =>
    suspect('definition-changed', `the gate definition has changed: ${changeWords(change)}`),
  )
}

/** What people, or somebody in their name, did to the runs; the agent's refused attempts too. */
export function actsIn(events: readonly LedgerEvent[]): Act[] {
  return events.flatMap((event): Act[] => {
    const { at, type, data } = event
    if (type === 'activated')
      return data.origin.kind === 'session'
        ? [{ at, what: 'armed', by: data.origin.armedBy, reason: data.origin.mode }]
        : []
    if (type === 'paused' || type === 'resumed' || type === 'amended')
      return [{ at, what: type, by: data.by, reason: data.reason }]
    if (type === 'closed') return [{ at, what: data.how, by: data.by, reason: data.reason }]
    if (type === 'reopened')
      return [{ at, what: 'reopened', by: 'agent', reason: reopenedWords(data.changes) }]
    if (type === 'finalised')
      return data.changes
        ? [{ at, what: 'changed after release', by: 'unknown', reason: changedWords(data.changes) }]
        : []
    if (type === 'limits') return [{ at, what: type, by: data.by, reason: null }]
    if (type === 'refused') return [{ at, what: `refused ${data.action}`, by: data.by, reason: data.why }]
    return []
  })
}
