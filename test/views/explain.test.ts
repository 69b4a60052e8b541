import { describe, expect, test } from '@jest/globals'
import { some } from '../../src/evidence/found.ts'
import { viewEvent } from '../../src/views/events-view.ts'
import { explain, explainAll } from '../../src/views/explain.ts'
import type { RunHistory } from '../../src/views/history.ts'
import { nextStep } from '../../src/views/next-step.ts'
import { buildReport } from '../../src/views/report.ts'
import { reportHtml } from '../../src/cli/render/report-html.ts'
import { reportMarkdown } from '../../src/cli/render/report-md.ts'
import { parseSince } from '../../src/cli/since.ts'
import { beginning, encodeEvents } from '../../src/ledger/chain.ts'
import type { NewEvent } from '../../src/ledger/events.ts'
import { fold } from '../../src/ledger/fold.ts'
import type { RunStatus } from '../../src/verdict/standing.ts'
import { sha256 } from '../../src/base/hash.ts'
import { type StopParts, activation, command, stop } from '../ledger/data.ts'

const contract = {
  ...activation().contract,
  tasks: [
    {
      id: 'T1',
      title: 'Write it',
      required: true,
      dependsOn: [],
      evidence: [{ kind: 'pathChanged', glob: 'src/**' } as const],
    },
    {
      id: 'O1',
      title: 'If there is time',
      required: false,
      dependsOn: ['T1'],
      evidence: [{ kind: 'fileMatches', path: 'README.md', pattern: '^## Use', absent: true } as const],
    },
  ],
}
const met = {
  taskId: 'T1',
  index: 0,
  met: true,
  found: { kind: 'changed', paths: some(['src/a.ts']) },
} as const
const missing = {
  taskId: 'T1',
  index: 0,
  met: false,
  found: { kind: 'not-changed', there: null, elsewhere: some([]) },
} as const
const optional = { taskId: 'O1', index: 0, met: false, found: { kind: 'match' } } as const

function historyOf(...events: NewEvent[]): RunHistory {
  const all: NewEvent[] = [{ type: 'activated', data: activation({ contract }) }, ...events]
  const encoded = encodeEvents(beginning, null, 1_700_000_000_000, all).events
  const run = fold(encoded).runs[0]
  const last = encoded.at(-1)
  if (!run || !last) throw new Error('no run')
  return {
    run,
    events: encoded,
    ledger: '/ledger.jsonl',
    archived: false,
    integrity: { state: 'intact', records: last.seq, head: last.hash, problem: null },
  }
}

const digest = sha256('digest')
const drift = {
  digest,
  undoable: true,
  changes: [
    {
      id: 'package.json#scripts.test',
      file: 'package.json',
      member: 'scripts.test',
      difference: { kind: 'value', was: '`jest`', now: '`true`' },
    },
    {
      id: 'file:Makefile',
      file: 'Makefile',
      member: null,
      difference: {
        kind: 'lines',
        line: 3,
        removed: ['pytest -q'],
        moreRemoved: 0,
        added: ['true'],
        moreAdded: 2,
      },
    },
  ],
} as const
const changedWords = [
  'package.json scripts.test: was `jest`, now `true`',
  'Makefile: differs from line 3 on\n- pytest -q\n+ true\n+ … 2 more lines',
]

const elsewhere = {
  kind: 'out-of-scope',
  digest,
  more: 0,
  out: [
    { path: 'lib/a.ts', pointer: null, change: 'added', why: 'outside', state: 'f 1' },
    { path: 'package.json', pointer: '/scripts/test', change: 'modified', why: 'part', state: 'part 1' },
  ],
} as const

test('what was accepted out of scope is told until it is the question, and at the release', () => {
  const blocked = stop({ evidence: [met], blockers: [elsewhere] })
  const accepted: NewEvent = {
    type: 'amended',
    data: {
      digest,
      changes: elsewhere.out.map(({ path, why }) => ({
        id: path,
        file: path,
        member: null,
        difference: { kind: 'out-of-scope', why },
      })),
      activation: activation({ contract }),
      by: 'prompt',
      reason: null,
      accepted: { 'lib/a.ts': 'f 1', 'package.json#/scripts/test': 'part 1' },
      outOfScope: true,
    },
  }
  const released = stop({ outcome: { verdict: 'release' }, evidence: [met] })
  const asked = explain(historyOf(blocked), null)
  expect(asked.ok && asked.value.drift).toEqual({ kind: 'open', digest })
  const history = historyOf(blocked, accepted, released)
  const [first, last] = explainAll(history)
  expect(first?.drift).toMatchObject({ kind: 'accepted', by: 'prompt' })
  expect(last?.because).toContain(
    'A person had accepted what differs out of scope: lib/a.ts, package.json#/scripts/test.',
  )
  const event = history.events.find((one) => one.type === 'amended')
  expect(event && viewEvent(event).text).toMatch(/^prompt accepted 2 differences out of scope/)
})

describe('why this answer and no other', () => {
  test.each<[string, StopParts, readonly string[]]>([
    [
      'cheap evidence is missing',
      {
        evidence: [missing, optional],
        gatesRun: 'fast',
        session: { plan: { state: 'incomplete', open: ['a', 'b'] } },
      },
      [
        'Evidence was missing for T1.',
        'The plan had 2 open steps.',
        'The release gates were not run: something that is cheaper to look at was missing already.',
      ],
    ],
    [
      'gates fail and cannot run',
      {
        evidence: [met],
        commands: [command('test', 'failed'), command('lint', 'could-not-run'), command('types', 'passed')],
      },
      ['test failed.', "lint could not run (not the agent's fault)."],
    ],
    [
      'processes, sub-agents and files that moved',
      {
        evidence: [met],
        blockers: [
          { kind: 'background', processes: [{ pid: 7, start: '3', command: 'vite' }] },
          { kind: 'children', children: [{ id: 'c1', agentType: 'explorer' }] },
          { kind: 'gate-writes', paths: ['src/a.ts'] },
          { kind: 'gate-rewrote', name: 'format', paths: ['src/b.ts'] },
          { kind: 'unknown-command', name: 'e2e' },
        ],
      },
      [
        'Processes of the agent still ran: 7 vite.',
        'Sub-agents were still at work: explorer.',
        'Files moved while the gates ran: src/a.ts.',
        'Gate format rewrote src/b.ts.',
        'The approved config has no command called e2e.',
      ],
    ],
    [
      'what differs out of scope',
      { evidence: [met], blockers: [elsewhere], gatesRun: 'fast' },
      [
        'This differed outside of the scope: lib/a.ts (new), package.json#/scripts/test.',
        'The release gates were not run: something that is cheaper to look at was missing already.',
      ],
    ],
    [
      'a changed definition',
      { outcome: { verdict: 'block', cause: 'definition' }, drift, gatesRun: 'none' },
      ['The gate definition had changed, so nothing was run.', ...changedWords],
    ],
    [
      'a definition that changed while the gates ran',
      {
        outcome: { verdict: 'block', cause: 'definition' },
        drift,
        commands: [command('test', 'failed')],
      },
      ['The gate definition changed while the gates ran.', ...changedWords],
    ],
    [
      'a release',
      {
        outcome: { verdict: 'release' },
        evidence: [met, optional],
        session: { plan: { state: 'complete', open: [] } },
        commands: [command('test', 'passed')],
      },
      [
        'Every required piece of evidence was there.',
        'The plan had no open step.',
        'Every gate passed: test.',
      ],
    ],
    [
      'a release without gates',
      { outcome: { verdict: 'release' } },
      ['Every required piece of evidence was there.', 'The approved config asks for no gate.'],
    ],
    [
      'a wish',
      { outcome: { verdict: 'park', park: { kind: 'wait', reason: 'which colour?' } } },
      ['The agent asked for a person: which colour?'],
    ],
    [
      'a definition that a person has to look at',
      { outcome: { verdict: 'park', park: { kind: 'definition', digest } }, drift, gatesRun: 'none' },
      ['The gate definition had changed, and nobody had accepted that.', ...changedWords],
    ],
    [
      'a limit',
      {
        outcome: {
          verdict: 'halt',
          halt: { kind: 'limit', limit: 'maxStopIterations', reached: 12, allowed: 12 },
        },
        evidence: [missing],
      },
      ['The limit of 12 stops is reached.', 'Evidence was missing for T1.'],
    ],
  ])('%s', (_name, over, because) => {
    const found = explain(historyOf(stop(over)), null)
    expect(found.ok && found.value.because).toEqual(because)
  })

  test('a task stands as its gate does: failed is missing, passed is met, not run is neither', () => {
    const task = {
      id: 'T1',
      title: 'Tested',
      required: true,
      dependsOn: [],
      evidence: [
        { kind: 'pathChanged', glob: 'src/**' },
        { kind: 'commandRef', name: 'test' },
      ] as const,
    }
    const proved = (...commands: ReturnType<typeof command>[]): unknown => {
      const history = historyOf(stop({ evidence: [met], commands }))
      const run = { ...history.run, contract: { ...contract, tasks: [task] } }
      return buildReport({ ...history, run }, null).tasks.map((one) => [
        one.met,
        one.evidence.map(({ met: holds, words }) => [holds, words]),
      ])
    }
    const path = [true, 'src/a.ts']
    expect(proved(command('test', 'failed'))).toEqual([[false, [path, [false, 'gate test failed']]]])
    expect(proved(command('test', 'passed'))).toEqual([[true, [path, [true, 'gate test passed']]]])
    expect(proved(command('test', 'could-not-run'))).toEqual([
      [false, [path, [false, 'gate test could not run']]],
    ])
    expect(proved(command('lint', 'passed'))).toEqual([
      [null, [path, [null, 'not looked at: its gate was not run']]],
    ])
  })

  test('each piece of evidence stands with what was asked for, said once', () => {
    const found = explain(historyOf(stop({ evidence: [missing, optional] })), 1)
    expect(found.ok && found.value.evidence).toEqual([
      {
        taskId: 'T1',
        title: 'Write it',
        required: true,
        asked: 'pathChanged src/**',
        met: false,
        by: { kind: 'look', found: missing.found },
        words: 'nothing under src/ has changed yet',
      },
      {
        taskId: 'O1',
        title: 'If there is time',
        required: false,
        asked: 'fileMatches README.md without /^## Use/',
        met: false,
        by: { kind: 'look', found: optional.found },
        words: 'the file still matches',
      },
    ])
  })

  test('the contract and the count are those of that stop, not of today', () => {
    const added = {
      id: 'T2',
      title: 'More',
      required: true,
      dependsOn: [],
      evidence: [{ kind: 'pathExists', path: 'x' } as const],
    }
    const refined: NewEvent = {
      type: 'refined',
      data: {
        contract: { ...contract, tasks: [...contract.tasks, added] },
        contractHash: activation().contractHash,
        added: [added],
        replacedT1: false,
        by: 'agent',
        requestId: 'r2',
      },
    }
    const late = {
      taskId: 'T2',
      index: 0,
      met: false,
      found: { kind: 'missing', near: null, noDirectory: null },
    } as const
    const history = historyOf(
      stop({ evidence: [missing] }),
      refined,
      stop({ stop: 2, evidence: [met, late] }),
    )
    expect(
      explainAll(history).map((one) => [
        one.judgement.stop,
        one.used,
        one.evidence.map(({ title }) => title),
      ]),
    ).toEqual([
      [1, 1, ['Write it', 'If there is time']],
      [2, 2, ['Write it', 'If there is time', 'More']],
    ])
    expect(explain(history, 3)).toMatchObject({ ok: false, error: { code: 'no-stop', message: /1 to 2/ } })
    expect(explain(historyOf(), null)).toMatchObject({ ok: false, error: { code: 'no-stop' } })
  })
})

test('stops that could not be judged stand with the verdict before them, or are all there is', () => {
  const failed = (why: string): NewEvent => ({
    type: 'unjudged',
    data: { why, payloadSha256: activation().contractHash },
  })
  expect(explain(historyOf(failed('early')), null)).toMatchObject({
    ok: false,
    error: { code: 'no-stop', message: expect.stringContaining('early') },
  })
  const history = historyOf(failed('early'), stop(), failed('one'), failed('two'), stop({ stop: 2 }))
  expect(explainAll(history).map((one) => one.unjudgedSince.map(({ why }) => why))).toEqual([
    ['one', 'two'],
    [],
  ])
})

test('every kind of event has words, each in one line', () => {
  const others: NewEvent[] = [
    {
      type: 'refined',
      data: {
        contract,
        contractHash: activation().contractHash,
        added: [],
        replacedT1: false,
        by: 'agent',
        requestId: 'x',
      },
    },
    stop({ outcome: { verdict: 'halt', halt: { kind: 'recorded', text: 'a limit\nof two lines' } } }),
    {
      type: 'plan',
      data: {
        plan: [
          { step: 'a', status: 'completed' },
          { step: 'b', status: 'pending' },
        ],
      },
    },
    { type: 'prompt', data: { sha256: activation().contractHash, turnId: null } },
    { type: 'session', data: { source: 'resume', cwd: '/repo' } },
    { type: 'paused', data: { by: 'terminal', reason: 'lunch' } },
    { type: 'resumed', data: { by: 'prompt', reason: null } },
    { type: 'wait', data: { by: 'agent', reason: 'which\ncolour?', token: 't' } },
    {
      type: 'amended',
      data: {
        digest: activation().contractHash,
        changes: [{ id: 'a', file: 'b', member: null, difference: { kind: 'more', count: 1 } }],
        activation: activation({ contract }),
        by: 'prompt',
        reason: null,
      },
    },
    { type: 'limits', data: { limits: contract.limits, by: 'terminal' } },
    {
      type: 'child',
      data: { id: 'c1', what: 'started', agentType: 'explorer', transcript: null, codex: null },
    },
    { type: 'refused', data: { action: 'release', by: 'agent', why: 'person-only' } },
    { type: 'unjudged', data: { why: 'git\nis gone', payloadSha256: activation().contractHash } },
    { type: 'closed', data: { how: 'waived', by: 'terminal', reason: 'good enough' } },
  ]
  const { events } = historyOf(...others)
  const said = events.map((event) => viewEvent(event).text)
  expect(said.filter((text) => text.includes('\n') || text === '')).toEqual([])
  expect(said).toEqual([
    'armed by prompt (prompt): "make it work", 2 tasks',
    'agent added no task, but stricter limits or gates',
    'stop 1 halted: a limit of two lines (0.0 s)',
    'plan: 1 of 2 steps done',
    'a prompt of the person',
    'session resume in /repo',
    'paused by terminal: lunch',
    'resumed by prompt',
    'agent asks to wait for a person: which colour?',
    expect.stringMatching(/^prompt accepted 1 change of the gate definition \([0-9a-f]{12}\)$/),
    'terminal set the limits: 12 stops',
    'sub-agent explorer started',
    'agent asked for release and was refused (person-only)',
    'a stop could not be judged: git is gone',
    'waived by terminal: good enough',
  ])
})

describe('what became of a release', () => {
  const release = stop({
    outcome: { verdict: 'release' },
    provisional: { turnId: 't', transcript: null, lookMs: 1 },
  })
  const changes = { paths: ['src/a\n<b>.ts'], more: 3 }
  const reopened: NewEvent = { type: 'reopened', data: { by: 'prompt', turnId: 't2', changes } }
  const final = { how: 'prompt', looked: 'changed', changes, why: null } as const
  const finalised: NewEvent = { type: 'finalised', data: final }

  test.each<[string, NewEvent[], object | null, RegExp]>([
    ['nothing yet', [release], null, /^provisional: the next prompt/],
    [
      'final',
      [release, finalised],
      { kind: 'final', look: final },
      /^final with .*src\/a <b>\.ts and 3 more$/,
    ],
  ])('%s', (_what, events, since, words) => {
    const history = historyOf(...events)
    expect(explainAll(history).at(-1)?.releaseSince ?? null).toEqual(since && expect.objectContaining(since))
    const report = buildReport(history, null)
    expect(report.release).toMatch(words)
    expect(reportHtml(report, '1')).not.toContain('<b>')
    expect(reportMarkdown(report)).toContain('The release is ')
  })

  test('open again, and what came after that is told of the later stop', () => {
    const history = historyOf(release, reopened, stop({ stop: 2 }))
    expect(explainAll(history).map((one) => one.releaseSince?.kind)).toEqual(['reopened', undefined])
    expect(buildReport(history, null)).toMatchObject({
      state: 'active',
      release: null,
      cause: 'the agent went on after its release and changed: src/a <b>.ts and 3 more',
    })
  })

  test('each is one line of the events', () => {
    const said = historyOf(release, reopened, release, finalised).events.map((one) => viewEvent(one).text)
    expect(said).toEqual([
      expect.any(String),
      expect.stringContaining('released'),
      'open again: the agent went on after its release and changed: src/a <b>.ts and 3 more',
      expect.stringContaining('released'),
      expect.stringMatching(/^the release is final with the person's next prompt; changed since/),
    ])
  })
})

describe('reports of hostile text', () => {
  const evil = '<script>alert(1)</script>"\'& @team https://evil.example `x` |\u001b[31m\u202e'
  const history = historyOf(
    { type: 'wait', data: { by: 'agent', reason: evil, token: 't' } },
    stop({
      outcome: { verdict: 'park', park: { kind: 'wait', reason: evil } },
      delivered: { reason: evil },
      evidence: [{ ...missing, found: { kind: 'changed', paths: some([evil]) } }],
      session: { plan: { state: 'incomplete', open: [evil] } },
      commands: [{ ...command('test', 'could-not-run'), argv: [evil], why: evil, tail: `</pre>${evil}` }],
    }),
  )

  test('a page shows it as text, and its policy lets nothing run or load', () => {
    const page = reportHtml(buildReport(history, null), '1.2.3')
    expect(page).not.toMatch(/<script|<\/pre><script|\u001b|\u202e/)
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp; @team')
    expect(page).toContain(
      `http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"`,
    )
    // Nothing is fetched: no address in any attribute.
    expect(page).not.toMatch(/\b(?:src|href)="(?!#)/)
    // Every element that is opened is closed.
    for (const name of ['section', 'table', 'tr', 'td', 'pre', 'details', 'ul', 'dl', 'main', 'body', 'html'])
      expect([name, page.split(new RegExp(`<${name}[ >]`)).length]).toEqual([
        name,
        page.split(`</${name}>`).length,
      ])
  })

  test('Markdown shows it as text: no markup, nobody notified, no link', () => {
    const text = reportMarkdown(buildReport(history, null))
    // A span of code is text to every reader of Markdown.
    const outside = text.replaceAll(/(`+) .*? \1/g, '')
    expect(outside).not.toMatch(/<script|@team|https:\/\//)
    expect(outside).not.toBe(text)
    expect(text).toContain('&lt;script&gt;')
    expect(text.split('\n').filter((line) => line.startsWith('| gate')).length).toBe(1)
  })
})

test('a ledger that does not hold is the first thing a report says', () => {
  const history: RunHistory = {
    ...historyOf(stop()),
    integrity: {
      state: 'broken',
      records: 2,
      head: 'abc',
      problem: 'record 3 does not hold: it was touched',
    },
  }
  const report = buildReport(history, null)
  expect(reportHtml(report, '1')).toContain(
    'The ledger does not hold: record 3 does not hold: it was touched',
  )
  expect(reportMarkdown(report)).toContain('**The ledger does not hold:** record 3')
})

test.each<[RunStatus, object, RegExp | null]>([
  ['active', {}, /autonomous-loop check/],
  ['active', { lastVerdict: 'block', failingGates: ['test'] }, /explain.* shows what the gates printed/],
  ['active', { lastVerdict: 'release' }, /went on after its release, and its next stop is judged/],
  ['active', { live: false }, /codex resume s1/],
  ['paused', {}, /autonomous-loop resume r1, then: any prompt/],
  ['paused', { live: false }, /autonomous-loop resume r1, then: codex resume s1/],
  ['halted', { live: false }, /waive r1`[^]*codex resume s1/],
  [
    'parked',
    { park: { kind: 'definition', digest } },
    new RegExp(`autonomous-loop amend ${digest.slice(0, 12)} r1`),
  ],
  ['parked', { live: false, park: { kind: 'accepted', digest } }, /^go on: codex resume s1$/],
  ['parked', { live: false, park: { kind: 'wait', reason: 'x' } }, /codex resume s1/],
  ['parked', { park: { kind: 'wait', reason: 'x' } }, /answer the agent: any prompt/],
  ['halted', {}, /resume r1`[^]*waive r1`/],
  ['parked', { goneFrom: '/r' }, /no longer at \/r: [^]*disable r1/],
  ['waived', { goneFrom: '/r' }, null],
  ['active', { unchecked: true }, /go on with it: any prompt/],
  ['released', {}, /report r1 --md/],
  ['released', { newest: false }, null],
  ['waived', {}, null],
])('what to do next: %s %j', (state, over, words) => {
  const said = nextStep({
    state,
    sessionId: 's1',
    runId: 'r1',
    newest: true,
    lastVerdict: null,
    park: null,
    failingGates: [],
    live: true,
    unchecked: false,
    goneFrom: null,
    ...over,
  })
  if (words === null) expect(said).toBeNull()
  else expect(said).toMatch(words)
})

test.each<[string | undefined, number[] | null]>([
  [undefined, [1, 2, 3]],
  ['0', [1, 2, 3]],
  ['2', [3]],
  ['30s', [3]],
  ['2m', [2, 3]],
  ['2023-11-14T22:13:20Z', [1, 2, 3]],
  ['2099-01-01', []],
  ['soon', null],
  ['-1h', null],
])('--since %j', (text, wanted) => {
  const now = 1_700_000_000_000 + 130_000
  const keep = parseSince(text, now)
  const [first] = historyOf().events
  if (!first) throw new Error('no event')
  const events = [0, 60_000, 120_000].map((ms, index) => ({ ...first, seq: index + 1, at: first.at + ms }))
  expect(keep === null ? null : events.filter(keep).map(({ seq }) => seq)).toEqual(wanted)
})
