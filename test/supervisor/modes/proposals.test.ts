import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { long } from '../../rig/long.ts'
import { namesIn } from '../../../src/base/names-in.ts'
import { type ScriptedTurn, type Site, item, makeSite } from '../rig.ts'
import { recordOf } from '../kill/batch.ts'
import { answer, states } from '../asked.ts'

let site: Site
afterEach(() => {
  // What is still at work would keep the tests from ending.
  fs.writeFileSync(site.at('go'), '')
  site.remove()
})

const proposes = (proposal: object, summary = 'see'): ScriptedTurn => ({
  at: '1.1',
  answer: { status: 'proposal', summary, proposal },
})
const writes = (file: string, at?: string): ScriptedTurn => ({
  ...(at === undefined ? {} : { at }),
  steps: [{ write: file, text: `${file}\n` }],
})
const backlog = (...names: readonly string[]): string => path.join(site.repo, '.codex/backlog', ...names)

if (long)
  test('what agents propose is a file that a person reads; yes changes the backlog and the open batch, no goes on without it', async () => {
    site = makeSite({
      items: {
        '001-widen.md': item({ tasks: '', front: '# why\npriority: 1\n' }),
        '002-split.md': item({ title: 'Too much', front: 'limits: {turns: 7}\n' }),
        '003-waits.json': JSON.stringify({
          objective: 'Comes after it',
          scope: ['src/**'],
          after: ['002'],
        }),
        '004-needs.md': item(),
      },
      script: {
        '001': [
          proposes(
            { kind: 'widen-scope', scope: ['docs/**', '.github/workflows/ci.yml'] },
            'docs \u001b[2Jtoo',
          ),
          writes('docs/a.md', '2.1'),
        ],
        '002': [
          proposes({
            kind: 'split',
            items: [
              {
                title: 'One: half',
                text: '## T1: There\n- pathChanged: src/one.txt\n',
                scope: ['src/one.txt'],
              },
              { title: 'Other half', text: 'The rest.', scope: ['src/other.txt'] },
            ],
          }),
        ],
        '004': [
          proposes({ kind: 'add-dependency', item: { title: 'First this', text: '', scope: ['lib/**'] } }),
          writes('src/needs.txt', '2.1'),
        ],
      },
    })
    expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
    expect((await site.cli(['run', '--json'])).code).toBe(5)
    expect(await answer(site, 5, 'status', '--batch', '--check')).toMatchObject({
      next: 'autonomous-loop accept 001',
      items: [
        { code: 'proposal', proposal: { attempt: 1, kind: 'widen-scope' } },
        { proposal: { kind: 'split' } },
        { state: 'waiting', proposal: null },
        { proposal: { kind: 'add-dependency' } },
      ],
    })
    const [repo = ''] = fs.readdirSync(path.join(site.home, 'batches'))
    const { batch } = recordOf(site).state.opened
    const kept = path.join(site.home, 'batches', repo, batch, 'proposals')
    expect(namesIn(kept).toSorted()).toEqual(['001-1.json', '002-1.json', '004-1.json'])
    expect(JSON.parse(fs.readFileSync(path.join(kept, '001-1.json'), 'utf8'))).toMatchObject({
      item: '001',
      proposal: { kind: 'widen-scope' },
    })

    // Nothing is written without a word, and never over an edit of the person's.
    const before = fs.readFileSync(backlog('001-widen.md'), 'utf8')
    expect(await answer(site, 1, 'accept', '001')).toMatchObject({ error_code: 'not-confirmed' })
    expect(await answer(site, 1, 'accept', '001', '002', '--yes')).toMatchObject({ error_code: 'no-item' })
    const asked = site.terminal(['accept', '001'])
    await asked.shows(/OPENS \.github\/workflows\/ci\.yml: it is run with the rights of the project/)
    await asked.shows(/Change the backlog so, and go on with it\? \[y\/N\]/)
    asked.type('n\r')
    expect(await asked.ended).toBe(1)
    expect(asked.raw()).not.toContain('\u001b[2J')
    expect(fs.readFileSync(backlog('001-widen.md'), 'utf8')).toBe(before)
    // A person's editor was quicker than the yes.
    const late = site.terminal(['accept', '001'])
    await late.shows(/Change the backlog so, and go on with it\? \[y\/N\]/)
    fs.appendFileSync(backlog('001-widen.md'), 'mine\n')
    late.type('y\r')
    expect(await late.ended).toBe(1)
    expect(late.raw()).toContain('was changed meanwhile, and nothing was written')
    expect(fs.readFileSync(backlog('001-widen.md'), 'utf8')).toBe(`${before}mine\n`)
    fs.writeFileSync(backlog('001-widen.md'), before)
    // What it may change stands below the agent's text, beside the question.
    const split = site.terminal(['accept', '002'])
    await split.shows(/go on with it\? \[y\/N\]/)
    split.type('n\r')
    expect(await split.ended).toBe(1)
    expect(split.text()).toMatch(/\| # One: half[^]*\| The rest\.[^]*005-one-half\.md\s+scope src\/one\.txt/)
    fs.appendFileSync(backlog('003-waits.json'), '\n')
    expect(await answer(site, 1, 'accept', '002', '--yes')).toMatchObject({ error_code: 'proposal-stale' })
    fs.writeFileSync(
      backlog('003-waits.json'),
      fs.readFileSync(backlog('003-waits.json'), 'utf8').replace(/\n$/, ''),
    )

    expect(await answer(site, 0, 'accept', '001', '--yes')).toMatchObject({
      proposal: 'widen-scope',
      items: [{ id: '001', wider: ['docs/**', '.github/workflows/ci.yml'] }],
      running: false,
    })
    const widened = before.replace('scope: [src/**]', 'scope: [src/**, docs/**, .github/workflows/ci.yml]')
    expect(fs.readFileSync(backlog('001-widen.md'), 'utf8')).toBe(widened)
    expect(await answer(site, 0, 'accept', '002', '--yes')).toMatchObject({
      items: [
        { id: '003', change: 'changed', after: ['005', '006'], wider: [] },
        { id: '005', change: 'new', scope: ['src/one.txt'] },
        { id: '006', change: 'new' },
      ],
      removed: ['.codex/backlog/002-split.md'],
    })
    expect(fs.existsSync(backlog('002-split.md'))).toBe(false)
    expect(fs.readFileSync(backlog('005-one-half.md'), 'utf8')).toBe(
      '---\nscope: ["src/one.txt"]\nlimits: {"turns":7}\n---\n# One: half\n\n## T1: There\n- pathChanged: src/one.txt\n',
    )
    expect(await answer(site, 0, 'reject', '004')).toMatchObject({ item: '004', attempt: 1 })
    expect(await states(site)).toEqual({
      '001': 'ready',
      '002': 'dropped',
      '003': 'waiting',
      '004': 'ready',
      '005': 'ready',
      '006': 'ready',
    })
    expect(await answer(site, 1, 'reject', '004')).toMatchObject({ error_code: 'no-item' })

    site.script({
      '001': [writes('docs/a.md')],
      '003': [writes('src/waits.txt')],
      '004': [writes('src/needs.txt')],
      '005': [writes('src/one.txt')],
      '006': [writes('src/other.txt')],
    })
    const ran = await site.cli(['run', '--json'])
    expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' })
    expect(site.show('docs/a.md')).toBe('docs/a.md\n')
    const second = site.starts().find((one) => one.item === '004' && one.attempt === 2)
    expect(second?.prompt).toContain('A person refused what attempt 1 proposed (another item before it)')
    expect(site.starts().find((one) => one.item === '001' && one.attempt === 2)?.prompt).toContain(
      '- docs/**',
    )
    // Nobody needs to be asked again about what was written.
    expect(await answer(site, 0, 'status', '--batch')).toMatchObject({ new_items: [], state: 'completed' })
    expect(site.git('status', '--porcelain', '-uall').split('\n').filter(Boolean).toSorted()).toEqual([
      ' D .codex/backlog/002-split.md',
      ' M .codex/backlog/001-widen.md',
      ' M .codex/backlog/003-waits.json',
      '?? .codex/backlog/005-one-half.md',
      '?? .codex/backlog/006-other-half.md',
    ])
  }, 180_000)

test('while the batch runs, a yes is taken up at once; what lint refuses, and a backlog that is a link, are left alone', async () => {
  site = makeSite({
    items: { '001-a.md': item(), '002-b.md': item(), '003-c.md': item() },
    script: {
      '001': [proposes({ kind: 'widen-scope', scope: ['**'] })],
      '002': [
        proposes({ kind: 'add-dependency', item: { title: 'First', text: '', scope: ['lib/**'] } }),
        writes('src/b.txt', '2.1'),
      ],
      '004': [writes('lib/first.txt')],
    },
  })
  site.script({
    ...(JSON.parse(fs.readFileSync(site.at('script.json'), 'utf8')) as object),
    '003': [
      {
        steps: [
          { sh: `until [ -e '${site.at('go')}' ]; do sleep 0.02; done` },
          { write: 'src/c.txt', text: 'c' },
        ],
      },
    ],
  })
  expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
  const running = site.start(['run', '--json'])
  await running.event((one) => one.type === 'turn-begun' && one.data.item === '003')
  expect(await answer(site, 1, 'accept', '001', '--yes')).toMatchObject({ error_code: 'invalid-backlog' })
  expect(namesIn(backlog())).toHaveLength(3)
  fs.renameSync(backlog(), site.at('elsewhere'))
  fs.symlinkSync(site.at('elsewhere'), backlog())
  expect((await site.cli(['accept', '002', '--yes'])).code).toBe(1)
  expect(namesIn(site.at('elsewhere'))).toHaveLength(3)
  fs.unlinkSync(backlog())
  fs.renameSync(site.at('elsewhere'), backlog())
  expect(await answer(site, 0, 'accept', '002', '--yes')).toMatchObject({ running: true })
  await running.event((one) => one.type === 'proposal-settled')
  fs.writeFileSync(site.at('go'), '')
  const ran = await running.done
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 5, stderr: '' })
  expect(await states(site)).toEqual({
    '001': 'parked: proposal',
    '002': 'done',
    '003': 'done',
    '004': 'done',
  })
  expect(recordOf(site).state.items.get('002')).toMatchObject({ attempts: 2 })
}, 120_000)
