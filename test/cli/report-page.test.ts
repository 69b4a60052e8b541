import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { reportHtml } from '../../src/cli/render/report-html.ts'
import { reportMarkdown } from '../../src/cli/render/report-md.ts'
import { some } from '../../src/evidence/found.ts'
import { beginning, encodeEvents } from '../../src/ledger/chain.ts'
import type { NewEvent } from '../../src/ledger/events.ts'
import { fold } from '../../src/ledger/fold.ts'
import { buildReport } from '../../src/views/report.ts'
import { activation, command, stop } from '../ledger/data.ts'
import { chromium, withBrowser } from '../rig/browser.ts'

const minute = 60_000
const start = Date.parse('2026-01-31T09:00:00Z')
const long = `src/${'averylongdirectoryname/'.repeat(6)}component.tsx`
const contract = {
  ...activation().contract,
  objective:
    'Users can export their invoices as CSV, with the same columns as in the table on the screen\nAlso the empty table.',
  tasks: [
    {
      id: 'T1',
      title: 'Write the export of invoices with all columns of the table',
      required: true,
      dependsOn: [],
      evidence: [
        { kind: 'pathChanged', glob: 'src/export/**' } as const,
        { kind: 'commandRef', name: 'test' } as const,
      ],
    },
    {
      id: 'documentation-of-the-export',
      title: 'Describe it',
      required: false,
      dependsOn: ['T1'],
      evidence: [{ kind: 'fileMatches', path: long, pattern: '^## Export' } as const],
    },
  ],
}
const evidence = (met: boolean) => [
  {
    taskId: 'T1',
    index: 0,
    met,
    found: met
      ? ({ kind: 'changed', paths: some(['src/export/csv.ts']) } as const)
      : ({ kind: 'not-changed', there: null, elsewhere: some([]) } as const),
  },
  {
    taskId: 'documentation-of-the-export',
    index: 0,
    met: false,
    found: {
      kind: 'through',
      links: some(['docs']),
      to: long,
      seen: { kind: 'no-match', lines: 3 },
    } as const,
  },
]
const failing = command('test', 'failed', {
  argv: ['npm', 'run', 'test', '--', '--runInBand', '--reporters=default'],
  tail: `FAIL test/export.test.ts\n  expected ${'x'.repeat(200)}`,
  durationMs: 42_000,
})
const task = { kind: 'evidence', taskId: 'T1', index: 0 } as const
const gate = { kind: 'command', name: 'test' } as const
const lint = command('lint', 'passed', { argv: ['npm', 'run', 'lint'], durationMs: 3_100 })

/** Blocked by its task, three times by its gate (once with the plan), then released. */
const story: readonly (readonly [number, NewEvent])[] = [
  [
    0,
    {
      type: 'activated',
      data: activation({ contract, runId: '0123456789abcdef', repoRoot: `/home/dev/${long}` }),
    },
  ],
  [1, { type: 'prompt', data: { turnId: 't1' } } as unknown as NewEvent],
  [2, stop({ stop: 1, blockers: [task], evidence: evidence(false), gatesRun: 'fast', durationMs: 80 })],
  [
    4,
    stop({
      stop: 2,
      blockers: [gate],
      evidence: evidence(true),
      commands: [lint, failing],
      durationMs: 45_000,
    }),
  ],
  [
    10,
    stop({
      stop: 3,
      blockers: [{ kind: 'plan', open: ['tell the person'] }, gate],
      session: { plan: { state: 'incomplete', open: ['tell the person'] } },
      evidence: evidence(true),
      commands: [lint, failing],
      durationMs: 46_000,
    }),
  ],
  [
    13,
    stop({
      stop: 4,
      blockers: [gate],
      evidence: evidence(true),
      commands: [lint, failing],
      durationMs: 44_000,
    }),
  ],
  [
    16,
    stop({
      stop: 5,
      outcome: { verdict: 'release' },
      outstandingTaskIds: [],
      evidence: evidence(true),
      commands: [lint, { ...failing, outcome: 'passed', cause: null, exitCode: 0, tail: 'ok\n' }],
      durationMs: 41_000,
    }),
  ],
]

function reportOf(count = story.length, next: string | null = null) {
  const events = encodeEvents(
    beginning,
    null,
    start,
    story.slice(0, count).map(([, event]) => event),
  ).events.map((event, index) => ({ ...event, at: start + (story[index]?.[0] ?? 0) * minute }))
  const run = fold(events).runs[0]
  if (!run) throw new Error('no run')
  return buildReport(
    {
      run,
      events,
      ledger: '/ledger.jsonl',
      archived: false,
      integrity: { state: 'intact', records: events.length, head: 'abcdef0123456789', problem: null },
    },
    next,
  )
}

const textOf = (html: string) => html.replaceAll(/<style>[^]*?<\/style>|<[^>]*>/g, '').replaceAll(/\s+/g, ' ')

test('the top says what it came to, what held it and for how long', () => {
  const report = reportOf()
  expect(report.summary).toEqual({
    stops: 5,
    blocked: 4,
    parked: 0,
    judgedMs: 176_080,
    held: [
      { by: { kind: 'gate', name: 'test' }, stops: 3, ms: 12 * minute },
      { by: { kind: 'plan' }, stops: 1, ms: 3 * minute },
      { by: { kind: 'task', id: 'T1' }, stops: 1, ms: 2 * minute },
    ],
  })
  const words = 'Blocked 4 times: gate test 3 times (12 min), open plan steps once (3 min), T1 once (2 min).'
  const [top = ''] = reportHtml(report, '1').split('<h2>')
  expect(textOf(top)).toContain(words)
  expect(textOf(top)).toContain('16 min from beginning to end, 5 stops judged in 2 min 56 s.')
  expect(reportMarkdown(report)).toContain(words)
})

test('the one next command stands on top while there is something to do', () => {
  const next = 'look at it with `autonomous-loop explain 0123`; then `autonomous-loop resume 0123`'
  const open = reportOf(4, next)
  const [top = ''] = reportHtml(open, '1').split('<h2>')
  expect(top).toMatch(
    /Next:<\/strong> look at it with <code>autonomous-loop explain 0123<\/code>; then <code>/,
  )
  expect(reportMarkdown(open)).toContain(`**Next:** ${next}`)
  expect(reportMarkdown(reportOf())).not.toContain('Next:')
})

test('the zone of the times is named', () => {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  expect(textOf(reportHtml(reportOf(), '1'))).toContain(`(${timeZone}`)
  expect(reportMarkdown(reportOf())).toContain(`(${timeZone}`)
})

test('every link leads to a place that is there; task, evidence and gate are linked', () => {
  const page = reportHtml(reportOf(), '1')
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map((match) => match[1])
  const targets = [...page.matchAll(/href="#([^"]+)"/g)].map((match) => match[1])
  expect(new Set(ids).size).toBe(ids.length)
  expect(targets.filter((target) => !ids.includes(target))).toEqual([])
  for (const target of ['task-T1', 'gate-test', 'stop-5', 'stop-5-test', 'stop-2-test'])
    expect(targets).toContain(target)
})

test('the bars have an axis: the whole run, and the longest gate', () => {
  const axes = [...reportHtml(reportOf(), '1').matchAll(/class="axis">(.*?)<\/span><\/span>/gs)].map(
    (match) => textOf(`${match[1]}</span>`),
  )
  expect(axes).toEqual(['042 s', '042 s', '042 s', '042 s', '016 min'])
})

/** Words of prose that are broken over two lines, and whatever is wider than the window. */
const faults = `(() => {
  const width = document.documentElement.clientWidth
  const cut = []
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const node = texts.currentNode
    if (node.parentElement.closest('code, pre, style')) continue
    for (const word of node.data.matchAll(/\\S+/g)) {
      if (word[0].length > 32) continue
      const range = document.createRange()
      range.setStart(node, word.index)
      range.setEnd(node, word.index + word[0].length)
      const tops = [...range.getClientRects()].filter((rect) => rect.width > 0).map((rect) => Math.round(rect.top))
      if (new Set(tops).size > 1 && !/[-/]/.test(word[0])) cut.push(word[0])
    }
  }
  const wide = [...document.querySelectorAll('main *')]
    .filter((one) => one.getBoundingClientRect().right > width + 0.5)
    .map((one) => one.tagName + '.' + one.className)
  return { scrolls: document.documentElement.scrollWidth > width, cut, wide }
})()`

describe('in a real browser', () => {
  let dir = ''
  beforeAll(() => void (dir = fs.mkdtempSync(path.join(os.tmpdir(), 'autoloop-page-'))))
  afterAll(() => fs.rmSync(dir, { recursive: true, force: true }))

  test('360 and 1280 pixels wide: no word is cut, nothing scrolls to the side', async () => {
    if (!fs.existsSync(chromium)) {
      process.stderr.write(`${chromium} is not here: the report was not looked at in a browser\n`)
      return
    }
    const file = path.join(dir, 'run.html')
    fs.writeFileSync(file, reportHtml(reportOf(), '1.2.3'))
    await withBrowser(async (browser) => {
      for (const width of [360, 1280])
        for (const scheme of ['light', 'dark'] as const) {
          await browser.open(file, { width, scheme })
          expect([width, scheme, await browser.evaluate(faults)]).toEqual([
            width,
            scheme,
            { scrolls: false, cut: [], wide: [] },
          ])
          const pictures = process.env['REPORT_PICTURES']
          if (pictures)
            fs.writeFileSync(path.join(pictures, `${width}-${scheme}.png`), await browser.picture())
        }
    })
  }, 120_000)
})
