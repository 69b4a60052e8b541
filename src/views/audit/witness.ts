import { oneLine } from '../../base/text.ts'
import type { History } from '../../codex/transcript/history.ts'
import type { LedgerEvent } from '../../ledger/events.ts'
import { hasRunMark, headsIn, shortHead } from '../../verdict/words/witness.ts'
import type { Act, Finding } from './types.ts'
import { broken, suspect } from './types.ts'

/** Characters of a command that are shown. */
const MOST = 240

/** Nobody reads the end of a turn and types within this; what Codex had in its queue comes at once. Milliseconds. */
const queuedMs = 250
/** Contexts of releases before 0.4 had no mark; they began with this. */
const toldBefore04 = 'autonomous-loop: this session works under a frozen contract'

export interface Compared {
  readonly recorded: number
  readonly confirmed: number
  readonly findings: readonly Finding[]
}

/**
 * Holds the ledger against Codex's own transcript, each of which an agent would have to rewrite: every block the model
 * was given names the ledger's head before it. `elsewhere` says whether another session's ledger has such a head (a
 * fork begins with its parent's history).
 */
export function compareWitnesses(
  events: readonly LedgerEvent[],
  histories: readonly History[],
  elsewhere: (short: string) => boolean,
): Compared {
  const findings: Finding[] = []
  const seen = new Map<string, number>()
  for (const { at, text } of histories.flatMap((history) => history.hookTexts))
    for (const head of headsIn(text)) seen.set(head, at)

  const heads = new Set<string>()
  const recorded = new Map<string, number>()
  for (const event of events) {
    const short = event.type === 'stop' ? witnessOf(event) : null
    if (short !== null) {
      recorded.set(short, event.at)
      if (!heads.has(short))
        findings.push(
          broken(
            'witness-wrong',
            `stop ${event.seq} names the head ${short}, which no record before it has`,
            event.at,
          ),
        )
    }
    heads.add(shortHead(event.hash))
  }
  for (const [short, at] of seen)
    if (!recorded.has(short) && !elsewhere(short))
      findings.push(
        heads.has(short)
          ? broken(
              'block-missing',
              `Codex was given a block after ${short} that the ledger does not hold`,
              at,
            )
          : broken(
              'head-missing',
              `Codex was shown the ledger's head ${short}; the ledger has no such record`,
              at,
            ),
      )
  for (const [short, at] of recorded)
    if (!seen.has(short))
      findings.push(
        suspect('block-unseen', `the block after ${short} is in no transcript of this session`, at),
      )
  const confirmed = [...recorded.keys()].filter((short) => seen.has(short)).length

  const told = histories
    .flatMap((history) => history.developerTexts)
    .find(({ text }) => hasRunMark(text) || text.includes(toldBefore04))
  if (told && !events.some((event) => event.type === 'activated'))
    findings.push(broken('run-missing', 'Codex was told of a contract; the ledger holds no run', told.at))
  return { recorded: recorded.size, confirmed, findings }
}

function witnessOf(event: Extract<LedgerEvent, { type: 'stop' }>): string | null {
  const { verdict, delivered } = event.data
  return verdict === 'block' || verdict === 'halt' ? (delivered?.head ?? null) : null
}

/**
 * What the transcript says about when things happened: a verdict that ends the turn is followed by nothing the agent
 * does, and a person's act during a command of the agent may be the agent's.
 */
export function compareTimes(
  events: readonly LedgerEvent[],
  acts: readonly Act[],
  histories: readonly History[],
): Finding[] {
  const findings: Finding[] = []
  const moments = histories.flatMap((history) => history.moments)
  for (const event of events) {
    if (event.type !== 'stop' || (event.data.verdict !== 'release' && event.data.verdict !== 'park')) continue
    const next = moments.find((moment) => moment.at > event.at)
    if (next?.what === 'work')
      findings.push(
        broken(
          'verdict-mid-turn',
          `the agent went on in the same turn after the verdict "${event.data.verdict}"`,
          event.at,
        ),
      )
  }
  const calls = histories.flatMap((history) => history.calls)
  for (const act of acts) {
    if ((act.by !== 'terminal' && act.by !== 'prompt') || act.what === 'armed') continue
    const during = calls.find((call) => call.at < act.at && (call.end ?? act.at) > act.at)
    if (during)
      findings.push(
        suspect(
          'act-during-command',
          `"${act.what}" by ${act.by} came while a command of the agent ran: ${oneLine(during.text, MOST)}`,
          act.at,
        ),
      )
    const waited = act.by === 'prompt' ? pauseBefore(moments, act.at) : null
    if (waited !== null && waited < queuedMs)
      findings.push(
        suspect(
          'act-was-waiting',
          `"${act.what}" by prompt began ${waited} ms after the turn before: it lay in the queue while the agent worked`,
          act.at,
        ),
      )
  }
  return findings
}

/** How long after the turn before it the turn began in which this happened, in ms; null when there is no such pair. */
function pauseBefore(moments: History['moments'], at: number): number | null {
  const begin = moments.findLastIndex((moment) => moment.at <= at)
  const [ended, started] = moments.slice(Math.max(0, begin - 1), begin + 1)
  return started?.what === 'start' && ended?.what === 'end' ? started.at - ended.at : null
}

/** Commands of the agent that name what is ours: reading is no crime, but there is no honest need for it. */
export function reachesForState(home: string, histories: readonly History[]): Finding[] {
  const found: Finding[] = []
  for (const { at, text } of histories.flatMap((history) => history.calls)) {
    const rest = text.replaceAll(`${home}/bin/autonomous-loop`, '')
    const what = rest.includes(home)
      ? "names the controller's home"
      : /\bautoloop\/(?:sessions|armed|live|approved|requests|archived|machine\.json|bin\/hook)/.test(rest)
        ? "names the controller's state"
        : /\bAUTONOMOUS_LOOP_HOME=/.test(rest)
          ? "sets the controller's home"
          : /(?:-u\s*|unset\b[^\n;]*)CODEX_|CODEX_(?:CI|TOOL_CALL_ID|PERMISSION_PROFILE)=/.test(rest)
            ? 'takes the marks of an agent off'
            : /\bcodex\b[^\n;|&]*\s(?:queue|app-server)\b|\squeue\s[^\n;|&]*--thread\b/.test(rest)
              ? 'speaks to Codex as a person would'
              : /\bautonomous-loop\s+(?:release|disable|pause|resume|amend|allow|cleanup)\b/.test(rest)
                ? "holds a person's words"
                : /\.codex\/(?:hooks\.json|config\.toml|sessions\/|archived_sessions\/)|\brollout-\d{4}-/.test(
                      rest,
                    )
                  ? "names Codex's own settings or transcripts"
                  : null
    if (what)
      found.push(suspect('agent-reached-out', `a command of the agent ${what}: ${oneLine(text, MOST)}`, at))
  }
  return found
}
