import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { type Installed, message, withInstalled } from '../rig/installed.ts'
import { long } from '../rig/long.ts'
import { projectRoot } from '../rig/root.ts'

const session = '0199aaaa-0000-7000-8000-000000000003'
const good = `objective: Write the greeting
limits: {maxStopIterations: 5}
tasks:
  - id: T1
    title: Write it
    evidence:
      - {kind: pathChanged, glob: src/**}
      - {kind: commandRef, name: test}
`
const bad = `objective: Write the greeting
tasks:
  - id: T1
    title: Write it
    evidence:
      - {kind: pathChanged, glob: ../src}
      - {kind: commandRef, name: nope}
`
const installed = (use: (lab: Installed) => Promise<void>) =>
  withInstalled({ script: () => () => [message('nobody asks me')], trust: false }, use)

test('a committed contract is found by its name, checked, shown and enabled', async () => {
  await installed(async (lab) => {
    lab.write('.codex/contracts/greet.yaml', good)
    lab.write('.codex/contracts/bad.yml', bad)
    expect(await lab.json(['contract', 'lint', 'greet'])).toMatchObject({
      ok: true,
      tasks: 1,
      config: 'checked',
    })
    expect((await lab.json(['contract', 'show', '--file', 'greet'])).contract).toMatchObject({
      objective: 'Write the greeting',
      limits: { maxStopIterations: 5 },
    })

    const answer = await lab.json(['contract', 'lint', 'bad'], 1)
    expect(answer).toMatchObject({ error_code: 'invalid-contract' })
    expect(
      answer.details.problems.map((one: { line: number; path: string }) => [one.line, one.path]),
    ).toEqual([
      [6, 'tasks[0].evidence[0].glob'],
      [7, 'tasks[0].evidence[1].name'],
    ])
    expect(answer.message).toContain('.codex/contracts/bad.yml:6  tasks[0]')
    const refused = await lab.json(['request', 'enable', '--contract', 'bad', '--session-id', session], 1)
    expect(refused).toMatchObject({ error_code: 'invalid-contract' })

    const armed = await lab.json(['request', 'enable', '--contract', 'greet', '--session-id', session])
    expect(armed).toMatchObject({ state: 'active', tasks: ['T1'] })
    expect(await lab.json(['contract', 'show'])).toMatchObject({
      run_id: armed.run_id,
      contract: {
        objective: 'Write the greeting',
        limits: { maxStopIterations: 5 },
        tasks: [
          {
            evidence: [
              { kind: 'pathChanged', glob: 'src/**' },
              { kind: 'commandRef', name: 'test' },
            ],
          },
        ],
      },
    })
  })
})

if (long)
  test('evidence that protects nothing is said at lint, at enable and in status, and holds nobody', async () => {
    await installed(async (lab) => {
      lab.write(
        'keep.yaml',
        `objective: Keep things
tasks:
  - id: T1
    title: Keep
    evidence:
      - {kind: pathUnchanged, path: package.json}
      - {kind: pathUnchanged, glob: lib/**}
`,
      )
      const nothing = [{ task_id: 'T1', index: 1, evidence: 'pathUnchanged lib/**' }]
      const words = 'nothing matches pathUnchanged lib/** (T1), so it protects nothing'
      expect(await lab.json(['contract', 'lint', './keep.yaml'])).toMatchObject({
        ok: true,
        problems: [],
        protects_nothing: nothing,
      })
      expect((await lab.cli(['contract', 'lint', './keep.yaml', '--text'])).stdout).toContain(words)
      const enable = ['request', 'enable', '--session-id', session]
      expect(await lab.json([...enable, '--contract', './keep.yaml'])).toMatchObject({
        state: 'active',
        protects_nothing: nothing,
      })
      // What is made later was not there at the start.
      lab.write('lib/a.js', '')
      const task = {
        id: 'T2',
        title: 't',
        evidence: [
          { kind: 'pathAbsent', path: 'lib/a.js' },
          { kind: 'pathAbsent', path: 'package.json' },
        ],
      }
      const { stdout } = await lab.cli([
        ...enable,
        '--objective',
        'x',
        '--task-json',
        JSON.stringify(task),
        '--text',
      ])
      const both =
        'nothing matched pathUnchanged lib/** (T1), pathAbsent lib/a.js (T2), so they protect nothing'
      expect(stdout.replace(/\s+/g, ' ')).toContain(both)
      const [run] = (await lab.json(['status'])).sessions
      expect(run.protects_nothing).toEqual([
        ...nothing,
        { task_id: 'T2', index: 0, evidence: 'pathAbsent lib/a.js' },
      ])
      expect((await lab.cli(['status', '--text'])).stdout.replace(/\s+/g, ' ')).toContain(both)
      lab.write('elsewhere/keep.yaml', fs.readFileSync(path.join(lab.repo, 'keep.yaml'), 'utf8'))
      fs.cpSync(path.join(lab.repo, 'elsewhere'), path.join(lab.home, '../nowhere'), { recursive: true })
      const bare = ['contract', 'lint', './keep.yaml', '--cwd', path.join(lab.home, '../nowhere')]
      expect(await lab.json(bare)).not.toHaveProperty('protects_nothing')
    })
  })

if (long)
  test('contract show --pins: what is frozen and for which command, with and without a run', async () => {
    await installed(async (lab) => {
      interface Seen {
        run_id: string | null
        pins: { name: string; value: string | null; commands: string[] }[]
        changes: string[]
      }
      const show = async (): Promise<Seen> => (await lab.json(['contract', 'show', '--pins'])) as Seen
      const named = ({ pins }: Seen, name: string) => pins.find((pin) => pin.name === name)
      const before = await show()
      expect([before.run_id, before.changes]).toEqual([null, []])
      expect(named(before, 'package.json scripts.test')).toMatchObject({
        value: '`node test/check.js`',
        commands: ['test'],
      })
      expect(before.pins.some((pin) => pin.value === null)).toBe(true)

      const armed = await lab.json(['enable', '--objective', 'x', '--session-id', session])
      const frozen = await show()
      expect([frozen.run_id, frozen.pins]).toEqual([armed.run_id, before.pins])
      const manifest = JSON.parse(lab.git('show', 'HEAD:package.json')) as object
      lab.write('package.json', JSON.stringify({ ...manifest, scripts: { test: 'true' } }))
      const after = await show()
      expect(after.pins.map((pin) => pin.name)).toEqual(before.pins.map((pin) => pin.name))
      expect(after.changes).toEqual([
        expect.stringMatching(/scripts\.test: was `node test\/check\.js`, now `true`/),
      ])
      const { stdout } = await lab.cli(['contract', 'show', '--pins', '--text'])
      expect(stdout).toMatch(
        /^\d+ pins frozen by run [0-9a-f]{12}\n[^]*\nfor test\n[^]*must stay absent:\n[^]*Differs by now:\n/,
      )
      expect(stdout.split('\n').filter((line) => line.length > 80 && !line.includes('was `'))).toEqual([])
      expect((await lab.cli(['contract', 'show', '--pins', '--file', 'x'])).code).toBe(2)
    })
  })

test('an agent gets no weaker contract out of a file', async () => {
  await installed(async (lab) => {
    lab.write('loose.yaml', good.replace('5}', '500}'))
    const marks = { CODEX_CI: '1', CODEX_SESSION_ID: session }
    const refused = await lab.json(['request', 'enable', '--contract', './loose.yaml'], 1, marks)
    expect(refused).toMatchObject({
      error_code: 'invalid-contract',
      message: expect.stringMatching(/only a person/),
    })
    expect(
      await lab.json(['request', 'enable', '--contract', './loose.yaml', '--session-id', session]),
    ).toMatchObject({
      state: 'active',
    })
  })
})

if (long)
  test('files that are none are named, and nothing hangs on them', async () => {
    await installed(async (lab) => {
      lab.write('.codex/contracts/two.yaml', good)
      lab.write('.codex/contracts/two.md', '# x\n')
      lab.write('c.toml', '')
      fs.symlinkSync('/etc/passwd', path.join(lab.repo, '.codex/contracts/link.yaml'))
      const fifo = path.join(lab.repo, 'fifo.yaml')
      const { execFileSync } = await import('node:child_process')
      execFileSync('mkfifo', [fifo])
      for (const [named, code] of [
        ['none', 'contract-missing'],
        ['./none.yaml', 'contract-missing'],
        ['two', 'contract-ambiguous'],
        ['c.toml', 'contract-unknown-format'],
        ['link', 'contract-unreadable'],
        ['fifo.yaml', 'contract-unreadable'],
        ['src.yaml/', 'contract-missing'],
      ])
        expect([named, (await lab.json(['contract', 'lint', named ?? ''], 1)).error_code]).toEqual([
          named,
          code,
        ])
      // What the failure advises works, from any directory.
      const two = await lab.json(['contract', 'lint', 'two'], 1)
      expect(two.remediation).toBe('name one with its ending: two.md or two.yaml')
      expect(await lab.json(['contract', 'lint', 'two.yaml', '--cwd', 'test'])).toMatchObject({
        ok: true,
        tasks: 1,
      })
      const both = await lab.cli(['request', 'enable', '--contract', 'two', '--objective', 'x'])
      expect([both.code, both.stdout]).toEqual([2, expect.stringMatching(/cannot be given together/)])
    })
  })

test('no hook carries the parser of contract files', () => {
  for (const file of ['hook.cjs', 'hook.main.cjs', 'hook.judge.cjs'])
    expect(fs.readFileSync(path.join(projectRoot, 'dist', file), 'latin1')).not.toMatch(
      /YAMLParseError|maxAliasCount/,
    )
})
