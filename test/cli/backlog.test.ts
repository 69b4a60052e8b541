import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { type Installed, message, withInstalled } from '../rig/installed.ts'
import { long } from '../rig/long.ts'

const configPath = '.codex/autoloop.project.json'
const installed = (use: (lab: Installed) => Promise<void>) =>
  withInstalled({ script: () => () => [message('nobody asks me')], trust: false }, use)

function supervised(lab: Installed, more: object = {}): void {
  lab.write(
    configPath,
    JSON.stringify({
      version: 2,
      commands: { t: ['true'], lint: ['true'] },
      gateProfiles: { final: ['t'] },
      supervisor: {
        agents: {
          codex: { adapter: 'codex', model: 'gpt-6-sol' },
          mine: { adapter: 'command', argv: ['./agent.sh', '{prompt_file}'], secrets: ['MY_KEY'] },
          free: { adapter: 'command', argv: ['./free.sh'], sandbox: 'off' },
        },
        roles: { work: ['mine'] },
        on: { parked: { argv: ['notify-send', 'parked'] } },
        ...more,
      },
    }),
  )
}

const cart = `---
scope: [src/cart/**]
---
# Add a cart
## T1: It holds items
- pathChanged: src/cart/**
- commandRef: t
`

if (long)
  test('backlog lint: everything at once, with files and lines; an empty backlog is an error', async () => {
    await installed(async (lab) => {
      supervised(lab)
      expect(await lab.json(['backlog', 'lint'], 1)).toMatchObject({
        error_code: 'invalid-backlog',
        details: { problems: [{ file: '.codex/backlog', found: 'no item' }] },
      })
      lab.write('.codex/backlog/001-cart.md', cart)
      lab.write('.codex/backlog/002-pay.yaml', 'objective: Pay\nafter: [001, 003]\nscope: ["**"]\n')
      const answer = await lab.json(['backlog', 'lint'], 1)
      expect(answer.details.problems).toMatchObject([
        {
          file: '.codex/backlog/002-pay.yaml',
          line: 2,
          path: 'after[1]',
          found: '"003"',
          allowed: 'another item: 001, 002',
        },
        { file: '.codex/backlog/002-pay.yaml', line: 3, path: 'scope[0]', found: '"**"', example: 'src/**' },
      ])
      expect(answer.message).toContain('.codex/backlog/002-pay.yaml:3  scope[0]: found "**"; allowed: ')

      lab.write('.codex/backlog/002-pay.yaml', 'objective: Pay\nafter: [001]\nscope: [src/pay/**]\n')
      expect(await lab.json(['backlog', 'lint', '--repo', lab.repo])).toMatchObject({
        ok: true,
        items: [
          { id: '001', title: 'Add a cart', scope: ['src/cart/**'] },
          { id: '002', title: 'Pay', after: ['001'] },
        ],
      })
      const { stdout } = await lab.cli(['backlog', 'lint', '--text'])
      expect(stdout).toMatch(/2 items\n +001 +Add a cart\n +002 +Pay +after 001\n/)

      supervised(lab, { jobs: 0 })
      expect(await lab.json(['backlog', 'lint'], 1)).toMatchObject({ error_code: 'invalid-config' })
    })
  })

test('allow shows agents and items with their rights and proof, and accepts exactly what it showed', async () => {
  await installed(async (lab) => {
    supervised(lab)
    lab.write('.codex/backlog/001-cart.md', cart)
    lab.write(
      '.codex/backlog/002-pay.yaml',
      'objective: Pay\nafter: [001]\nscope: [src/pay/**]\ngateProfile: fast\n',
    )
    const accepted = path.join(lab.home, 'approved-items')

    const dry = await lab.json(['allow', '--dry-run'])
    expect(dry).toMatchObject({
      approved: false,
      supervisor: { agents: { mine: { sandbox: 'on', network: 'full' } }, roles: { work: ['mine'] } },
      backlog: {
        accepted: false,
        items: [
          { id: '001', standing: 'new', proof: ['pathChanged src/cart/**', 'commandRef t'], gates: ['t'] },
          { id: '002', standing: 'new', proof: ['anything in the scope changed'] },
        ],
      },
    })
    expect(fs.existsSync(accepted)).toBe(false)
    const { stdout } = await lab.cli(['allow', '--dry-run', '--text'])
    expect(stdout).toMatch(
      / agent +codex +codex, model gpt-6-sol +in Codex's own sandbox, network of commands: none\n/,
    )
    expect(stdout).toMatch(
      / agent +mine +\.\/agent\.sh '\{prompt_file\}' +sandboxed, network: full, with the servers of this machine, gets MY_KEY\n/,
    )
    expect(stdout).toMatch(/ agent +free +\.\/free\.sh +NOT sandboxed, with the servers/)
    expect(stdout).toMatch(/ role +work +mine\n/)
    expect(stdout).toMatch(/ on\.parked +notify-send parked +sandboxed/)
    expect(stdout).toContain('Backlog, not accepted yet: 2 items, 2 of them new or changed\n')
    expect(stdout).toContain('    001 Add a cart (new)\n')
    expect(stdout).toMatch(
      / scope +src\/cart\/\*\*\n +proof +pathChanged src\/cart\/\*\*; commandRef t; gates t\n/,
    )

    for (const mark of ['CODEX_CI', 'AUTONOMOUS_LOOP_ATTEMPT'])
      expect(await lab.json(['allow'], 1, { [mark]: '1' })).toMatchObject({ error_code: 'person-only' })
    expect(fs.existsSync(accepted)).toBe(false)

    const allowed = await lab.json(['allow'])
    expect(allowed).toMatchObject({ approved: true, backlog: { accepted: true } })
    expect(fs.readdirSync(accepted)).toHaveLength(2)
    lab.write('.codex/backlog/001-cart.md', cart.replace('items', 'goods'))
    expect(await lab.json(['allow', '--dry-run'])).toMatchObject({
      backlog: { accepted: false, items: [{ standing: 'changed' }, { standing: 'accepted' }] },
    })

    // With problems nothing of it is accepted; the config is another matter.
    lab.write('.codex/backlog/003-x.md', '# no scope\n')
    const broken = await lab.json(['allow'])
    expect(broken).toMatchObject({
      approved: true,
      backlog: { accepted: false, problems: [{ path: 'scope' }] },
    })
    expect(fs.readdirSync(accepted)).toHaveLength(2)
    const { stdout: said } = await lab.cli(['allow', '--text'])
    expect(said).toContain(
      'Backlog: none of its items is accepted, it has 1 problem: autonomous-loop backlog lint',
    )
    fs.rmSync(path.join(lab.repo, '.codex/backlog/003-x.md'))
    expect(await lab.json(['allow'])).toMatchObject({ backlog: { accepted: true } })
    expect(await lab.json(['allow', '--dry-run'])).toMatchObject({
      backlog: { items: [{ standing: 'accepted' }, { standing: 'accepted' }] },
    })
  })
})

if (long)
  test('backlog list, show and graph: what is there, what a person said of it, what comes when', async () => {
    await installed(async (lab) => {
      supervised(lab)
      for (const words of [['list'], ['show', '1'], ['graph']])
        expect(await lab.json(['backlog', ...words], 1)).toMatchObject({ error_code: 'invalid-backlog' })
      lab.write('.codex/backlog/001-cart.md', cart)
      lab.write(
        '.codex/backlog/002-pay.yaml',
        'objective: Pay "now" \\ later\nafter: [1]\nscope: [src/pay/**]\n',
      )
      lab.write(
        '.codex/backlog/003-db.md',
        '---\nscope: [db/**]\npriority: 1\nexclusive: [db]\nlimits: {attempts: 2}\nallowVacuous: true\n---\n# Move \u001b[31mthe tables\n',
      )
      await lab.json(['allow'])
      lab.write(
        '.codex/backlog/003-db.md',
        '---\nscope: [db/**]\npriority: 1\nexclusive: [db]\n---\n# Move it\n',
      )
      lab.write('.codex/backlog/004-new.md', '---\nscope: [n/**]\n---\n# New\n')

      const list = await lab.json(['backlog', 'list'])
      expect(list).toMatchObject({
        batch: null,
        problems: [],
        items: [
          { id: '001', standing: 'accepted', state: null },
          { id: '002', standing: 'accepted', after: ['001'] },
          { id: '003', standing: 'changed', priority: 1 },
          { id: '004', standing: 'new' },
        ],
      })
      const listed = (await lab.cli(['backlog', 'list', '--text'])).stdout
      expect(listed).toMatch(/^4 items, and no batch is open\n +001 +Add a cart +accepted\n/)
      expect(listed).toMatch(/ 002 +Pay "now" \\ later +accepted +after 001\n +003 +Move it +changed\n/)

      expect(await lab.json(['backlog', 'show', '2'])).toMatchObject({
        id: '002',
        file: '.codex/backlog/002-pay.yaml',
        tasks: [],
        proof: ['anything in the scope changed'],
        gates: ['t'],
      })
      expect(await lab.json(['backlog', 'show', '001'])).toMatchObject({
        waited_for_by: ['002'],
        tasks: [{ id: 'T1', evidence: [{ kind: 'pathChanged' }, { kind: 'commandRef', name: 't' }] }],
        in_batch: null,
      })
      const shown = (await lab.cli(['backlog', 'show', '1', '--text'])).stdout
      expect(shown).toMatch(/^001 Add a cart\n +file +\.codex\/backlog\/001-cart\.md\n +accepted +as it is\n/)
      expect(shown).toMatch(
        /Proof:\n +T1 It holds items\n +- pathChanged src\/cart\/\*\*\n +- commandRef t\n/,
      )
      expect(await lab.json(['backlog', 'show', '9'], 1)).toMatchObject({ error_code: 'no-item' })

      expect(await lab.json(['backlog', 'graph'])).toMatchObject({
        order: ['003', '001', '002', '004'],
        never: [],
        items: [{ id: '001', waiters: 1 }, { after: ['001'] }, { exclusive: ['db'] }, {}],
      })
      expect((await lab.cli(['backlog', 'graph', '--dot'])).stdout).toContain(
        '"002" [label="002 Pay \\"now\\" \\\\ later"];\n',
      )
      lab.write('.codex/backlog/004-new.md', '---\nscope: [n/**]\nafter: [5]\n---\n# New\n')
      lab.write('.codex/backlog/005-more.md', '---\nscope: [n/**]\nafter: [4]\n---\n# More\n')
      expect(await lab.json(['backlog', 'graph'])).toMatchObject({ never: ['004', '005'] })
      const graph = (await lab.cli(['backlog', 'graph', '--text'])).stdout
      expect(graph).toMatch(/These never start as it is now:\n +004 +New +after 005; 1 item waits for it\n/)
      expect(graph).toContain('in the backlog: autonomous-loop backlog lint\n')
    })
  })
