import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { type Answer, type Installed, greetingTask, message, withInstalled } from '../rig/installed.ts'
import { long } from '../rig/long.ts'

const session = '0199aaaa-0000-7000-8000-00000000000a'
const installed = (use: (lab: Installed) => Promise<void>) =>
  withInstalled({ script: () => () => [message('nobody asks me')], trust: false }, use)
const enable = [
  'request',
  'enable',
  '--objective',
  'Write it',
  '--session-id',
  session,
  '--task-json',
  greetingTask,
]
const configPath = '.codex/autoloop.project.json'

describe('allow', () => {
  test('shows every argv with its rights, approves exactly that, and an open run keeps its own until amended', async () => {
    await installed(async (lab) => {
      await lab.json(enable)
      lab.write(
        configPath,
        JSON.stringify({
          commands: { t: ['true'], net: { argv: ['npm', 'test'], network: true, writable: ['~/.cache/x'] } },
          gateProfiles: { default: ['t', 'net'], final: ['t', 'net'] },
        }),
      )
      const refused = [...enable.slice(0, 4), '--session-id', session.replace(/a$/, 'b')]
      expect(await lab.json(refused, 1)).toMatchObject({
        error_code: 'config-unapproved',
        remediation: `autonomous-loop allow --repo ${lab.repo}`,
      })
      expect(await lab.json(['allow', '--dry-run'])).toMatchObject({ approved: false })
      expect(await lab.json(refused, 1)).toMatchObject({ error_code: 'config-unapproved' })

      const allowed = await lab.json(['allow', '--repo', lab.repo])
      expect(allowed).toMatchObject({
        approved: true,
        already_approved: false,
        commands: [
          { name: 't', argv: ['true'], sandboxed: true, network: false },
          { name: 'net', argv: ['npm', 'test'], sandboxed: true, network: true, writable: ['~/.cache/x'] },
        ],
        open_runs: [{ session_id: session, amended: false }],
      })
      expect(await lab.json(refused)).toMatchObject({ state: 'active' })
      expect((await lab.json(['check', '--session-id', session], 1)).definition_changes).not.toEqual([])

      const amended = await lab.json(['allow', '--amend'])
      expect(amended).toMatchObject({
        already_approved: true,
        open_runs: [{ session_id: session, amended: true }],
      })
      const after = await lab.json(['check', '--session-id', session], 1)
      expect(after.definition_changes).toEqual([])
    })
  })

  if (long)
    test('shows what the clean room gets, and what differs from the content that was approved before', async () => {
      await installed(async (lab) => {
        const write = (network: string, more: object) =>
          lab.write(
            configPath,
            JSON.stringify({
              version: 2,
              commands: { t: ['true'], e2e: { argv: ['true'], verify: 'in-place' } },
              policy: { verify: 'clean-room' },
              prepare: [{ argv: ['npm', 'ci'], network, env: { A: 'b' }, secrets: ['NPM_TOKEN'] }],
              ...more,
            }),
          )
        write('none', {})
        const { stdout: sealed } = await lab.cli(['allow', '--text'])
        expect(sealed).toContain('Gates are verified in the clean room; in place: e2e')
        expect(sealed).toMatch(/ prepare +npm ci +in the box, network: none, sets A, gets NPM_TOKEN\n/)

        write('full', { copy: ['.env.test'] })
        const { stdout: open } = await lab.cli(['allow', '--dry-run', '--text'])
        expect(open).toContain('network: full, with the servers of this machine')
        expect(open).toMatch(/ copy +\.env\.test /)
        expect(open).toContain('approved before:\n')
        expect(open).toContain('    prepare[0].network: was "none", now "full"\n')
        expect(open).toContain('    copy: was nothing, now [".env.test"]\n')
        expect(await lab.json(['allow'])).toMatchObject({
          commands: [{ verify: 'clean-room' }, { verify: 'in-place' }],
          prepare: [{ argv: ['npm', 'ci'], network: 'full', timeout_seconds: 1800 }],
          copy: ['.env.test'],
          layer_bytes: 20 * 1024 ** 3,
          changes: expect.arrayContaining([{ path: 'prepare[0].network', was: 'none', now: 'full' }]),
        })
        // The same content again is no question any more.
        expect(await lab.json(['allow'])).toMatchObject({ already_approved: true, changes: null })
      })
    })

  if (long)
    test('a broken config: all problems in one answer, nothing approved', async () => {
      await installed(async (lab) => {
        lab.write(
          configPath,
          '{"commands":{"t":[],"u":{"argv":["x"],"timeout":3}},"gateProfiles":{"final":["zz"]}}',
        )
        for (const words of [['allow'], ['allow', '--dry-run']]) {
          const answer = await lab.json(words, 1)
          expect(answer.error_code).toBe('invalid-config')
          const places = answer.details.problems.map((one: Answer) => one.path)
          expect(places).toEqual(
            expect.arrayContaining(['commands.t', 'commands.u.timeout', 'gateProfiles.final[0]']),
          )
        }
        fs.rmSync(path.join(lab.repo, configPath))
        fs.writeFileSync(path.join(lab.dir, 'elsewhere'), '{}')
        fs.symlinkSync(path.join(lab.dir, 'elsewhere'), path.join(lab.repo, configPath))
        expect(await lab.json(['allow'], 1)).toMatchObject({ error_code: 'config-unreadable' })
      })
    })
})

describe('install-repo', () => {
  test('approves what it wrote, not what it found', async () => {
    await installed(async (lab) => {
      const file = path.join(lab.repo, configPath)
      const again = await lab.json(['install-repo', '--repo', lab.repo])
      expect(again).toMatchObject({ ok: true, approved: true, written: [], package_manager: null })

      const found = fs
        .readFileSync(file, 'utf8')
        .replace('{', '{\n  "version": 1,')
        .replace(/"version": 1,(?=[^]*"version": 1,)/, '')
      fs.writeFileSync(file, `${found}\n\n`)
      const kept = await lab.json(['install-repo', '--repo', lab.repo])
      expect(kept).toMatchObject({ approved: false, kept: [configPath] })
      expect(kept.next[0]).toBe(`autonomous-loop allow --repo ${lab.repo}`)
      expect(await lab.json(enable, 1)).toMatchObject({ error_code: 'config-unapproved' })

      const forced = await lab.json(['install-repo', '--repo', lab.repo, '--force'])
      expect(forced).toMatchObject({
        approved: true,
        written: [configPath],
        package_manager: 'npm',
        commands: { test: ['npm', 'run', 'test'] },
      })
      await lab.json(enable)
    })
  })

  if (long)
    test.each<[string[], string, number]>([
      [['--package-manager', 'make'], 'invalid_package_manager_override', 2],
      [['--prefer-scripts=-x'], 'invalid_preferred_script', 2],
      [['--prefer-scripts', 'nope'], 'missing_preferred_script', 1],
    ])('%j', async (flags, code, status) => {
      await installed(async (lab) => {
        fs.rmSync(path.join(lab.repo, configPath))
        expect(await lab.json(['install-repo', '--repo', lab.repo, ...flags], status)).toMatchObject({
          error_code: code,
        })
        expect(fs.existsSync(path.join(lab.repo, configPath))).toBe(false)
      })
    })
})

if (long)
  test('cleanup keeps to its repository, and says which open run it took', async () => {
    await installed(async (lab) => {
      await lab.json(enable)
      const other = path.join(lab.dir, 'other')
      fs.mkdirSync(other)
      const shown = ['--stale-hours', '0', '--retention-hours', '0']
      const all = [...shown, '--apply']
      expect(await lab.json(['cleanup', '--cwd', other, ...all])).toMatchObject({
        repo_root: other,
        archived_sessions: [],
        archived_open: [],
      })
      expect((await lab.json(['cleanup', '--apply'])).archived_open).toEqual([])
      // Without the word it is only shown.
      expect(await lab.json(['cleanup', ...shown])).toMatchObject({
        dry_run: true,
        archived_open: [session],
        archived_counts: { sessions: 0 },
      })
      expect(await lab.json(['cleanup', ...all])).toMatchObject({
        archived_open: [session],
        archived_counts: { sessions: 1 },
      })
      expect((await lab.cli(['status', '--check'])).code).toBe(8)
    })
  })

test('hook answers as the bundle would: nothing without a run, the block with one', async () => {
  await installed(async (lab) => {
    const payload = {
      session_id: session,
      turn_id: 't1',
      transcript_path: null,
      cwd: lab.repo,
      hook_event_name: 'Stop',
      model: 'm',
      permission_mode: 'default',
      stop_hook_active: false,
      last_assistant_message: 'Done.',
    }
    const stop = () => lab.cli(['hook', 'stop'], { stdin: JSON.stringify(payload) })
    expect(await stop()).toMatchObject({ code: 0, stdout: '', stderr: '' })
    await lab.json(enable)
    const blocked = await stop()
    expect(blocked.code).toBe(0)
    expect(JSON.parse(blocked.stdout)).toMatchObject({
      decision: 'block',
      reason: expect.stringContaining('T1'),
    })
  })
})

if (long)
  test('doctor: untrusted hooks fail it, by Codex’s own word', async () => {
    await installed(async (lab) => {
      const answer = await lab.json(['doctor', '--cwd', lab.repo], 1)
      expect(answer.checks.enforced).toMatchObject({
        ok: false,
        remediation: 'autonomous-loop bootstrap --trust',
      })
      await lab.json(['bootstrap', '--trust'])
      expect((await lab.json(['doctor', '--cwd', lab.repo])).ok).toBe(true)
      expect(await lab.json(enable)).toMatchObject({ enforced: 'trusted' })
    })
  })

if (long)
  test('bootstrap --plan-tool gives models the plan tool, and says so; without it nothing is decided', async () => {
    await installed(async (lab) => {
      expect(await lab.json(['bootstrap', '--trust'])).toMatchObject({ ok: true, plan_tool: null })
      expect(await lab.json(['bootstrap', '--plan-tool'])).toMatchObject({
        plan_tool: true,
        enforced: 'trusted',
      })
      expect((await lab.json(['doctor'])).checks.plan_tool).toMatchObject({ ok: true })
    })
  })
