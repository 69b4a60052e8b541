import fs from 'node:fs'
import { afterEach, expect, test } from '@jest/globals'
import { type Site, item, makeSite } from './rig.ts'

let site: Site | undefined
afterEach(() => site?.remove())

test('backlog lint --run: what proves an item has to fail on HEAD, unless it guards something or the item allows it', async () => {
  site = makeSite({
    files: { 'README.md': '# Shop\n', 'more.sh': 'test -e src/cart.txt\n' },
    config: {
      commands: {
        test: { argv: ['sh', 'check.sh'], network: 'none' },
        cart: { argv: ['sh', 'more.sh'], network: 'none', evidence: true },
        green: { argv: ['true'], network: 'none', evidence: true },
      },
    },
    items: {
      // A check that fails, beside a guard that passes.
      '001-cart.md': item({
        tasks: '## T1: It holds\n- commandRef: cart\n## T2: Nothing broke\n- commandRef: test\n',
      }),
      // Only a change, which anything would be.
      '002-any.md': item(),
      '003-readme.md': item({
        tasks:
          '## T1: A document\n- pathChanged: src/**\n- pathExists: README.md\n## T2: More\n- pathChanged: src/a.txt\n',
      }),
    },
  })
  const at = site
  const asked = async (code: number): Promise<Record<string, unknown>> => {
    const ran = await at.cli(['backlog', 'lint', '--run'])
    expect({ code: ran.code, said: code === ran.code ? '' : ran.stdout, stderr: ran.stderr }).toEqual({
      code,
      said: '',
      stderr: '',
    })
    return JSON.parse(ran.stdout) as Record<string, unknown>
  }
  // Nobody approved the commands yet.
  expect(await asked(1)).toMatchObject({ error_code: 'config-unapproved' })
  expect(await at.cli(['allow'])).toMatchObject({ code: 0 })
  const before = at.git('status', '--porcelain')
  expect(await asked(0)).toMatchObject({
    at_base: {
      commit: at.git('rev-parse', 'HEAD').trim(),
      red: ['cart'],
      held: [
        { item: '001', task: 'T2', evidence: { kind: 'commandRef', name: 'test' } },
        { item: '003', task: 'T1', index: 1, evidence: { kind: 'pathExists', path: 'README.md' } },
      ],
      met: [],
      without_failing_check: ['002', '003'],
    },
  })

  at.write('.codex/backlog/004-vacuous.md', item({ tasks: '## T1: A document\n- pathExists: README.md\n' }))
  at.write(
    '.codex/backlog/005-said.md',
    item({ front: 'allowVacuous: true\n', tasks: '## T1: A document\n- pathExists: README.md\n' }),
  )
  // A gate that is none of the final profile's asks for nothing, if it passes.
  at.write(
    '.codex/backlog/006-green.md',
    item({ tasks: '## T1: Green\n- commandRef: green\n## T2: Work\n- pathChanged: src/a.txt\n' }),
  )
  // Guards alone: nothing is left to do at all.
  at.write('.codex/backlog/007-guards.md', item({ tasks: '## T1: Nothing broke\n- commandRef: test\n' }))
  const refused = await asked(1)
  expect(refused).toMatchObject({
    error_code: 'invalid-backlog',
    details: {
      problems: [
        { file: '.codex/backlog/004-vacuous.md', path: 'tasks[0]', line: 7 },
        { file: '.codex/backlog/006-green.md', path: 'tasks[0]' },
        { file: '.codex/backlog/007-guards.md', path: 'tasks[0]' },
      ],
    },
  })
  expect(String(refused['message'])).toContain('found pathExists README.md, which holds on ')

  // Without a trace in the checkout, and none of a batch.
  for (const one of ['004-vacuous', '005-said', '006-green', '007-guards'])
    fs.rmSync(`${at.repo}/.codex/backlog/${one}.md`)
  expect(at.git('status', '--porcelain')).toBe(before)
  const [repo = ''] = fs.readdirSync(`${at.home}/batches`)
  expect(fs.readdirSync(`${at.home}/batches/${repo}`).filter((one) => /^\d/.test(one))).toEqual([])
  const { stdout } = await at.cli(['backlog', 'lint', '--run', '--text'])
  expect(stdout).toMatch(
    /before anybody works, these fail: cart, and this holds already:\n +001 +T2 +commandRef test\n/,
  )
  expect(stdout).toContain('2 items have no check that fails today: 002, 003 (any change')
}, 120_000)
