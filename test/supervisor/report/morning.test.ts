import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { BatchReport } from '../../../src/views/batch-report/shape.ts'
import { answer } from '../asked.ts'
import { type Site, item, makeSite } from '../rig.ts'
import { chromium, withBrowser } from '../../rig/browser.ts'

/*
 * The morning after one batch: an item that was done honestly, one that was claimed, one whose agent proposes something else, and one
 * that met a gate which fails and passes on the same tree. What agents say is as hostile as it gets.
 */

/** Breaks out of HTML, Markdown and the terminal, calls people, loads pictures, and goes on and on. */
const EVIL = [
  '</pre></details></main><script>document.title="owned"</script><img src=x onerror=alert(1)>',
  '\u001b[31mred\u001b]0;owned\u0007 \u202egnp.exe @octocat closes #1 ![x](http://evil.example/x.png)',
  '```\n````\n\n#### Needs you\n\n- nothing\n\n| a | b |\n</details>',
  'long '.repeat(3500),
].join('\n')

let site: Site
let batch: string

beforeAll(async () => {
  site = makeSite({
    items: {
      '001-honest.md': item({ title: 'Do <b>honest</b> work' }),
      '002-liar.md': item({ title: 'Be claimed', front: 'limits: {attempts: 1, turns: 2}\n' }),
      '003-proposal.md': item({ title: 'Want more' }),
      '004-flaky.md': item({ title: 'Meet a flaky gate' }),
      '005-after.md': item({ title: 'Come after it', front: 'after: [002]\n' }),
    },
    script: {
      '001': [
        {
          steps: [{ write: 'src/one.txt', text: '1\n' }],
          answer: { status: 'complete', summary: EVIL, tokens: 1200 },
        },
      ],
      '002': [{ answer: { status: 'complete', summary: EVIL } }],
      '003': [
        {
          answer: {
            status: 'proposal',
            summary: EVIL,
            proposal: { kind: 'widen-scope', scope: ['docs/**'] },
          },
        },
      ],
      '004': [
        {
          steps: [{ write: 'src/four.txt', text: '4\n' }, { sh: 'touch ../../../../mood' }],
          answer: { status: 'complete' },
        },
        { steps: [{ sh: 'rm ../../../../mood' }], answer: { status: 'complete', tokens: 34 } },
      ],
    },
  })
  // Where no tree has it: the same tree fails once and passes then.
  site.write('check.sh', `test ! -e src/four.txt || test ! -e '${site.at('data/mood')}'\n`)
  site.git('commit', '-qam', 'a gate with moods')
  expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
  const ran = await site.cli(['run', '--json'])
  expect(ran).toMatchObject({ code: 5, stderr: '' })
  const opened = ran.events.find((event) => event.type === 'batch-opened')
  batch = opened?.type === 'batch-opened' ? opened.data.batch : ''
}, 180_000)

afterAll(() => site.remove())

async function report(...args: string[]): Promise<BatchReport> {
  return (await answer(site, 0, 'report', ...args)) as unknown as BatchReport
}

test('what was seen, what was claimed, and what needs a person are told apart', async () => {
  const said = await report('--batch')
  expect(said).toMatchObject({
    batch,
    newest: true,
    state: 'parked',
    code: 'items',
    exit_code: 5,
    landed: null,
  })
  expect(said.record).toMatchObject({ holds: true, verdicts: 3, problems: [] })
  expect(said.needs_you.map((one) => [one.kind, 'item' in one ? one.item : '', one.command])).toEqual([
    ['land', '', 'autonomous-loop land --merge'],
    ['item', '002', 'autonomous-loop retry 002'],
    ['item', '003', 'autonomous-loop accept 003'],
  ])
  expect(
    said.verified.map((one) => [
      one.item,
      one.agent,
      one.landed,
      one.gates.map(({ name, place }) => [name, place]),
    ]),
  ).toEqual([
    ['001', 'fake', false, [['test', 'clean-room']]],
    ['004', 'fake', false, [['test', 'clean-room']]],
  ])
  for (const { item: id, commit, tree } of said.verified) {
    const log = site.show(id === '001' ? 'src/one.txt' : 'src/four.txt', commit)
    expect(log).toBe(id === '001' ? '1\n' : '4\n')
    expect(tree).toMatch(/^[0-9a-f]{40}$/)
  }
  expect(
    said.claimed.map((one) => [one.item, one.status, one.complete_claims, one.verified, one.cut]),
  ).toEqual([
    ['002', 'complete', 2, false, true],
    ['003', 'proposal', 0, false, true],
    ['001', 'complete', 1, true, true],
  ])
  expect(Math.max(...said.claimed.map((one) => one.text.length))).toBeLessThanOrEqual(1500)
  expect(said.items.map((one) => [one.id, one.state, one.code, one.attempts, one.turns, one.tokens])).toEqual(
    [
      ['001', 'done', null, 1, 1, 1200],
      ['002', 'parked', 'attempts', 1, 2, null],
      ['003', 'parked', 'proposal', 1, 1, null],
      ['004', 'done', null, 1, 2, 34],
      ['005', 'waiting', null, 0, 0, null],
    ],
  )
  expect(said.totals).toMatchObject({
    items: { done: 2, parked: 2, waiting: 1 },
    attempts: 4,
    turns: 6,
    tokens: 1234,
    agents: [{ agent: 'fake', attempts: 4, verified: 2, turns: 6, tokens: 1234 }],
  })
  expect(said.items[1]?.tries).toMatchObject([
    { attempt: 1, ended: 'turns', counted: true, turns: 2, findings: [{ kind: 'no-change' }] },
  ])
})

test('a gate with two words for the same tree is flaky, and every run of it is counted', async () => {
  const { gates, verified, night } = await report('--batch')
  const tree = verified.find((one) => one.item === '004')?.tree
  expect(gates).toHaveLength(1)
  const [gate] = gates
  // The base, 001, 004 twice, and the head alone when 004 was red; the last head is what was judged already.
  expect(gate).toMatchObject({ name: 'test', passed: 4, failed: 1, could_not_run: 0 })
  expect(gate?.by).toMatchObject({ base: { runs: 1 }, candidate: { runs: 3 }, head: { runs: 1 } })
  expect(gate?.took?.min_ms).toBeGreaterThan(0)
  expect(gate?.took?.max_ms).toBeGreaterThanOrEqual(gate?.took?.median_ms ?? Infinity)
  expect(gate?.flaky).toEqual([
    {
      tree,
      results: [
        expect.objectContaining({ what: 'candidate', item: '004', attempt: 1, outcome: 'failed' }),
        expect.objectContaining({ what: 'candidate', item: '004', attempt: 1, outcome: 'passed' }),
      ],
    },
  ])
  expect(night.filter((one) => one.interrupts)).toEqual([])
  expect(night.map((one) => one.kind)).toEqual([
    'opened',
    'checked',
    'began',
    'failed',
    'parked',
    'done',
    'parked',
    'checked',
    'done',
    'published',
    'rested',
  ])
})

test('no text of an agent breaks out of the page or of Markdown, and the page fits every screen', async () => {
  const page = site.at('morning.html')
  expect(await answer(site, 0, 'report', '--html', page, '--md')).toMatchObject({
    batch,
    integrity: 'intact',
  })
  const markdown = fs.readFileSync(site.at('morning.md'), 'utf8')
  const shown = fs.readFileSync(page, 'utf8')
  const tags = shown.match(/<[^>]*>/g) ?? []
  expect(
    tags.filter((one) => /^<\/?(?:script|img|b|link|iframe)\b|\s(?:on\w+|src)=|url\(/i.test(one)),
  ).toEqual([])
  expect(tags.filter((one) => /\shref=/.test(one) && !/ href="#item-\d{3}"/.test(one))).toEqual([])
  expect(shown).toContain('Do &lt;b&gt;honest&lt;/b&gt; work')
  for (const text of [markdown, shown]) {
    // oxlint-disable-next-line no-control-regex -- that none of them is left is the point
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202e]/)
    expect(text.length).toBeLessThan(60_000)
  }
  const outside = withoutFences(markdown)
  expect(outside).not.toMatch(/<script|<\/pre>|!\[x\]|@octocat/)
  expect(outside.match(/^#### Needs you$/gm)).toHaveLength(1)
  expect(outside.match(/^#### .*$/gm)).toEqual([
    '#### Needs you',
    '#### Verified by us',
    '#### Claimed by agents, not verified',
    '#### Not done',
    '#### Items',
    '#### Gates',
    '#### What came between',
  ])
  if (!fs.existsSync(chromium)) {
    process.stderr.write(`${chromium} is not here: the page was not looked at in a browser\n`)
    return
  }
  await withBrowser(async (browser) => {
    for (const width of [380, 1400])
      for (const scheme of ['light', 'dark'] as const) {
        await browser.open(page, { width, scheme })
        await browser.evaluate('document.querySelectorAll("details").forEach((one) => (one.open = true))')
        expect(await browser.evaluate('document.documentElement.scrollWidth')).toBe(width)
        expect(await browser.evaluate('document.title')).toBe(`parked: batch ${batch}`)
        expect(await browser.evaluate('document.querySelectorAll("main > h2").length')).toBe(9)
      }
  })
}, 60_000)

/** What GitHub would read as Markdown. */
function withoutFences(markdown: string): string {
  const lines: string[] = []
  let fence: string | null = null
  for (const line of markdown.split('\n')) {
    const ticks = /^(`{3,})\s*$/.exec(line)?.[1] ?? null
    if (fence === null && ticks !== null) fence = ticks
    else if (fence !== null) fence = ticks !== null && ticks.length >= fence.length ? null : fence
    else lines.push(line)
  }
  return lines.join('\n')
}

test('where the record does not hold the report says so first, and nothing rests on it', async () => {
  const dir = fs
    .readdirSync(path.join(site.home, 'batches'))
    .map((repo) => path.join(site.home, 'batches', repo, batch))
    .find((one) => fs.existsSync(one))!
  const judged = path.join(dir, 'attempts/001-1/judged/ledger.jsonl')
  const whole = fs.readFileSync(judged, 'utf8')
  fs.writeFileSync(judged, whole.replace('"outcome":"passed"', '"outcome":"failed"'))
  const broken = await report('--batch')
  expect(broken.record).toMatchObject({
    holds: false,
    problems: [{ kind: 'broken', item: '001', attempt: 1 }],
  })
  expect(broken.verified.map((one) => one.item)).toEqual(['004'])
  expect(broken.needs_you[0]).toEqual({ kind: 'record', command: 'autonomous-loop doctor' })
  fs.rmSync(judged)
  expect((await report('--batch')).record.problems).toMatchObject([{ kind: 'missing', item: '001' }])
  fs.writeFileSync(judged, whole)

  const ledger = path.join(dir, 'ledger.jsonl')
  const lines = fs.readFileSync(ledger, 'utf8').split('\n')
  const at = lines.findIndex((line) => line.includes('"type":"integrated"'))
  fs.writeFileSync(ledger, lines.with(at, lines[at]!.replace('"001"', '"009"')).join('\n'))
  for (const args of [['--batch'], [], [batch]]) {
    const cut = await report(...args)
    expect(cut.record).toMatchObject({ holds: false, events: at, problems: [{ kind: 'batch-broken' }] })
    expect(cut.verified).toEqual([])
  }
  const { stdout } = await site.cli(['report', '--md', '--batch'])
  expect(stdout.split('\n')[2]).toBe('> [!CAUTION]')
  fs.writeFileSync(ledger, `${lines.join('\n')}{"seq":`)
  expect((await report('--batch')).record).toMatchObject({
    holds: true,
    problems: [{ kind: 'batch-torn', bytes: 7 }],
  })
  fs.writeFileSync(ledger, lines.join('\n'))
}, 60_000)

test('what is landed is said to be, and then nothing of it is asked for', async () => {
  site.write('src/mine.txt', 'mine\n')
  site.git('add', '-A')
  site.git('commit', '-qm', 'mine')
  expect(await site.cli(['land', '--merge'])).toMatchObject({ code: 0 })
  const said = await report('--batch')
  expect(said.landed).toMatchObject({ target: 'main', joined: true })
  expect(said.verified.map((one) => one.landed)).toEqual([true, true])
  expect(said.needs_you.map((one) => one.kind)).toEqual(['item', 'item'])
  expect(said.night.findLast((one) => one.kind === 'landed')).toMatchObject({
    joined: true,
    interrupts: true,
  })
}, 60_000)
