import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import type { Played } from '../../src/prove/backlog/play.ts'
import { claims, honest, outside, outsideText, parts, strays } from '../../src/prove/backlog/project.ts'
import { backlogRows } from '../../src/prove/backlog/rows.ts'
import { type ClaimId, stories } from '../../src/prove/claims.ts'
import type { Answered } from '../../src/prove/world.ts'
import { FIRST_LINE } from '../../src/supervisor/effects/prompt.ts'
import { projectRoot } from '../rig/root.ts'
import type { BatchEvent } from '../../src/supervisor/record/events.ts'

/* Each row of the backlog turns red by what it is about, and no other does. */

const answered = (code: number, json: Answered['json'] = null): Answered => ({
  code,
  json,
  stdout: '',
  stderr: 'said instead',
  ms: 1,
  timedOut: false,
})

/** One event of an item, one millisecond after the one before. */
type Noted = readonly [type: BatchEvent['type'], item: string, data?: object]

const finished = { outcome: { kind: 'finished', answer: { status: 'complete', summary: '' } } }
const RESET = 200

/** All that a batch goes through in which everything is as it should be. */
const noted: readonly Noted[] = [
  ...parts.flatMap(({ id }): Noted[] => [
    ['attempt-opened', id],
    ['turn-begun', id],
    ['conversation', id],
  ]),
  ['turn-ended', honest.id, finished],
  ['judged', honest.id, { verdict: 'release', blockers: [], ms: 5 }],
  ['integrated', honest.id, { commit: 'a'.repeat(40) }],
  ['turn-ended', strays.id, finished],
  ['judged', strays.id, { verdict: 'block', blockers: ['out-of-scope'], ms: 5 }],
  ['item-parked', strays.id, { code: 'attempts' }],
  ['turn-ended', claims.id, finished],
  ['findings', claims.id, { findings: [{ kind: 'no-change', path: '.' }] }],
  ['turn-begun', claims.id],
  ['turn-ended', claims.id, { outcome: { kind: 'quota', resetsAt: RESET } }],
  ['turn-begun', claims.id, { at: RESET + 5 }],
  ['turn-ended', claims.id, finished],
  ['judged', claims.id, { verdict: 'release', blockers: [], ms: 5 }],
  ['integrated', claims.id, { commit: 'b'.repeat(40) }],
]

function events(list: readonly Noted[]): readonly BatchEvent[] {
  let now = 0
  return list.map(([type, item, more = {}], index) => {
    const { at = now + 1, ...data } = more as { readonly at?: number }
    now = at
    return {
      seq: index + 1,
      at,
      type,
      data: { item, fence: 1, ...data },
      prev: '',
      hash: '',
    } as unknown as BatchEvent
  })
}

const said = (id: string, told: string): Played['turns'] => ({
  [id]: [
    {
      at: 0,
      texts: [
        `message:user ${FIRST_LINE}\n- src/**`,
        `function_call write ${claims.text}`,
        `message:user ${FIRST_LINE}\n${told}\n- src/**`,
      ],
    },
  ],
})

const good: Played = {
  refused: answered(1, { error_code: 'config-unapproved' }),
  accepted: answered(0, { backlog: { items: [{}, {}, {}] } }),
  turns: { ...said(claims.id, '- nothing has changed'), ...said(strays.id, `- out of scope: ${outside}`) },
  events: events(noted),
  ran: answered(5),
  killed: { at: 0, instead: null, status: 'paused: not-running' },
  before: new Map([['a', '1']]),
  after: new Map([['a', '1']]),
  left: [],
  landed: {
    answer: answered(0),
    clone: new Map([
      [honest.file, honest.text],
      [claims.file, claims.text],
      [outside, outsideText],
    ]),
    commits: [`Prove: ${claims.title}`, `Prove: ${honest.title}`],
    status: '',
    ms: 1,
  },
}

const without = (type: BatchEvent['type'], item: string): Partial<Played> => ({
  events: events(noted.filter((one) => one[0] !== type || one[1] !== item)),
})
const instead = (type: BatchEvent['type'], item: string, data: object): Partial<Played> => ({
  events: events(noted.map((one): Noted => (one[0] === type && one[1] === item ? [type, item, data] : one))),
})
const besides = (...more: readonly Noted[]): Partial<Played> => ({ events: events([...noted, ...more]) })
const landing = (more: Partial<NonNullable<Played['landed']>>): Partial<Played> => ({
  landed: { ...good.landed!, ...more },
})
const cloned = (file: string, text: string): Partial<Played> =>
  landing({ clone: new Map([...good.landed!.clone, [file, text]]) })
const cut = (more: Partial<NonNullable<Played['killed']>>): Partial<Played> => ({
  killed: { ...good.killed!, ...more },
})

test('everything is seen where everything is as it should be', () => {
  const rows = backlogRows(good)
  expect(rows.filter((row) => !row.ok)).toEqual([])
  expect(rows.map((row) => row.id)).toEqual(Object.keys(stories.run).slice(1))
  expect(backlogRows({ ...good, killed: null }).map((row) => row.id)).toEqual(
    Object.keys(stories.short).filter((id) => id.startsWith('run-')),
  )
})

test.each<[string, Partial<Played>, readonly ClaimId[]]>([
  ['it runs before it is accepted', { refused: answered(0) }, ['run-accepted']],
  ['another refusal', { refused: answered(1, { error_code: 'git-gone' }) }, ['run-accepted']],
  ['other items', { accepted: answered(0, { backlog: { items: [{}] } }) }, ['run-accepted']],
  ['nobody judged it', without('judged', honest.id), ['run-honest']],
  ['it is not in the head', without('integrated', honest.id), ['run-honest', 'run-killed']],
  ['a second attempt', besides(['attempt-opened', honest.id]), ['run-honest', 'run-killed']],
  ['done on its word', without('findings', claims.id), ['run-claimed']],
  [
    'it never claimed',
    instead('turn-ended', claims.id, { outcome: { kind: 'silent' } }),
    ['run-claimed', 'run-quota'],
  ],
  ['it is told nothing', { turns: { ...good.turns, ...said(claims.id, '') } }, ['run-claimed']],
  [
    'blocked by something else',
    instead('judged', strays.id, { verdict: 'block', blockers: ['evidence'] }),
    ['run-scope'],
  ],
  ['told of something else', { turns: { ...good.turns, ...said(strays.id, '- nothing') } }, ['run-scope']],
  ['what is out of scope is done', besides(['integrated', strays.id, {}]), ['run-scope', 'run-killed']],
  ['it ended before anybody could kill it', cut({ instead: answered(1) }), ['run-killed']],
  ['nobody sees that it is dead', cut({ status: 'running: ' }), ['run-killed']],
  ['another end', { ran: answered(0) }, ['run-killed']],
  ['another conversation', besides(['conversation', claims.id]), ['run-killed', 'run-quota']],
  ['a quota that nobody met', instead('turn-ended', claims.id, finished), ['run-quota']],
  ['asked before the time', instead('turn-begun', claims.id, {}), ['run-quota']],
  [
    'another is asked before the time',
    {
      events: events(
        noted.flatMap((one): Noted[] =>
          one[2] !== undefined && 'outcome' in one[2] && JSON.stringify(one[2]).includes('quota')
            ? [one, ['turn-begun', strays.id]]
            : [one],
        ),
      ),
    },
    ['run-quota'],
  ],
  [
    'the conversation begins again',
    {
      turns: {
        ...good.turns,
        [claims.id]: [
          {
            at: 0,
            texts: good.turns[claims.id]![0]!.texts.filter((one) => !one.startsWith('function_call')),
          },
        ],
      },
    },
    ['run-quota'],
  ],
  ['a file of the person’s was written', { after: new Map([['a', '2']]) }, ['run-untouched']],
  ['one is gone', { after: new Map() }, ['run-untouched']],
  ['it does not land', landing({ answer: answered(5) }), ['run-landed']],
  ['the clone lacks it', cloned(honest.file, 'hel'), ['run-landed']],
  ['the clone has what was parked', cloned(strays.file, strays.text), ['run-landed']],
  ['and what lies outside', cloned(outside, 'changed'), ['run-landed']],
  [
    'in another name',
    landing({ commits: [`An agent: ${claims.title}`, `Prove: ${honest.title}`] }),
    ['run-landed'],
  ],
  ['a commit too much', landing({ commits: [...good.landed!.commits, 'Prove: more'] }), ['run-landed']],
  ['the checkout is not at it', landing({ status: ' M src/a' }), ['run-landed']],
  ['an agent is left', { left: ['codex exec'] }, ['run-killed', 'run-left']],
  ['nobody can tell', { left: null }, ['run-killed', 'run-left']],
])('%s', (_, more, red) => {
  const seen = new Map(backlogRows(good).map((row) => [row.id, row.seen]))
  const rows = backlogRows({ ...good, ...more }).filter((row) => !row.ok)
  expect(rows.map((row) => row.id)).toEqual(red)
  for (const row of rows)
    expect([row.seen, row.seen === seen.get(row.id)]).toEqual([expect.stringMatching(/./), false])
})

test('without a batch every row says why there is none', () => {
  const why = {
    ...good,
    ran: answered(1, { message: 'no sandbox' }),
    ...cut({ instead: answered(1, { message: 'no sandbox' }) }),
    landed: null,
    events: 'no batch was opened',
  }
  const rows = backlogRows(why).slice(1)
  expect(rows).toHaveLength(8)
  for (const row of rows) expect(row).toMatchObject({ ok: false, seen: 'run ended with 1: no sandbox' })
  expect(backlogRows({ ...good, accepted: answered(1, { message: 'no' }) })).toMatchObject([
    { id: 'run-accepted', ok: false, seen: 'allow ended with 1: no' },
  ])
})

test('docs/prove.md has a line for each row, and says which of them both stories have', () => {
  const page = fs.readFileSync(path.join(projectRoot, 'docs/prove.md'), 'utf8')
  const lines = page.split('\n').filter((line) => line.startsWith('| `'))
  for (const id of [...Object.keys(stories.short), ...Object.keys(stories.run)]) {
    const line = lines.find((one) => one.split('|')[1]?.includes(`\`${id}\``))
    expect([id, line?.endsWith('| yes |') ?? null]).toEqual([
      id,
      id.startsWith('run-') && id in stories.short,
    ])
  }
})
