import { mask } from '../../base/mask.ts'
import type { AttemptRecord, LookRecord } from '../../views/show/attempts.ts'
import { claimOf, spentIn } from '../../views/show/claims.ts'
import { tailOf } from '../../views/show/attempt-files.ts'
import type { Judging } from '../../views/show/judgings.ts'
import type { ShownAttempt, ShownItem } from '../../views/show/show-item.ts'
import type { Texts } from '../../views/show/texts.ts'
import { iso } from '../../views/iso.ts'
import { stopAnswer } from './report-answer.ts'

/** Lines of each log. */
const TAIL = 40

/** What `show` says to machines. Times are ISO 8601. */
export function showAnswer(view: ShownItem, texts: Texts): object {
  const { batch, item, title, attempts, shown, next } = view
  return {
    batch: batch.batch,
    batch_state: batch.state,
    item,
    title,
    attempts: attempts.map(attemptAnswer),
    shown: shown === null ? null : shownAnswer(shown, texts),
    next,
  }
}

export function attemptAnswer(one: AttemptRecord): object {
  const { tokens, ms } = spentIn(one)
  const { attempt, agent, effort, base, openedAt, turns, readers, ended } = one
  return {
    attempt,
    agent,
    effort,
    base,
    opened_at: iso(openedAt),
    ended_at: ended === null ? null : iso(ended.at),
    ended: ended !== null,
    failure: ended?.failure ?? null,
    counted: ended?.counted ?? null,
    starts: turns.length + readers.length,
    tokens,
    minutes: Math.round(ms / 600) / 100,
    rescue: ended?.rescue ?? null,
    set_aside: ended?.setAside ?? null,
  }
}

function shownAnswer(shown: ShownAttempt, texts: Texts): object {
  const { record, work, unseen, judgings, turns, gitDir } = shown
  const { integrated, looks } = record
  const judged = looks.findLast((one) => one.kind === 'judged')
  const last = judged?.kind === 'judged' ? judged.verdict : null
  return {
    attempt: record.attempt,
    claimed: claimOf(record),
    plans: record.plans.map(({ at, ...plan }) => ({ ...plan, at: iso(at), claimed: true })),
    verified:
      integrated === null || last === null
        ? null
        : {
            commit: integrated.commit,
            from: integrated.from,
            tree: last.tree,
            gates_passed:
              judgings
                .get(last.ledgerHead)
                ?.explanation.judgement.commands.filter((one) => one.outcome === 'passed')
                .map((one) => one.name) ?? null,
          },
    starts: record.turns.map(({ turn, at, agent, ended }) => ({
      turn,
      agent,
      began_at: iso(at),
      ended_at: ended === null ? null : iso(ended.at),
      outcome: ended?.outcome ?? null,
      tokens: ended?.tokens ?? null,
      ms: ended?.ms ?? null,
      over: ended?.over ?? null,
      said: ended?.said ?? null,
      claim: ended?.claim ?? null,
    })),
    turns: turns.map(({ turn, prompt, log }) => ({
      turn,
      prompt: prompt && { ...prompt, text: texts.prompts?.find((one) => one.turn === turn)?.text ?? null },
      log: log && { ...log, ...logAnswer(turn, texts) },
    })),
    looks: looks.map((one) =>
      lookAnswer(one, one.kind === 'judged' ? (judgings.get(one.verdict.ledgerHead) ?? null) : null),
    ),
    work: work === null ? null : { ...work, patch: texts.patch },
    unseen: unseen && { error_code: unseen.code, message: unseen.message },
    rescue: record.ended?.rescue ?? null,
    git_dir: gitDir,
  }
}

function logAnswer(turn: number, { logs, wholeLog }: Texts): object {
  const log = logs.find((one) => one.turn === turn)
  const text = mask(log?.text ?? '')
  if (wholeLog) return { is_whole: true, text }
  const { lines, before } = tailOf(text, TAIL)
  return { is_whole: before === 0 && (log?.cut ?? 0) === 0, text: lines.join('\n') }
}

export function lookAnswer(look: LookRecord, judging: Judging | null): object {
  const { at, ...rest } = look
  if (look.kind !== 'judged') return { ...rest, at: iso(at) }
  const { record, ledgerHead, head, tree, verdict, blockers, red, without, ms } = look.verdict
  return {
    kind: look.kind,
    turn: look.turn,
    at: iso(at),
    verdict,
    head,
    tree,
    blockers,
    red,
    without,
    ms: ms ?? null,
    record,
    ledger_head: ledgerHead,
    judgement: judging === null ? null : stopAnswer(judging.explanation),
  }
}
