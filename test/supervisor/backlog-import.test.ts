import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { type Site, makeSite } from './rig.ts'
import { closeScreens, screen } from './screens.ts'

let site: Site | undefined
afterEach(async () => {
  await closeScreens()
  site?.remove()
})

const LOOPDEX = `# Backlog

## Tasks

- [x] Task 1.1: Lay the ground
  - Size: Small
  - Files: src/a.txt
  - Description: It is there.
  - Completion criteria:
    - verify: sh check.sh
  - Depends: none
  - Fail count: 0

- [ ] Task 1.2: Add \u001b[2J../../a cart
  - Size: Small
  - Files: src/cart.txt
  - Description: Write it.
  - Completion criteria:
    - It holds something.
    - verify: \`grep -q cart src/cart.txt && test -s src/cart.txt\`
  - Depends: 1.1
  - Fail count: 0

- [!] Task 1.3: Add a till
  - Size: Medium
  - Files: src/till.txt
  - Description: Write it.
  - Completion criteria:
    - verify: sh check.sh
    - verify: grep -q till src/till.txt
  - Depends: 1.2
  - Fail count: 2

- [ ] Task 1.4: Think
  - Size: Small
  - Files:
  - Description: About it.
  - Completion criteria:
    - verify: true
  - Depends: none
  - Fail count: 0

- [ ] buy milk
`

test('backlog import: shown, then written, and the items run as they were worked through before', async () => {
  site = makeSite({ items: {}, files: { '.loop-agent/backlog.md': LOOPDEX } })
  const at = site
  const config = path.join(at.repo, '.codex/autoloop.project.json')
  const before = fs.readFileSync(config, 'utf8')
  const written = (): readonly string[] =>
    fs.existsSync(path.join(at.repo, '.codex/backlog'))
      ? fs.readdirSync(path.join(at.repo, '.codex/backlog'))
      : []
  const refused = async (
    args: readonly string[],
    code: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Record<string, unknown>> => {
    const ran = await at.cli(['backlog', 'import', ...args], env)
    expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 1, stderr: '' })
    const answer = JSON.parse(ran.stdout) as Record<string, unknown>
    expect(answer['error_code']).toBe(code)
    expect([written(), fs.readFileSync(config, 'utf8')]).toEqual([[], before])
    return answer
  }
  await refused(['.'], 'person-only', { CODEX_CI: '1' })
  await refused(['nowhere.md'], 'import-unreadable')
  await refused(['src'], 'import-format')
  await refused(['check.sh'], 'import-format')
  expect(await refused(['.'], 'not-confirmed')).toMatchObject({
    details: {
      items: [
        { id: '001', from: '1.2', name: '001-add-a-cart.md', after: [], scope: ['src/cart.txt'] },
        { id: '002', from: '1.3', after: ['001'], was_blocked: true },
      ],
      commands: [
        { argv: ['sh', '-c', 'grep -q cart src/cart.txt && test -s src/cart.txt'], shell: true },
        { argv: ['grep', '-q', 'till', 'src/till.txt'], shell: false },
      ],
      done: [{ key: '1.1' }],
      refused: [{ key: '1.4', line: 34 }],
      left: [{ line: 43, what: 'no task that can be read: - [ ] buy milk' }],
    },
  })

  const first = screen(at, ['backlog', 'import', '.'])
  await first.shows(/Write these 2 items, and the commands into the config\? \[y\/N\]/)
  expect(first.text()).toMatch(/a shell reads it/)
  expect(first.raw()).not.toContain('\u001b[2J')
  first.type('n\r')
  expect(await first.ended).toBe(1)
  expect([written(), fs.readFileSync(config, 'utf8')]).toEqual([[], before])

  const second = screen(at, ['backlog', 'import', '.loop-agent/backlog.md'])
  await second.shows(/Write these 2 items/)
  second.type('y\r')
  expect(await second.ended).toBe(0)
  expect(written()).toEqual(['001-add-a-cart.md', '002-add-a-till.md'])
  expect(fs.readFileSync(path.join(at.repo, '.codex/backlog/001-add-a-cart.md'), 'utf8')).not.toContain(
    '\u001b',
  )

  // The config is another one by now, and commands of a stranger wait for a person.
  expect((await at.cli(['run', '--json'])).stdout).toContain('config-unapproved')
  at.git('add', '-A')
  at.git('commit', '-qm', 'backlog')
  expect(await at.cli(['allow'])).toMatchObject({ code: 0 })
  expect(await at.cli(['backlog', 'lint', '--run'])).toMatchObject({ code: 0 })
  at.script({
    '001': [{ steps: [{ write: 'src/cart.txt', text: 'a cart\n' }] }],
    '002': [
      // Not yet what the command asks for.
      { steps: [{ write: 'src/till.txt', text: 'x\n' }] },
      { steps: [{ write: 'src/till.txt', text: 'a till\n' }] },
    ],
  })
  const ran = await at.cli(['run', '--json'])
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' })
  expect(at.starts().map((one) => `${one.item} ${one.turn}`)).toEqual(['001 1', '002 1', '002 2'])
  expect(at.show('src/till.txt')).toBe('a till\n')
  expect(at.starts()[0]?.prompt).toContain('It holds something.')
  // Numbers go on after those that are there.
  expect((await at.cli(['backlog', 'import', '.', '--yes', '--scope', 'src/**'])).stdout).toContain(
    '"003-add-a-cart.md"',
  )
}, 120_000)
