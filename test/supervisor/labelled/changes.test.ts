import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { type Running, type Site, item } from '../rig.ts'
import { sampleOf } from '../../rig/long.ts'
import { type Labelled, play } from './play.ts'

const write = (file: string, text = 'x\n') => ({ write: file, text })
/** The agent stands still until it is told to go on. */
const hold = (site: Site) => ({ sh: `while ! test -e "${site.at('agent/go')}"; do sleep 0.05; done` })
const go = (site: Site): void => fs.writeFileSync(site.at('agent/go'), '')
/** Does something while the first turn of an item is taken. */
const during =
  (act: (site: Site) => unknown, id = '001') =>
  async (site: Site, running: Running, nth: number): Promise<void> => {
    if (nth > 0) return
    await running.event((one) => one.type === 'turn-begun' && one.data.item === id)
    await act(site)
    go(site)
  }
const slow = (
  site: Site,
  files: Readonly<Record<string, string>> = { '001': 'src/1.txt', '002': 'src/2.txt' },
) =>
  site.script(
    Object.fromEntries(
      Object.entries(files).map(([id, file]) => [id, [{ steps: [write(file), hold(site)] }]]),
    ),
  )

const configFile = '.codex/autoloop.project.json'
const edited = (
  site: Site,
  change: (config: { commands: Record<string, object>; gateProfiles: Record<string, string[]> }) => void,
): void => {
  const config = JSON.parse(fs.readFileSync(path.join(site.repo, configFile), 'utf8')) as Parameters<
    typeof change
  >[0]
  change(config)
  site.write(configFile, `${JSON.stringify(config, null, 2)}\n`)
}
const rests = (events: readonly { type: string; data: unknown }[]) =>
  events.flatMap((one) => (one.type === 'rested' ? [one.data] : []))

const batches: readonly Labelled[] = [
  {
    name: 'the config is edited during a turn: it ends, nothing is integrated, and goes on once the config is back',
    items: { '001-a.md': item(), '002-b.md': item() },
    prepare: (site) => slow(site),
    runs: [[], []],
    meanwhile: during((site) => edited(site, (config) => (config.gateProfiles['fast'] = ['test']))),
    before: (site, nth) => nth === 1 && site.git('checkout', '-q', '--', configFile),
    codes: [6, 0],
    rest: 'completed',
    expected: { '001': 'done', '002': 'done' },
    opened: ['001', '002'],
    starts: 2,
    check: (_site, events) => {
      expect(rests(events)[0]).toEqual({ state: 'paused', code: 'config-changed' })
      const paused = events.findIndex((one) => one.type === 'rested')
      expect(events.slice(0, paused).some((one) => one.type === 'integrated')).toBe(false)
    },
  },
  {
    name: 'the config is edited and allowed: what is open is judged by it, and what is done stays done',
    items: { '001-a.md': item(), '002-b.md': item() },
    files: {
      'extra.sh': 'for one in src/*.txt; do grep -q x "$one" || test "$one" = src/a.txt || exit 1; done\n',
    },
    prepare: (site) =>
      site.script({
        '001': [{ steps: [write('src/1.txt')] }],
        '002': [
          { at: '1.1', steps: [write('src/2.txt', 'y\n'), hold(site)] },
          { steps: [write('src/2.txt')] },
        ],
      }),
    runs: [[], []],
    meanwhile: during(
      (site) =>
        edited(site, (config) => {
          config.commands['extra'] = { argv: ['sh', 'extra.sh'], network: 'none' }
          config.gateProfiles['final'] = ['test', 'extra']
        }),
      '002',
    ),
    before: async (site, nth) =>
      nth === 1 && expect(await site.cli(['allow', '--amend'])).toMatchObject({ code: 0 }),
    codes: [6, 0],
    rest: 'completed',
    expected: { '001': 'done', '002': 'done' },
    opened: ['001', '002'],
    landed: { 'src/2.txt': 'x\n' },
    check: (site) =>
      expect(
        site
          .starts()
          .map((one) => one.prompt)
          .join('\n'),
      ).toContain('extra'),
  },
  {
    name: 'config and backlog are not committed: what a person accepted counts, and not what the commit has',
    items: { '001-a.md': item() },
    files: { '.gitignore': '.codex/\n' },
    script: { '001': [{ steps: [write('src/1.txt')] }] },
    codes: [0],
    rest: 'completed',
    expected: { '001': 'done' },
    landed: { 'src/1.txt': 'x\n', '.codex/autoloop.project.json': null },
  },
  {
    name: 'an item is edited while it is worked at: parked, its work kept, and accepted as it is now it begins anew',
    items: { '001-a.md': item() },
    prepare: (site) => slow(site),
    runs: [[], []],
    meanwhile: during((site) => site.write('.codex/backlog/001-a.md', item({ title: 'Another' }))),
    before: async (site, nth) =>
      nth === 1 && expect(await site.cli(['accept', '001'])).toMatchObject({ code: 0 }),
    codes: [5, 0],
    rest: 'completed',
    expected: { '001': 'done' },
    opened: ['001', '001'],
    check: (_site, events) => {
      const over = events.find((one) => one.type === 'attempt-ended')
      expect(over).toMatchObject({
        data: { failure: { kind: 'parked', code: 'contract-changed' }, counted: false },
      })
      expect(over?.type === 'attempt-ended' && over.data.rescue).toEqual(expect.stringContaining('rescue'))
    },
  },
  {
    name: 'an item is removed while it is worked at: parked, and others go on',
    items: { '001-a.md': item(), '002-b.md': item() },
    prepare: (site) => slow(site),
    meanwhile: during((site) => fs.rmSync(path.join(site.repo, '.codex/backlog/001-a.md'))),
    codes: [5],
    rest: 'parked items',
    expected: { '001': 'parked contract-changed', '002': 'done' },
    landed: { 'src/1.txt': null, 'src/2.txt': 'x\n' },
  },
  {
    name: 'an item is renamed while it is worked at: parked',
    items: { '001-a.md': item() },
    prepare: (site) => slow(site),
    meanwhile: during((site) =>
      fs.renameSync(
        path.join(site.repo, '.codex/backlog/001-a.md'),
        path.join(site.repo, '.codex/backlog/001-b.md'),
      ),
    ),
    codes: [5],
    rest: 'parked items',
    expected: { '001': 'parked contract-changed' },
  },
  {
    name: 'an item is edited before its start: it waits, and starts once a person accepts it',
    items: { '001-a.md': item(), '002-b.md': item() },
    prepare: (site) => slow(site),
    runs: [[], []],
    meanwhile: during((site) => site.write('.codex/backlog/002-b.md', item({ title: 'Another' }))),
    before: async (site, nth) =>
      nth === 1 && expect(await site.cli(['accept', '002'])).toMatchObject({ code: 0 }),
    codes: [5, 0],
    rest: 'completed',
    expected: { '001': 'done', '002': 'done' },
    opened: ['001', '002'],
    check: (site) => expect(site.starts().at(-1)?.prompt).toContain('Another'),
  },
  {
    name: 'an item is edited after it is done: it is said, and changes nothing',
    items: { '001-a.md': item(), '002-b.md': item() },
    prepare: (site) => slow(site),
    meanwhile: async (site, running) => {
      await running.event((one) => one.type === 'turn-begun')
      go(site)
      await running.event((one) => one.type === 'turn-begun' && one.data.item === '002')
      site.write('.codex/backlog/001-a.md', item({ title: 'Another' }))
    },
    codes: [0],
    rest: 'completed',
    expected: { '001': 'done', '002': 'done' },
    check: (_site, events) =>
      expect(events.filter((one) => one.type === 'item-edited').map((one) => one.data)).toEqual([
        { item: '001', digest: expect.any(String) },
      ]),
  },
  {
    name: 'a file is added to the backlog: nobody accepted it, so it is not begun',
    items: { '001-a.md': item() },
    prepare: (site) => slow(site),
    meanwhile: during((site) => site.write('.codex/backlog/002-b.md', item())),
    codes: [0],
    rest: 'completed',
    expected: { '001': 'done' },
    opened: ['001'],
  },
  {
    name: 'the approval is withdrawn during a turn: nothing is integrated',
    items: { '001-a.md': item() },
    prepare: (site) => slow(site),
    meanwhile: during((site) => fs.rmSync(path.join(site.home, 'approved'), { recursive: true })),
    codes: [6],
    rest: 'paused approval-withdrawn',
    expected: { '001': 'open' },
    landed: { 'src/1.txt': null },
  },
  {
    name: 'an item is dropped during its turn: its work is rescued, what waits for it is dropped too',
    items: { '001-a.md': item(), '002-b.md': item({ front: 'after: [001]\n' }), '003-c.md': item() },
    prepare: (site) => slow(site, { '001': 'src/1.txt', '003': 'src/3.txt' }),
    meanwhile: during(async (site) =>
      expect(await site.cli(['drop', '001', '--with-dependants'])).toMatchObject({ code: 0 }),
    ),
    codes: [0],
    rest: 'completed',
    expected: { '001': 'dropped', '002': 'dropped', '003': 'done' },
    landed: { 'src/1.txt': null, 'src/3.txt': 'x\n' },
  },
  {
    name: 'a parked item gets fresh limits by retry',
    items: { '001-a.md': item() },
    script: { '001': [{}] },
    supervisor: { limits: { attempts: 1, noProgress: 1 } },
    runs: [[], []],
    before: async (site, nth) => {
      if (nth === 0) return
      site.script({ '001': [{ steps: [write('src/1.txt')] }] })
      expect(await site.cli(['retry', '001'])).toMatchObject({ code: 0 })
    },
    codes: [5, 0],
    rest: 'completed',
    expected: { '001': 'done' },
    opened: ['001', '001'],
  },
  {
    name: 'a stop file during a turn: it ends, and nothing more is begun until the file is gone',
    items: { '001-a.md': item(), '002-b.md': item() },
    files: { '.gitignore': '.autonomous-loop-stop\n' },
    prepare: (site) => slow(site),
    runs: [[], [], []],
    meanwhile: during((site) => site.write('.autonomous-loop-stop', '')),
    before: (site, nth) => nth === 2 && fs.rmSync(path.join(site.repo, '.autonomous-loop-stop')),
    codes: [6, 1, 0],
    rest: 'completed',
    expected: { '001': 'done', '002': 'done' },
    opened: ['001', '002'],
    check: (_site, events) => expect(rests(events)[0]).toEqual({ state: 'paused', code: 'stopped' }),
  },
  {
    name: 'the person edits, commits and switches branches meanwhile: the batch goes on from its own base',
    items: { '001-a.md': item() },
    prepare: (site) => slow(site),
    meanwhile: during((site) => site.write('src/a.txt', 'not yet\n')),
    codes: [0],
    rest: 'completed',
    expected: { '001': 'done' },
    landed: { 'src/a.txt': 'a\n' },
    restored: ['src/a.txt'],
  },
]

test.each(sampleOf(batches, 9))('$name', play, 120_000)
