import fs from 'node:fs'
import path from 'node:path'
import { canonicalJson } from '../../../base/hash.ts'
import { hashContract } from '../../../contract/hash.ts'
import type { Activation } from '../../../ledger/events.ts'
import { placeIn } from '../../../ledger/paths.ts'
import { settledConfig } from '../../../supervisor/batch/open.ts'
import type { BatchPaths } from '../../../supervisor/batch/paths.ts'
import { itemReader } from '../../../supervisor/decide/plan.ts'
import { itemContract, withoutGates } from '../../../supervisor/judge/batch-config.ts'
import type { BatchEvent, BatchOpened, FrozenItem, TreeVerdict } from '../../../supervisor/record/events.ts'
import type { AttemptRecord } from '../../show/attempts.ts'
import { type EngineRecord, type Judging, engineRecord, judgingAt } from '../../show/judgings.ts'
import { auditRecord } from '../audit.ts'
import { itemsIn } from './record.ts'
import { type BatchFinding, KEEP, broken } from './types.ts'

/**
 * Findings of the engine's record that mean nothing of an attempt: the checkout where it was judged holds another tree by now, and a
 * batch judges by a config of its own making, which is looked at here.
 */
const NOT_OURS: ReadonlySet<string> = new Set(['definition-changed', 'config-differs'])

export interface Verdicts {
  readonly looked: number
  readonly findings: readonly BatchFinding[]
}

/** Holds every verdict that the batch names against the engine's own record of it. */
export function verdictFindings(
  home: string,
  batch: BatchPaths,
  events: readonly BatchEvent[],
  attempts: readonly AttemptRecord[],
): Verdicts {
  const known = knownTexts(events)
  const records = new Map<string, EngineRecord | null>()
  const findings: BatchFinding[] = []
  let looked = 0
  for (const attempt of attempts)
    for (const look of attempt.looks) {
      if (look.kind !== 'judged') continue
      const { verdict, at } = look
      looked += 1
      if (!records.has(verdict.record)) {
        records.set(verdict.record, engineRecord(batch, verdict))
        findings.push(...ledgerFindings(home, batch, verdict))
      }
      const record = records.get(verdict.record) ?? null
      if (record !== null) findings.push(...verdictOf(attempt, verdict, record, known, at))
    }
  return { looked, findings }
}

/** The engine's ledger against itself and the files that it names. */
function ledgerFindings(home: string, batch: BatchPaths, { record }: TreeVerdict): readonly BatchFinding[] {
  const { dir, ledger } = placeIn(path.join(batch.dir, record, 'judged'))
  const place = { where: ledger, todo: KEEP }
  if (!fs.existsSync(ledger))
    return [broken('verdict-gone', `the engine's record of ${record} is gone`, place)]
  return auditRecord(home, { dir, ledger, archived: false })
    .findings.filter((one) => !NOT_OURS.has(one.code))
    .map((one) => ({ ...one, ...place }))
}

function verdictOf(
  attempt: AttemptRecord,
  verdict: TreeVerdict,
  record: EngineRecord,
  known: Known,
  at: number,
): readonly BatchFinding[] {
  const name = `attempt ${attempt.attempt} at ${attempt.item}`
  const place = { where: record.ledger, todo: KEEP, at }
  const judging = judgingAt(record, verdict.ledgerHead)
  if (judging === null)
    return [
      broken(
        'verdict-unrecorded',
        `the batch names the verdict ${verdict.ledgerHead.slice(0, 12)} on ${name}, which the engine's record does not hold`,
        place,
      ),
    ]
  const differs = differences(attempt, verdict, judging, known)
  return differs.length === 0
    ? []
    : [
        broken(
          'verdict-differs',
          `what the batch says of a verdict on ${name} is not what the engine wrote down: ${differs.join(', ')}`,
          place,
        ),
      ]
}

/** In what the batch and the engine do not agree about one verdict. */
function differences(
  { item, attempt, digest }: AttemptRecord,
  verdict: TreeVerdict,
  { explanation: { judgement }, history }: Judging,
  known: Known,
): readonly string[] {
  const { activation } = history.run
  const { origin, requestId } = activation
  const isSame = origin.kind === 'attempt' && origin.item === item && origin.attempt === attempt
  const config = known.configs.get(activation.configSha256 ?? '')
  const frozen = known.items.get(digest)
  return [
    ...(judgement.verdict === verdict.verdict ? [] : [`${verdict.verdict} and ${judgement.verdict}`]),
    ...(judgement.signature === verdict.signature ? [] : ['what stood in the way']),
    ...(isSame ? [] : ['the attempt']),
    ...(requestId?.startsWith(verdict.head) ? [] : ['the head']),
    ...(config === undefined || isConfig(config, activation, verdict.without) ? [] : ['the config']),
    ...(config === undefined || frozen === undefined || isContract(config, frozen, activation)
      ? []
      : ['what the item asks for']),
  ]
}

interface Known {
  /** By digest. */
  readonly items: ReadonlyMap<string, FrozenItem>
  readonly configs: ReadonlyMap<string, BatchOpened['config']>
}

/** What was accepted in the course of the batch. */
function knownTexts(events: readonly BatchEvent[]): Known {
  const items = new Map<string, FrozenItem>()
  const configs = new Map<string, BatchOpened['config']>()
  for (const event of events) {
    for (const item of itemsIn(event)) items.set(item.digest, item)
    if (event.type === 'batch-opened' || event.type === 'config-amended')
      configs.set(event.data.config.sha256, event.data.config)
  }
  return { items, configs }
}

/** A config that this version does not understand any more says nothing. */
function isConfig(
  { text, path: file }: BatchOpened['config'],
  activation: Activation,
  without: readonly string[],
): boolean {
  const settled = settledConfig(text, file)
  return (
    !settled.ok ||
    canonicalJson(withoutGates(settled.value.config, without)) === canonicalJson(activation.config)
  )
}

function isContract(
  { text, path: file }: BatchOpened['config'],
  frozen: FrozenItem,
  activation: Activation,
): boolean {
  const settled = settledConfig(text, file)
  const item = settled.ok ? itemReader(settled.value.config)(frozen) : null
  if (!settled.ok || item === null || activation.config === null) return true
  const contract = itemContract(item, activation.config, settled.value.settings)
  return !contract.ok || hashContract(contract.value) === activation.contractHash
}
