import fs from 'node:fs'
import path from 'node:path'
import { placeIn } from '../../../ledger/paths.ts'
import { type BatchPaths, attemptPaths } from '../../../supervisor/batch/paths.ts'
import { removedLogs } from '../../../supervisor/record/removed-logs.ts'
import type { AttemptRecord } from '../../show/attempts.ts'
import { engineRecord } from '../../show/judgings.ts'
import { type BatchFinding, suspect } from './types.ts'

export interface LeftFiles {
  readonly looked: number
  /** Attempts whose logs `clean` removed. */
  readonly removed: number
  readonly findings: readonly BatchFinding[]
}

const TODO = 'nothing, if you removed it yourself; what the record says of it still holds'

/** Whether prompts and logs of gates that the record speaks of are there. */
export function leftFindings(batch: BatchPaths, attempts: readonly AttemptRecord[]): LeftFiles {
  const removed = removedLogs(batch)
  const findings: BatchFinding[] = []
  let looked = 0
  const need = (file: string, code: string, what: string, at: number): void => {
    looked += 1
    if (fs.lstatSync(file, { throwIfNoEntry: false })?.isFile() !== true)
      findings.push(suspect(code, `${what} is gone`, { where: file, todo: TODO, at }))
  }
  for (const attempt of attempts) {
    const { item, attempt: nth, turns, ended } = attempt
    // Its files come and go.
    if (ended === null) continue
    const paths = attemptPaths(batch, item, nth)
    const name = `attempt ${nth} at ${item}`
    for (const turn of new Set(turns.map((one) => one.turn)))
      need(paths.turn(turn).prompt, 'prompt-gone', `the prompt of turn ${turn} of ${name}`, attempt.openedAt)
    if (removed.has(path.basename(paths.dir))) continue
    for (const { file, gate, at } of gateLogs(batch, attempt))
      need(file, 'log-gone', `a log of gate ${gate} of ${name}`, at)
  }
  return { looked, removed: removed.size, findings }
}

/** Logs that the engine names, by their names alone: the home may have been moved. */
function gateLogs(batch: BatchPaths, { looks }: AttemptRecord): readonly GateLog[] {
  const judged = looks.find((one) => one.kind === 'judged')
  if (judged?.kind !== 'judged') return []
  const { gates } = placeIn(path.join(batch.dir, judged.verdict.record, 'judged'))
  const events = engineRecord(batch, judged.verdict)?.events ?? []
  return events.flatMap((event) =>
    event.type !== 'stop'
      ? []
      : event.data.commands.flatMap(({ name, logFile }): readonly GateLog[] =>
          logFile === null
            ? []
            : [{ file: path.join(gates, path.basename(logFile)), gate: name, at: event.at }],
        ),
  )
}

interface GateLog {
  readonly file: string
  readonly gate: string
  readonly at: number
}
