import fs from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { long, sampleOf } from '../rig/long.ts'
import { answer, states } from './asked.ts'
import { type ScriptedTurn, type Site, type SiteParts, item, makeSite } from './rig.ts'

let site: Site | undefined
afterEach(() => site?.remove())

const writes = (file: string, text = `${file}\n`): readonly ScriptedTurn[] => [
  { steps: [{ write: file, text }] },
]
/** Is at work until this file is there. */
const waitsFor = (file: string): string => `until [ -e '${file}' ]; do sleep 0.02; done`
/** Says that it cannot go on, so that the item is parked. */
const blocked: readonly ScriptedTurn[] = [{ answer: { status: 'blocked', summary: 'which format?' } }]

async function opened(parts: SiteParts): Promise<Site> {
  site = makeSite(parts)
  expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
  return site
}

/** Names and bytes of everything below a directory. */
function everything(dir: string): readonly string[] {
  if (!fs.existsSync(dir)) return []
  return fs.readdirSync(dir, { recursive: true, withFileTypes: true }).map((one) => {
    const file = path.join(one.parentPath, one.name)
    return one.isFile() ? `${file} ${fs.readFileSync(file, 'base64')}` : file
  })
}

describe('retry and drop', () => {
  test('a parked item is tried again once a person says so, and one that is dropped takes its dependants with it', async () => {
    const at = await opened({
      items: {
        '001-a.md': item(),
        '002-b.md': item({ front: 'after: [001]\n' }),
        '003-c.md': item(),
      },
      script: { '001': blocked, '003': writes('src/c.txt') },
    })
    expect((await at.cli(['run', '--json'])).code).toBe(5)
    expect(await states(at)).toEqual({ '001': 'parked: blocked', '002': 'waiting', '003': 'done' })
    expect(await answer(at, 5, 'status', '--batch', '--check')).toMatchObject({
      next: 'autonomous-loop retry --all',
      items: [{ why: 'which format?' }, { waits_for: { kind: 'after', items: ['001'] } }, {}],
    })

    expect(await answer(at, 1, 'retry', '003')).toMatchObject({ error_code: 'no-item' })
    expect(await answer(at, 1, 'retry', '9')).toMatchObject({ error_code: 'no-item' })
    expect(await answer(at, 0, 'retry', '1')).toMatchObject({ items: ['001'], running: false })
    expect(await states(at)).toMatchObject({ '001': 'ready', '002': 'waiting' })
    expect(await answer(at, 6, 'status', '--batch', '--check')).toMatchObject({
      state: 'paused',
      code: 'not-running',
      next: 'autonomous-loop run',
    })
    expect((await at.cli(['run', '--json'])).code).toBe(5)

    expect(await answer(at, 1, 'drop', '001')).toMatchObject({ error_code: 'has-dependants' })
    const asked = at.terminal(['drop', '001'])
    await asked.shows(/002 waits for 001\. Drop all of them\? \[y\/N\]/)
    asked.type('n\r')
    expect(await asked.ended).toBe(1)
    expect(await states(at)).toMatchObject({ '001': 'parked: blocked' })
    expect(await answer(at, 0, 'drop', '001', '--with-dependants')).toMatchObject({ items: ['001', '002'] })
    expect(await states(at)).toEqual({ '001': 'dropped', '002': 'dropped', '003': 'done' })
    expect(await answer(at, 1, 'drop', '001')).toMatchObject({ error_code: 'no-item' })
    expect((await at.cli(['run', '--json'])).code).toBe(0)
  }, 120_000)
})

describe('stop', () => {
  test('turns at work go on to their end, and nothing else begins; where nothing runs, nothing is asked', async () => {
    const at = await opened({
      items: { '001-a.md': item(), '002-b.md': item() },
      script: { '002': writes('src/b.txt') },
    })
    at.script({
      '001': [{ steps: [{ sh: waitsFor(at.at('go')) }, { write: 'src/a2.txt', text: 'a2' }] }],
      '002': writes('src/b.txt'),
    })
    const running = at.start(['run', '--json'])
    await running.event((one) => one.type === 'turn-begun')
    expect(await answer(at, 4, 'status', '--batch', '--check')).toMatchObject({ state: 'running' })
    expect(await answer(at, 0, 'stop')).toMatchObject({ running: true, now: false })
    expect(await answer(at, 1, 'batch', 'take')).toMatchObject({ error_code: 'batch-running' })
    fs.writeFileSync(at.at('go'), '')
    expect((await running.done).code).toBe(6)
    expect(await states(at)).toEqual({ '001': 'done', '002': 'ready' })
    expect(await answer(at, 6, 'status', '--batch', '--check')).toMatchObject({ code: 'stopped' })

    expect(await answer(at, 0, 'stop')).toMatchObject({ running: false })
    expect((await at.cli(['run', '--json'])).code).toBe(0)
  }, 120_000)

  if (long)
    test('--now ends the agent, and the item is taken up again by the next run', async () => {
      const at = await opened({ items: { '001-a.md': item() } })
      at.script({ '001': [{ steps: [{ sh: waitsFor(at.at('never')) }] }] })
      const running = at.start(['run', '--json'])
      await running.event((one) => one.type === 'turn-begun')
      expect(await answer(at, 0, 'stop', '--now')).toMatchObject({ running: true, now: true })
      expect((await running.done).code).toBe(6)
      at.script({ '001': writes('src/a2.txt') })
      expect((await at.cli(['run', '--json'])).code).toBe(0)
      expect(at.starts().map((one) => one.attempt)).toEqual([1, 1])
    }, 120_000)

  if (long)
    test('a stop that came too late for one process does not stop the next', async () => {
      const at = await opened({ items: { '001-a.md': item() }, script: { '001': writes('src/a2.txt') } })
      const batches = path.join(at.home, 'batches')
      expect((await at.cli(['run', '--iterations', '1', '--json'])).code).toBe(0)
      const [repo = ''] = fs.readdirSync(batches)
      fs.writeFileSync(path.join(batches, repo, 'requests/1-a.json'), '{"kind":"stop","now":true}')
      at.write('.codex/backlog/001-a.md', item({ title: 'Another' }))
      expect(await answer(at, 0, 'accept', '--all')).toMatchObject({ batch: null })
      at.script({ '001': writes('src/a3.txt') })
      expect((await at.cli(['run', '--new', '--json'])).code).toBe(0)
    }, 120_000)
})

describe('accept and reject', () => {
  test('nothing runs that nobody accepted, and an open batch takes over only what is accepted', async () => {
    const at = await opened({
      items: { '001-a.md': item(), '002-b.md': item({ front: 'after: [001]\n', title: 'Old title' }) },
      script: { '001': blocked, '002': writes('src/b.txt'), '003': writes('src/c.txt') },
    })
    at.write('.codex/backlog/002-b.md', item({ front: 'after: [001]\n', title: 'Never accepted' }))
    expect(await answer(at, 1, 'run')).toMatchObject({ error_code: 'backlog-unaccepted' })
    at.write('.codex/backlog/002-b.md', item({ front: 'after: [001]\n', title: 'First title' }))
    expect(await answer(at, 0, 'accept', '2')).toMatchObject({
      batch: null,
      items: [{ id: '002', change: 'changed' }],
    })
    expect((await at.cli(['run', '--json'])).code).toBe(5)
    expect(await answer(at, 1, 'accept', '--all')).toMatchObject({ error_code: 'no-item' })

    at.write('.codex/backlog/002-b.md', item({ front: 'after: [001]\n', title: 'Rejected title' }))
    at.write('.codex/backlog/003-c.md', item({ title: 'A third' }))
    expect(await answer(at, 0, 'status', '--batch')).toMatchObject({
      new_items: ['003'],
      next: 'autonomous-loop accept --all',
      items: [{}, { state: 'waiting', waits_for: { kind: 'unaccepted' } }],
    })
    expect(await answer(at, 1, 'reject', '003')).toMatchObject({ error_code: 'no-item' })
    expect(await answer(at, 0, 'reject', '002')).toMatchObject({ items: [{ id: '002' }] })
    expect(await answer(at, 0, 'status', '--batch')).toMatchObject({
      items: [{}, { waits_for: { kind: 'after', items: ['001'] } }],
    })
    expect(await answer(at, 0, 'accept', '003')).toMatchObject({ items: [{ id: '003', change: 'new' }] })
    expect((await at.cli(['run', '--json'])).code).toBe(5)
    expect(await states(at)).toEqual({ '001': 'parked: blocked', '002': 'waiting', '003': 'done' })

    // The file of a done item may go, although others come after it.
    at.write('.codex/backlog/004-d.md', item({ front: 'after: [003]\n', title: 'A fourth' }))
    fs.rmSync(path.join(at.repo, '.codex/backlog/003-c.md'))
    expect(await answer(at, 0, 'accept', '4')).toMatchObject({ items: [{ id: '004', change: 'new' }] })
    expect(await answer(at, 0, 'drop', '004')).toMatchObject({ ok: true })
    at.write('.codex/backlog/001-a.md', item({ title: 'Now it can be done' }))
    expect(await answer(at, 0, 'status', '--batch')).toMatchObject({
      next: 'autonomous-loop accept --all',
      items: [{ edited: true }, { edited: false }, { edited: false }, { edited: false }],
    })
    expect(await answer(at, 0, 'accept', '001')).toMatchObject({ items: [{ id: '001' }] })
    at.script({ '001': writes('src/a2.txt'), '002': writes('src/b.txt') })
    expect((await at.cli(['run', '--json'])).code).toBe(0)
    const prompts = at.starts().map((one) => `${one.item}: ${/^# (.*)$/m.exec(one.prompt)?.[1]}`)
    expect(prompts).toEqual(['001: Write it', '003: A third', '001: Now it can be done', '002: First title'])
  }, 180_000)

  if (long)
    test('an item in work loses its attempt, which is kept and not counted, and begins with the new text', async () => {
      const at = await opened({ items: { '001-a.md': item({ title: 'Old' }) } })
      at.script({
        '001': [
          { at: '1.1', steps: [{ write: 'src/old.txt', text: 'old' }, { sh: waitsFor(at.at('never')) }] },
          { at: '2.1', steps: [{ write: 'src/new.txt', text: 'new' }] },
        ],
      })
      const running = at.start(['run', '--json'])
      await running.event((one) => one.type === 'turn-begun')
      at.write('.codex/backlog/001-a.md', item({ title: 'New' }))
      expect(await answer(at, 0, 'accept', '001')).toMatchObject({ running: true })
      const { code, events } = await running.done
      expect(code).toBe(0)
      const ended = events.find((one) => one.type === 'attempt-ended')
      expect(ended?.data).toMatchObject({ failure: { kind: 'contract-changed' }, counted: false })
      const rescue = (ended?.data as { rescue: string } | undefined)?.rescue
      expect(at.show('src/old.txt', rescue)).toBe('old')
      expect(at.show('src/old.txt')).toBeNull()
      expect(at.show('src/new.txt')).toBe('new')
      expect(at.starts().map((one) => /^# (.*)$/m.exec(one.prompt)?.[1])).toEqual(['Old', 'New'])
    }, 120_000)

  if (long)
    test('on a terminal run shows what nobody accepted and asks once', async () => {
      const at = makeSite({
        items: { '001-a.md': item({ title: 'Add a cart' }) },
        script: { '001': writes('src/b.txt') },
      })
      site = at
      expect(await answer(at, 0, 'allow')).toMatchObject({ ok: true })
      at.write('.codex/backlog/002-b.md', item({ title: 'Add a till' }))
      at.script({ '001': writes('src/b.txt'), '002': writes('src/c.txt') })
      const first = at.terminal(['run'])
      await first.shows(/Add a till.*scope.*src.*proof[^]*Accept this item and begin\? \[y\/N\]/s)
      first.type('n\r')
      expect(await first.ended).toBe(1)
      expect(first.text()).toMatch(/backlog-unaccepted|accepted/)
      expect(at.starts()).toEqual([])
      const second = at.terminal(['run'])
      await second.shows(/Accept this item and begin/)
      second.type('y\r')
      expect(await second.ended).toBe(0)
      expect(second.text()).toContain('2 of 2 items done')

      // An open batch is asked about too, and goes on without what is not accepted.
      at.script({ '001': blocked, '003': writes('src/d.txt') })
      expect((await at.cli(['run', '--new', '--json'])).code).toBe(5)
      at.write('.codex/backlog/003-c.md', item({ title: 'Add a receipt' }))
      for (const typed of ['n', 'y']) {
        const third = at.terminal(['run'])
        await third.shows(/Add a receipt[^]*Accept this item for the open batch\? \[y\/N\]/)
        third.type(`${typed}\r`)
        expect(await third.ended).toBe(5)
        expect((await states(at))['003']).toBe(typed === 'n' ? undefined : 'done')
      }
    }, 120_000)
})

describe('run', () => {
  if (long)
    test('of some items begins these and what they wait for, and says so', async () => {
      const at = await opened({
        items: {
          '001-a.md': item(),
          '002-b.md': item({ front: 'after: [001]\n' }),
          '003-c.md': item({ front: 'priority: 1\n' }),
        },
        script: { '001': writes('src/a2.txt'), '002': writes('src/b.txt'), '003': writes('src/c.txt') },
      })
      expect(await answer(at, 1, 'run', '9')).toMatchObject({ error_code: 'no-item' })
      expect(await answer(at, 1, 'status', '--batch')).toMatchObject({ error_code: 'batch-missing' })
      expect((await at.cli(['run', '2', '--json'])).code).toBe(4)
      expect(await answer(at, 4, 'status', '--batch', '--check')).toMatchObject({
        code: 'chosen',
        next: 'autonomous-loop run',
      })
      expect(await states(at)).toEqual({ '001': 'done', '002': 'done', '003': 'ready' })
      expect((await at.cli(['run', '--json'])).code).toBe(0)
    }, 120_000)

  test('--dry-run shows order, agents and commands, starts nothing and writes nothing', async () => {
    const at = await opened({
      items: {
        '001-a.md': item({ title: 'Last' }),
        '002-b.md': item({ title: 'Second', front: 'after: [003]\npriority: 1\n' }),
        '003-c.md': item({ title: 'First', front: 'priority: 2\n' }),
      },
    })
    const before = everything(at.dir)
    const shown = await answer(at, 0, 'run', '--dry-run')
    expect(everything(at.dir)).toEqual(before)
    expect(shown).toMatchObject({
      batch: null,
      jobs: 1,
      items: [
        { id: '003', agent: 'fake', gates: ['test'] },
        { id: '002', after: ['003'] },
        { id: '001', title: 'Last' },
      ],
      commands: [{ name: 'test', argv: ['sh', 'check.sh'] }],
    })
    expect(await answer(at, 0, 'run', '--dry-run', '2')).toMatchObject({
      items: [{ id: '003' }, { id: '002' }],
    })
    expect(await answer(at, 1, 'run', '--dry-run', '4')).toMatchObject({ error_code: 'no-item' })
    expect(at.starts()).toEqual([])
  }, 60_000)
})

if (long)
  describe('clean', () => {
    test('removes worktrees that nobody uses and old refs of landed items, after it has shown them; and a batch by name', async () => {
      const at = await opened({
        items: { '001-a.md': item(), '002-b.md': item() },
        script: { '001': writes('src/a2.txt'), '002': blocked },
      })
      expect(await answer(at, 0, 'clean')).toMatchObject({ removed: [], kept: [] })
      expect((await at.cli(['run', '--json'])).code).toBe(5)
      const [id = ''] = fs.readdirSync(at.data)
      const ours = (...args: readonly string[]): string =>
        at.git('--git-dir', path.join(at.data, id, 'repo.git'), ...args)
      const { batch } = (await answer(at, 0, 'status', '--batch')) as { batch: string }
      const head = at.head()
      const old = (name: string): string => {
        const ref = `refs/autonomous-loop/rescue/${batch}/${name}`
        const commit = ours(
          '-c',
          'user.name=x',
          '-c',
          'user.email=x@x',
          'commit-tree',
          '-m',
          'old',
          `${head}^{tree}`,
        )
        const dated = ours('cat-file', 'commit', commit.trim()).replaceAll(/> \d+ /g, '> 1000000000 ')
        fs.writeFileSync(at.at('commit'), dated)
        ours('update-ref', ref, ours('hash-object', '-t', 'commit', '-w', at.at('commit')).trim())
        return ref
      }
      const [done, parked] = [old('001/9'), old('002/9')]
      const worktrees = path.join(at.data, id, 'worktrees')
      const there = fs.readdirSync(worktrees)
      fs.writeFileSync(path.join(worktrees, there[0] ?? '', 'note.txt'), 'by hand')

      const before = await answer(at, 0, 'clean')
      expect(before['removed']).toEqual(
        there.map((name) => ({
          what: 'worktree',
          name: path.join(worktrees, name),
          bytes: expect.any(Number),
        })),
      )
      expect(fs.readdirSync(worktrees)).toEqual(there)
      expect(await at.cli(['land', '--merge'])).toMatchObject({ code: 0 })
      const after = await answer(at, 0, 'clean', '--apply')
      expect(after['removed']).toEqual([
        ...there.map((name) => ({
          what: 'worktree',
          name: path.join(worktrees, name),
          bytes: expect.any(Number),
        })),
        { what: 'ref', name: done },
      ])
      expect(fs.readdirSync(worktrees)).toEqual([])
      const [kept = ''] = after['rescued'] as string[]
      expect(ours('show', `${kept}:note.txt`)).toBe('by hand')
      expect(
        ours('for-each-ref', '--format=%(refname)', 'refs/autonomous-loop/heads', parked).trim().split('\n'),
      ).toEqual([`refs/autonomous-loop/heads/${batch}`, parked])
      // The next attempt has a new worktree.
      at.script({ '002': writes('src/b.txt') })
      expect(await answer(at, 0, 'retry', '002')).toMatchObject({ ok: true })
      expect((await at.cli(['run', '--json'])).code).toBe(0)

      expect(await answer(at, 1, 'clean', '--discard', '20200101-000000-abcd')).toMatchObject({
        error_code: 'batch-missing',
      })
      expect(await answer(at, 0, 'clean', '--discard', batch)).toMatchObject({ dry_run: true })
      expect(await answer(at, 0, 'clean', '--discard', batch, '--apply')).toMatchObject({ dry_run: false })
      expect(ours('for-each-ref', `refs/autonomous-loop/*/${batch}`)).toBe('')
      expect(await answer(at, 1, 'status', '--batch')).toMatchObject({ error_code: 'batch-missing' })
      expect(at.git('show', `autonomous-loop/${batch}:src/b.txt`)).toBe('src/b.txt\n')
    }, 180_000)
  })

describe('batch take', () => {
  test('a commit on the published branch becomes the head once every gate passed on it, and lands', async () => {
    const at = await opened({ items: { '001-a.md': item() }, script: { '001': writes('src/a2.txt') } })
    expect(await answer(at, 1, 'batch', 'take')).toMatchObject({ error_code: 'batch-missing' })
    expect((await at.cli(['run', '--json'])).code).toBe(0)
    const head = at.head()
    const { branch = '' } = (await answer(at, 0, 'status', '--batch')) as { branch?: string }
    const tree = at.at('fix')
    at.git('worktree', 'add', '-q', tree, branch)
    const commit = (file: string, text: string): string => {
      fs.writeFileSync(path.join(tree, file), text)
      at.git('-C', tree, 'add', '-A')
      at.git('-C', tree, 'commit', '-qm', file)
      return at.git('-C', tree, 'rev-parse', 'HEAD').trim()
    }
    commit('src/bad.txt', 'bad')
    expect(await answer(at, 1, 'batch', 'take')).toMatchObject({ kind: 'red', red: ['test'] })
    expect(at.head()).toBe(head)
    at.git('-C', tree, 'reset', '-q', '--hard', head)
    const fix = commit('src/fix.txt', 'fix')
    expect(await answer(at, 0, 'batch', 'take')).toMatchObject({ kind: 'taken', commit: fix, joined: false })
    expect(at.head()).toBe(fix)
    expect(await answer(at, 0, 'batch', 'take', fix)).toMatchObject({ kind: 'already' })
    expect(await answer(at, 1, 'batch', 'take', 'nothing')).toMatchObject({ error_code: 'take-refused' })

    // What is on main is joined, or said to be in conflict.
    at.write('src/main.txt', 'main')
    at.git('add', '-A')
    at.git('commit', '-qm', 'on main')
    expect(await answer(at, 0, 'batch', 'take', 'HEAD')).toMatchObject({ kind: 'taken', joined: true })
    expect(at.show('src/main.txt')).toBe('main')
    at.write('src/fix.txt', 'other')
    at.git('add', '-A')
    at.git('commit', '-qm', 'in the way')
    expect(await answer(at, 5, 'batch', 'take', 'main')).toMatchObject({
      kind: 'conflict',
      paths: ['src/fix.txt'],
    })
    at.git('reset', '-q', '--hard', 'HEAD^')
    expect(await answer(at, 0, 'status', '--batch')).toMatchObject({ next: 'autonomous-loop land --merge' })
    expect(await at.cli(['land', '--merge'])).toMatchObject({ code: 0 })
    expect(at.git('show', 'main:src/fix.txt')).toBe('fix')
  }, 180_000)
})

test('an agent may look, and nothing else', async () => {
  const at = await opened({ items: { '001-a.md': item() } })
  const asked = [
    ['stop'],
    ['retry', '--all'],
    ['drop', '001'],
    ['accept', '--all'],
    ['reject', '--all'],
    ['clean', '--apply'],
    ['batch', 'take'],
    ['run'],
    ['land', '--merge'],
  ]
  for (const args of sampleOf(asked, 4, 3)) {
    const ran = await at.cli(args, { AUTOLOOP_GATE: 'batch' })
    expect({ args, code: ran.code, answer: JSON.parse(ran.stdout) as object }).toMatchObject({
      args,
      code: 1,
      answer: { error_code: 'person-only' },
    })
  }
  expect(await at.cli(['run', '--dry-run'], { AUTOLOOP_GATE: 'batch' })).toMatchObject({ code: 0 })
}, 60_000)

if (long)
  test('which items are meant is said, once', async () => {
    const at = makeSite({ items: { '001-a.md': item() } })
    site = at
    for (const args of [['retry'], ['accept'], ['reject', '001', '--all'], ['drop'], ['clean', '--discard']])
      expect({ args, code: (await at.cli(args)).code }).toEqual({ args, code: 2 })
  }, 60_000)

if (long)
  describe('allow', () => {
    test('a config that was edited pauses the batch, until a person accepts it for the batch too', async () => {
      const at = await opened({
        items: {
          '001-a.md': item(),
          '002-b.md': item({ tasks: '## T1: It is there\n- pathChanged: src/**\n- commandRef: test\n' }),
        },
        script: { '001': writes('src/a2.txt'), '002': writes('src/b.txt') },
      })
      expect((await at.cli(['run', '001', '--json'])).code).toBe(4)
      const head = at.head()
      const file = path.join(at.repo, '.codex/autoloop.project.json')
      const config = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, object>
      const write = (commands: object, final: readonly string[]): void =>
        fs.writeFileSync(
          file,
          JSON.stringify({ ...config, commands, gateProfiles: { ...config['gateProfiles'], final } }),
        )

      write({ other: { argv: ['sh', 'check.sh'], network: 'none' } }, ['other'])
      expect((await at.cli(['run', '--json'])).code).toBe(6)
      expect(await answer(at, 6, 'status', '--batch', '--check')).toMatchObject({ code: 'config-changed' })
      expect(await answer(at, 1, 'allow', '--amend')).toMatchObject({ error_code: 'invalid-backlog' })

      const stricter = { argv: ['sh', '-c', 'sh check.sh && ls src'], network: 'none' }
      write({ ...config['commands'], stricter }, ['test', 'stricter'])
      expect(await answer(at, 0, 'allow')).toMatchObject({ open_batch: 'differs' })
      expect((await at.cli(['run', '--json'])).code).toBe(6)
      expect(await answer(at, 0, 'allow', '--amend')).toMatchObject({ open_batch: 'amended' })
      expect(await answer(at, 6, 'status', '--batch', '--check')).toMatchObject({
        code: 'not-running',
        head,
        items: [{ state: 'done' }, { state: 'ready' }],
      })
      const ran = await at.cli(['run', '--json'])
      expect(ran.code).toBe(0)
      expect(ran.events.find((one) => one.type === 'checked')?.data).toMatchObject({ what: 'head', red: [] })
      expect(await answer(at, 0, 'allow', '--amend')).toMatchObject({ open_batch: 'none' })
    }, 120_000)
  })
