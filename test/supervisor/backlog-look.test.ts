import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { type Site, item, makeSite } from './rig.ts'

let site: Site | undefined
afterEach(() => site?.remove())

test('backlog list, show and graph know how the items stand in the open batch, and the files of the checkout beside it', async () => {
  site = makeSite({
    items: {
      '001-a.md': item({ title: 'First' }),
      '002-b.md': item({ title: 'Second', front: 'after: [001]\n' }),
      '003-c.md': item({
        title: 'Third',
        tasks:
          '## T1: It is there\n- pathChanged: src/**\n## T2: So is this, always\n- pathExists: src/a.txt\n',
      }),
    },
    script: {
      '001': [{ answer: { status: 'blocked', summary: 'which format?' } }],
      '003': [{ steps: [{ write: 'src/c.txt', text: 'c\n' }] }],
    },
  })
  const asked = async (...args: string[]): Promise<Record<string, unknown>> => {
    const ran = await (site as Site).cli(['backlog', ...args])
    expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' })
    return JSON.parse(ran.stdout) as Record<string, unknown>
  }
  await site.cli(['allow'])
  const linted = async (): Promise<number | null> =>
    (await (site as Site).cli(['backlog', 'lint', '--run'])).code
  expect(await linted()).toBe(1)
  expect((await site.cli(['run', '--json'])).code).toBe(5)
  // What is done may hold.
  expect(await linted()).toBe(0)
  site.write('.codex/backlog/002-b.md', item({ title: 'Second, edited', front: 'after: [001]\n' }))
  site.write('.codex/backlog/004-d.md', item({ title: 'Fourth', front: 'after: [003]\n' }))
  expect(await asked('list')).toMatchObject({
    items: [
      { id: '001', state: 'parked', code: 'blocked', standing: 'accepted' },
      { id: '002', state: 'waiting', standing: 'changed', waits_for: { kind: 'unaccepted' } },
      { id: '003', state: 'done', standing: 'accepted' },
      { id: '004', state: null, standing: 'new' },
    ],
  })
  expect(await asked('show', '1')).toMatchObject({
    state: 'parked',
    in_batch: { why: 'which format?', counted: 0 },
  })
  expect(await asked('graph')).toMatchObject({ order: ['004'], never: ['001', '002'] })
  // What comes into an open batch waits for it, and not for the next one.
  site.write(
    'b.md',
    '- [ ] Task 1: Fifth\n  - Files: src/e.txt\n  - Completion criteria: verify: sh check.sh\n',
  )
  expect(await asked('import', path.join(site.repo, 'b.md'), '--yes')).toMatchObject({
    commands: [],
    next: 'autonomous-loop accept --all',
  })
  const { stdout } = await site.cli(['backlog', 'graph', '--text'])
  expect(stdout).toMatch(/^Over:\n +003 +Third +done/)
}, 120_000)
