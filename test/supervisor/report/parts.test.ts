import { expect, test } from '@jest/globals'
import type { Outcome } from '../../../src/agents/agent.ts'
import { happeningWords, needWords, tryWords } from '../../../src/cli/render/batch-report-words.ts'
import type { CommandRecord } from '../../../src/gates/command-record.ts'
import type { ParkCode, Rest } from '../../../src/supervisor/record/events.ts'
import type { FoundVerdict } from '../../../src/views/batch-report/verdicts.ts'
import { BEGIN, type Happened, begins, judged, opens, reportOf, started } from './told.ts'

/* The parts of the morning page that need no process, each as a table. */

const rested = (rest: Rest): Happened => ({ type: 'rested', data: rest })

const ends = (item: string, fence: number, outcome: Outcome, more: object = {}): Happened => ({
  type: 'turn-ended',
  data: { item, fence, outcome, ...more },
})

test('each way to rest asks for its own command, or for none', () => {
  const rows: readonly (readonly [Rest, string | null])[] = [
    [{ state: 'completed' }, null],
    [{ state: 'active', code: 'iterations' }, 'autonomous-loop run'],
    [{ state: 'active', code: 'until' }, 'autonomous-loop run'],
    [{ state: 'parked', code: 'items' }, null],
    [{ state: 'parked', code: 'parked-in-a-row' }, 'autonomous-loop retry --all'],
    [{ state: 'paused', code: 'stopped' }, 'autonomous-loop run'],
    [{ state: 'paused', code: 'signal' }, 'autonomous-loop run'],
    [{ state: 'paused', code: 'crashed', why: 'SIGKILL' }, 'autonomous-loop run'],
    [{ state: 'paused', code: 'config-changed' }, 'autonomous-loop allow --amend'],
    [{ state: 'paused', code: 'approval-withdrawn' }, 'autonomous-loop allow'],
    [{ state: 'paused', code: 'could-not-run' }, 'autonomous-loop doctor'],
    [{ state: 'halted', code: 'head-moved' }, 'autonomous-loop doctor'],
    [{ state: 'halted', code: 'budget' }, 'autonomous-loop allow --amend'],
    [{ state: 'halted', code: 'no-agent' }, 'autonomous-loop run'],
    [{ state: 'suspended', until: BEGIN + 60_000 }, 'autonomous-loop run'],
  ]
  for (const [rest, command] of rows) {
    const { needs_you: needs } = reportOf([started, rested(rest)])
    expect({ rest, commands: needs.map((one) => one.command) }).toEqual({
      rest,
      commands: command === null ? [] : [command],
    })
    for (const one of needs) expect(needWords(one)).toMatch(/^[A-Z][^\n]*[^\s]$/)
  }
})

test('nobody at it without a rest is a process that died, and one that is alive asks for nothing', () => {
  const events = [started, opens('001', 1), ...begins('001', 1)]
  expect(reportOf(events, { isAlive: true })).toMatchObject({ state: 'running', needs_you: [] })
  const dead = reportOf(events)
  expect(dead.needs_you).toMatchObject([
    { kind: 'batch', code: 'not-running', command: 'autonomous-loop run' },
  ])
  expect(dead.night.at(-1)).toMatchObject({
    kind: 'killed',
    interrupts: true,
    in_work: [{ item: '001', attempt: 1 }],
  })
})

test('each code of a parked item has its command and its words', () => {
  const commands: Readonly<Record<ParkCode, string>> = {
    attempts: 'retry 001',
    'no-progress': 'retry 001',
    budget: 'retry 001',
    spawns: 'retry 001',
    conflict: 'retry 001',
    'already-met': 'drop 001',
    blocked: 'retry 001',
    proposal: 'accept 001',
    'contract-changed': 'accept 001',
    definition: 'batch take',
    'could-not-run': 'doctor',
    stagnation: 'retry 001',
    review: 'retry 001',
    'stopped-by-agent': 'retry 001',
  }
  for (const [code, command] of Object.entries(commands)) {
    const park: Happened = {
      type: 'item-parked',
      data: { item: '001', code: code as ParkCode, why: '<b>why</b>' },
    }
    const said = reportOf([started, park, rested({ state: 'parked', code: 'items' })])
    expect({ code, needs: said.needs_you }).toMatchObject({
      code,
      needs: [{ kind: 'item', item: '001', code, command: `autonomous-loop ${command}` }],
    })
    expect(needWords(said.needs_you[0]!)).toMatch(
      /^001 .*\(.+\)\. (?:Its agent claims|The machine says): “<b>why<\/b>”$/,
    )
    expect(said.night.filter((one) => one.kind === 'parked').map(happeningWords)).toEqual([
      expect.stringMatching(/^001: parked, it .* \(/),
    ])
  }
})

test('agents that nobody can use, files that nobody accepted, and work that did not land are asked about', () => {
  const signedOut = [started, opens('001', 1), ...begins('001', 1), ends('001', 1, { kind: 'signed-out' })]
  expect(reportOf(signedOut, { isAlive: true }).needs_you).toEqual([
    { kind: 'agent', agent: 'codex', why: 'signed-out', said: null, command: 'codex login' },
  ])
  expect(reportOf([started], { isAlive: true, newItems: ['007', '008'] }).needs_you).toEqual([
    { kind: 'new-items', items: ['007', '008'], command: 'autonomous-loop accept 007 008' },
  ])
  const done: readonly Happened[] = [
    started,
    opens('001', 1),
    ...begins('001', 1),
    ends('001', 1, { kind: 'finished', answer: { status: 'complete', summary: '' } }),
    { type: 'candidate', data: { item: '001', fence: 1, commit: 'c', tree: 't', changed: 1 } },
    judged('001', 1, 't', 'pass'),
    { type: 'integrating', data: { item: '001', fence: 1, commit: 'new', from: 'base' } },
    { type: 'integrated', data: { item: '001', fence: 1, commit: 'new', from: 'base' } },
    {
      type: 'attempt-ended',
      data: { item: '001', fence: 1, failure: null, counted: false, rescue: null, setAside: null },
    },
    rested({ state: 'completed' }),
  ]
  const landed: Happened = { type: 'landed', data: { commit: 'joined', target: 'main' } }
  expect(reportOf(done).needs_you).toMatchObject([{ kind: 'land', items: ['001'] }])
  // Joined with what the target had by then: another commit, and all of it is there.
  expect(reportOf([...done, landed])).toMatchObject({ needs_you: [], landed: { joined: true } })
  // Its verdict is not in the record: done by the ledger, and not verified by this report.
  expect(reportOf(done).verified).toEqual([])
  expect(
    reportOf(done, {}, { pass: { verdict: 'release', commands: [], because: [] } }).verified,
  ).toMatchObject([{ item: '001', commit: 'new', tree: 't', gates: [] }])
})

test('what came between is told from the starts, and a quota that is met again and again once', () => {
  const quota = (at: number, until: number): Happened => ({
    type: 'backed-off',
    at: BEGIN + at,
    data: { until: BEGIN + until, why: 'quota', fence: null, agent: 'codex', shared: true },
  })
  const said = reportOf(
    [
      started,
      opens('001', 1),
      ...begins('001', 1),
      // Of one job, and of the batch: one. Then it is asked in vain.
      quota(5000, 60_000),
      quota(5001, 60_000),
      { ...begins('001', 1, 1)[1]!, at: BEGIN + 61_000 },
      quota(62_000, 90_000),
      { ...begins('001', 1, 1)[1]!, at: BEGIN + 95_000 },
      started,
      rested({ state: 'paused', code: 'stopped' }),
      {
        type: 'config-amended',
        data: { config: { path: '', sha256: 'ab' as never, text: '' }, gatePath: '' },
      },
      started,
    ],
    { isAlive: true },
  )
  expect(said.night.filter((one) => one.interrupts)).toMatchObject([
    {
      kind: 'suspended',
      agent: 'codex',
      why: 'quota',
      times: 2,
      until: new Date(BEGIN + 90_000).toISOString(),
      resumed: new Date(BEGIN + 95_000).toISOString(),
    },
    { kind: 'killed', in_work: [{ item: '001', attempt: 1 }] },
    { kind: 'began', after: 'killed', version: '1.2.3' },
    { kind: 'rested', state: 'paused', code: 'stopped' },
    { kind: 'config-amended' },
    { kind: 'began', after: 'paused' },
  ])
  for (const one of said.night) expect(happeningWords(one)).toMatch(/^\S[^\n]*\S$/)
})

test('a gate is flaky where one tree had both words by one config, and in no other case', () => {
  const command = (
    outcome: CommandRecord['outcome'],
    ms: number,
    more: Partial<CommandRecord> = {},
  ): CommandRecord => ({
    name: 'test',
    argv: ['test'],
    outcome,
    cause: null,
    exitCode: 0,
    signal: null,
    why: null,
    fix: null,
    durationMs: ms,
    tail: '',
    logFile: null,
    sandboxed: true,
    box: null,
    ...more,
  })
  const run = (outcome: 'passed' | 'failed') => ({ outcome, exitCode: 0, durationMs: 5, logFile: null })
  const amended: Happened = {
    type: 'config-amended',
    data: { config: { path: '', sha256: 'other' as never, text: '' }, gatePath: '' },
  }
  const rows: readonly {
    readonly what: string
    readonly events: readonly Happened[]
    readonly verdicts: Readonly<Record<string, readonly CommandRecord[]>>
    readonly flaky: readonly string[]
    readonly took: readonly number[]
  }[] = [
    {
      what: 'both words for one tree',
      events: [judged('001', 1, 't', 'red'), judged('001', 1, 't', 'pass')],
      verdicts: { red: [command('failed', 10)], pass: [command('passed', 20)] },
      flaky: ['t'],
      took: [10, 15, 20],
    },
    {
      what: 'each word for its own tree',
      events: [judged('001', 1, 't', 'red'), judged('001', 1, 'u', 'pass')],
      verdicts: { red: [command('failed', 10)], pass: [command('passed', 30)] },
      flaky: [],
      took: [10, 20, 30],
    },
    {
      what: 'another config between',
      events: [judged('001', 1, 't', 'red'), amended, judged('001', 1, 't', 'pass')],
      verdicts: { red: [command('failed', 10)], pass: [command('passed', 20)] },
      flaky: [],
      took: [10, 15, 20],
    },
    {
      what: 'a machine in the way',
      events: [judged('001', 1, 't', 'stuck'), judged('001', 1, 't', 'pass')],
      verdicts: { stuck: [command('could-not-run', 1)], pass: [command('passed', 20)] },
      flaky: [],
      took: [20, 20, 20],
    },
    {
      what: 'a pass that stood for a run',
      events: [judged('001', 1, 't', 'pass'), judged('001', 1, 't', 'pass2')],
      verdicts: { pass: [command('passed', 20)], pass2: [command('passed', 20, { reused: { stop: 1 } })] },
      flaky: [],
      took: [20, 20, 20],
    },
    {
      what: 'several runs of one verdict',
      events: [judged('001', 1, 't', 'pass')],
      verdicts: { pass: [command('passed', 15, { runs: [run('failed'), run('passed'), run('passed')] })] },
      flaky: ['t'],
      took: [5, 5, 5],
    },
    {
      what: 'a step of prepare',
      events: [judged('001', 1, 't', 'red'), judged('001', 1, 't', 'pass')],
      verdicts: { red: [command('failed', 1, { prepares: { work: true } })], pass: [command('passed', 7)] },
      flaky: [],
      took: [7, 7, 7],
    },
  ]
  for (const { what, events, verdicts, flaky, took } of rows) {
    const found = Object.fromEntries(
      Object.entries(verdicts).map(([head, commands]): [string, FoundVerdict] => [
        head,
        { verdict: head.startsWith('pass') ? 'release' : 'block', commands, because: ['Because.'] },
      ]),
    )
    const [gate] = reportOf([started, opens('001', 1), ...begins('001', 1), ...events], {}, found).gates
    const { min_ms: min, median_ms: median, max_ms: max } = gate!.took!
    expect({ what, flaky: gate!.flaky.map((one) => one.tree), took: [min, median, max] }).toEqual({
      what,
      flaky,
      took,
    })
  }
})

test('a ledger of the first versions, which timed no gate of the base, is read', () => {
  const said = reportOf([
    {
      type: 'checked',
      data: { what: 'base', commit: 'base', red: [], couldNotRun: [], record: '', layers: [] },
    },
    started,
  ])
  expect(said).toMatchObject({ gates: [], totals: { checking_ms: 0, tokens: null } })
  expect(said.night[1]).toMatchObject({ kind: 'checked', ms: null })
})

test('an attempt is told with its ending, what stood in its way, and what its program claimed', () => {
  const failed = (kind: 'turns' | 'conflict', counted = true): Happened => ({
    type: 'attempt-ended',
    data: { item: '001', fence: 1, failure: { kind }, counted, rescue: 'refs/r', setAside: null },
  })
  const begun = [started, opens('001', 1), ...begins('001', 1)]
  const rows: readonly (readonly [readonly Happened[], readonly string[]])[] = [
    [[], ['It is not over.']],
    [
      [ends('001', 1, { kind: 'crashed', code: 1, signal: null }, { said: 'no\nluck' })],
      ['It is not over.', 'Its program claims: “no luck”'],
    ],
    [
      [
        {
          type: 'findings',
          data: { item: '001', fence: 1, findings: [{ kind: 'outside', path: 'x\ny' }], tree: null },
        },
        failed('turns'),
      ],
      [
        'It used up its turns.',
        'In its way last: "x\\ny": lies outside of the directory that this backlog is about.',
      ],
    ],
    [
      [
        { type: 'conflict', data: { item: '001', fence: 1, head: 'h', paths: ['a', 'b'] } },
        failed('conflict', false),
      ],
      ['It did not join with the work of others. Not counted.', 'In conflict: a, b.'],
    ],
    [
      [judged('001', 1, 't', 'red'), failed('turns')],
      ['It used up its turns.', 'Gate test failed.'],
    ],
  ]
  for (const [events, words] of rows) {
    const { items } = reportOf(
      [...begun, ...events],
      {},
      {
        red: { verdict: 'block', commands: [], because: ['Gate test failed.'] },
      },
    )
    expect(tryWords(items[0]!.tries[0]!)).toEqual(words)
  }
})
