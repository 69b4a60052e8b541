import fs from 'node:fs'
import path from 'node:path'
import { expect } from '@jest/globals'
import type { ModelAnswer, ModelRequest } from '../../../src/prove/model/scripted-model.ts'
import type { BatchEvent } from '../../../src/supervisor/record/events.ts'
import type { CodexVersion } from '../../rig/binaries.ts'
import { inputTexts, message } from '../../rig/codex.ts'
import { type Stands, playOn } from '../labelled/play.ts'
import { withHooks } from './person-hooks.ts'
import { type CodexSite, codexAt, lastPrompt, makeCodexSite } from './rig.ts'

type Step = ModelAnswer | ((request: ModelRequest) => ModelAnswer)

/** What a Codex does about some items, and how these end. Several labels may be played in one batch. */
export interface Label {
  readonly name: string
  /** Titled `Item <id>`, so that the model knows which one it is asked about. */
  readonly items: Readonly<Record<string, string>>
  /** Answers of the model for each item, request by request; the last one repeats. */
  readonly plays: (site: CodexSite) => Plays
  readonly expected: Readonly<Record<string, Stands>>
  readonly landed: Readonly<Record<string, string | null>>
  /** Turns at each item, in all attempts. */
  readonly turns: Readonly<Record<string, number>>
  /** Of all its conversations, sub-agents included. */
  readonly tokens?: Readonly<Record<string, number>>
  readonly check?: (played: Played) => void
}

/** A batch that has ended. */
export interface Played {
  readonly site: CodexSite
  readonly events: readonly BatchEvent[]
  /** Requests about an item, without those that compact and those of sub-agents. */
  readonly asked: (id: string) => readonly ModelRequest[]
  readonly compactions: (id: string) => number
  readonly conversations: (id: string) => readonly string[]
  /** All that the supervisor said of an item. */
  readonly told: (id: string) => string
  /** Files in CODEX_HOME before the batch. */
  readonly before: Readonly<Record<string, string>>
}

/** What a sub-agent of an item is asked for. */
export const child = (id: string): string => `A part of item ${id}`

/** The sub-agent that a conversation started, as it was told. */
export function childOf({ body }: ModelRequest): string {
  return /agent_id\\*":\\*"([0-9a-f-]{36})/.exec(JSON.stringify(body['input']))?.[1] ?? ''
}

/** Plays them in one batch: each ends as it says, what is done is proved in a fresh clone, and the figures are those of the rollouts. */
export async function playLabels(
  version: CodexVersion,
  labels: readonly Label[],
  prefix = '',
): Promise<void> {
  const all = <T>(of: (label: Label) => Readonly<Record<string, T>>): Record<string, T> =>
    Object.assign({}, ...labels.map(of)) as Record<string, T>
  const asked: Asked[] = []
  let plays: Plays = {}
  const files = {
    'check.sh': 'test ! -e src/bad.txt || { echo "bad.txt is there" >&2; exit 1; }\n',
    'src/a.txt': 'a\n',
  }
  const below = <T>(paths: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(paths).map(([file, what]) => [`${prefix}${file}`, what]))
  const site = await makeCodexSite({
    version,
    prefix,
    files: below(files),
    items: all((one) => one.items),
    supervisor: {
      agents: {
        codex: codexAt(version),
        many: codexAt(version, { model: 'gpt-5.4' }),
        coder: codexAt(version, { model: 'gpt-6-sol' }),
      },
      roles: { work: ['codex'] },
      limits: { noProgress: 2 },
    },
    top: 'model_auto_compact_token_limit = 2000',
    model: (request) => answerTo(request, plays, asked),
  })
  try {
    plays = all((one) => one.plays(site))
    await withHooks(site, version)
    const before = Object.fromEntries(
      ['config.toml', 'hooks.json', 'autoloop/machine.json'].map((file) => [
        file,
        fs.readFileSync(path.join(site.codexHome, file), 'utf8'),
      ]),
    )
    const expected = all((one) => one.expected)
    const isParked = Object.values(expected).some((one) => one.startsWith('parked'))
    await playOn(site, {
      name: labels.map((one) => one.name).join('; '),
      items: {},
      codes: [isParked ? 5 : 0],
      rest: isParked ? 'parked items' : 'completed',
      expected,
      landed: below(all((one) => one.landed)),
      prefix: prefix === '' ? '.' : prefix,
      check: (_site, events) => {
        const played = playedOf(site, events, asked, before)
        const turns = all((one) => one.turns)
        const each = <T>(of: (id: string) => T): Record<string, T> =>
          Object.fromEntries(Object.keys(turns).map((id) => [id, of(id)]))
        expect(each((id) => eventsOf(events, 'turn-begun', id).length)).toEqual(turns)
        const counted = each((id) =>
          eventsOf(events, 'turn-ended', id).reduce((sum, one) => sum + (one.data.tokens ?? 0), 0),
        )
        expect(counted).toEqual(each((id) => tokensOf(site, played.conversations(id))))
        expect(counted).toMatchObject(all((one) => one.tokens ?? {}))
        for (const label of labels) label.check?.(played)
      },
    })
    expect(site.model.scriptErrors).toEqual([])
  } finally {
    await site.close()
  }
}

type Plays = Readonly<Record<string, readonly Step[]>>

interface Asked {
  /** An item, or what a sub-agent was asked for. */
  readonly key: string
  readonly isCompaction: boolean
  readonly request: ModelRequest
}

function answerTo(request: ModelRequest, plays: Plays, asked: Asked[]): ModelAnswer {
  const texts = inputTexts(request)
  const isCompaction = /CONTEXT CHECKPOINT|handoff summary/i.test(texts.at(-1) ?? '')
  const key =
    /# Item (\d+)/.exec(lastPrompt(request))?.[1] ?? /A part of item \d+/.exec(texts.join('\n'))?.[0] ?? ''
  const nth = asked.filter((one) => one.key === key && !one.isCompaction).length
  asked.push({ key, isCompaction, request })
  if (isCompaction) return [message('SUMMARY OF WORK')]
  const steps = plays[key] ?? []
  const step = steps[Math.min(nth, steps.length - 1)]
  if (step === undefined) throw new Error(`nothing is known of "${key}": ${texts.join('\n')}`)
  return typeof step === 'function' ? step(request) : step
}

function playedOf(
  site: CodexSite,
  events: readonly BatchEvent[],
  asked: readonly Asked[],
  before: Played['before'],
): Played {
  const of = (id: string): readonly Asked[] => asked.filter((one) => one.key === id)
  return {
    site,
    events,
    before,
    asked: (id) => of(id).flatMap((one) => (one.isCompaction ? [] : [one.request])),
    compactions: (id) => of(id).filter((one) => one.isCompaction).length,
    conversations: (id) => eventsOf(events, 'conversation', id).map((one) => one.data.conversation),
    told: (id) =>
      of(id)
        .map((one) => lastPrompt(one.request))
        .join('\n'),
  }
}

type EventAs<T> = Extract<BatchEvent, { readonly type: T }>

function eventsOf<T extends BatchEvent['type']>(
  events: readonly BatchEvent[],
  type: T,
  id: string,
): readonly EventAs<T>[] {
  return events.filter(
    (one): one is EventAs<T> => one.type === type && (one.data as { item?: string }).item === id,
  )
}

/** Of every answer in these conversations and their sub-agents, as Codex wrote it down. */
function tokensOf({ codexHome }: CodexSite, conversations: readonly string[]): number {
  interface Line {
    readonly type: string
    readonly payload: { readonly session_id: string; readonly usage: { readonly total_tokens: number } }
  }
  const sessions = path.join(codexHome, 'sessions')
  return (fs.readdirSync(sessions, { recursive: true }) as string[])
    .filter((file) => file.endsWith('.jsonl'))
    .map((file) => fs.readFileSync(path.join(sessions, file), 'utf8').trim().split('\n'))
    .map((lines) => lines.map((line) => JSON.parse(line) as Line))
    .filter(([first]) => conversations.includes(first?.payload.session_id ?? ''))
    .flat()
    .reduce(
      (sum, line) => sum + (line.type === 'token_usage_record' ? line.payload.usage.total_tokens : 0),
      0,
    )
}
