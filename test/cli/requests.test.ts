import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { type Answer, type Installed, greetingTask, message, withInstalled } from '../rig/installed.ts'
import { long } from '../rig/long.ts'
import { projectRoot } from '../rig/root.ts'
import { start } from '../rig/processes.ts'

const session = '0199aaaa-0000-7000-8000-000000000001'
const marks = { CODEX_CI: '1', CODEX_SESSION_ID: session }
const installed = (use: (lab: Installed) => Promise<void>) =>
  withInstalled({ script: () => () => [message('nobody asks me')], trust: false }, use)

const enable = (lab: Installed, more: readonly string[] = [], env = {}): Promise<Answer> =>
  lab.json(
    [
      'request',
      'enable',
      '--objective',
      'Write it',
      '--session-id',
      session,
      '--task-json',
      greetingTask,
      ...more,
    ],
    0,
    env,
  )
const ledger = (lab: Installed): string =>
  fs.readFileSync(path.join(lab.home, 'sessions', session, 'ledger.jsonl'), 'utf8')
const statusCode = async (lab: Installed) => (await lab.cli(['status', '--check'])).code

if (long)
  test('a person steers a run; --check tells its state by exit code', async () => {
    await installed(async (lab) => {
      expect(await statusCode(lab)).toBe(8)
      const armed = await enable(lab)
      expect(armed).toMatchObject({
        action: 'enable',
        activation_mode: 'terminal',
        session_id: session,
        session_id_source: 'argument',
        state: 'active',
        armed_by: 'terminal',
        tasks: ['T1'],
        enforced: 'unproven',
      })
      expect(armed.warning).toMatch(/bootstrap --trust/)
      expect(await statusCode(lab)).toBe(4)

      const steps: [words: string[], state: string, code: number][] = [
        [['request', 'pause', '--cwd', lab.repo, '--reason', 'lunch'], 'paused', 6],
        [['resume'], 'active', 4],
        [['pause', '--session-id', session], 'paused', 6],
        [['release', '--reason', 'good enough'], 'waived', 9],
      ]
      for (const [words, state, code] of steps) {
        const answer = await lab.json(words)
        expect(answer).toMatchObject({
          session_id: session,
          run_id: armed.run_id,
          state,
          repo_root: lab.repo,
        })
        expect([words, await statusCode(lab)]).toEqual([words, code])
      }
      expect(await lab.json(['resume'], 1)).toMatchObject({ error_code: 'no-run' })

      const second = await enable(lab)
      expect(second.run_id).not.toBe(armed.run_id)
      expect(await lab.json(['disable'])).toMatchObject({ run_id: second.run_id, state: 'disabled' })
      const { sessions } = await lab.json(['status', '--session-id', session])
      expect(sessions.map((one: Answer) => [one.state, one.cause])).toEqual([
        ['disabled', null],
        ['waived', 'good enough'],
      ])
    })
  })

test('an agent may add obligations and nothing else; each refusal is on record', async () => {
  await installed(async (lab) => {
    await enable(lab)
    const refused = [
      ['request', 'pause'],
      ['resume'],
      ['disable'],
      ['disable', '--force', '--session-id', session],
      ['release'],
      ['amend', '0123456789ab'],
      ['allow'],
      ['cleanup', '--stale-hours', '0', '--apply'],
      ['uninstall', '--force'],
      ['install-repo', '--repo', lab.repo, '--force'],
      ['bootstrap', '--force'],
      ['bootstrap', '--stop-timeout', '60'],
    ]
    for (const words of refused) {
      const answer = await lab.json(words, 1, marks)
      expect([words, answer.error_code]).toEqual([words, 'person-only'])
    }
    expect(await statusCode(lab)).toBe(4)
    const events = ledger(lab)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; data: { action?: string; by?: string } })
    expect(
      events.filter((event) => event.type === 'refused').map(({ data }) => [data.action, data.by]),
    ).toEqual([
      ['pause', 'agent'],
      ['resume', 'agent'],
      ['disable', 'agent'],
      ['release', 'agent'],
      ['amend', 'agent'],
    ])

    const task = { id: 'T2', title: 'Say so', evidence: [{ kind: 'pathChanged', path: 'README.md' }] }
    const more = ['request', 'enable', '--objective', 'x', '--task-json', JSON.stringify(task)]
    expect(await lab.json(more, 0, marks)).toMatchObject({
      activation_mode: 'direct-env',
      session_id_source: 'CODEX_SESSION_ID',
      armed_by: 'agent',
      tasks: ['T1', 'T2'],
    })
    const weaker = await lab.json([...more, '--max-stop-iterations', '99'], 1, marks)
    expect(weaker.error_code).toBe('invalid-contract')
    const wait = await lab.json(['request', 'wait', '--reason', 'which language?'], 0, marks)
    expect(wait).toMatchObject({ action: 'wait', session_id: session, state: 'requested' })
    expect(wait.wait_token).toMatch(/^AUTOLOOP_WAIT:[0-9a-f]{32}$/)
  })
})

if (long)
  test('the policy may let the agent pause and disable, but not release', async () => {
    await installed(async (lab) => {
      const file = path.join(lab.repo, '.codex/autoloop.project.json')
      const config = JSON.parse(fs.readFileSync(file, 'utf8')) as object
      fs.writeFileSync(file, JSON.stringify({ ...config, policy: { control: 'agent' } }))
      await lab.json(['allow'])
      await enable(lab)
      expect(await lab.json(['pause'], 0, marks)).toMatchObject({ state: 'paused' })
      expect(await lab.json(['release'], 1, marks)).toMatchObject({ error_code: 'person-only' })
      expect(await lab.json(['disable'], 0, marks)).toMatchObject({ state: 'disabled' })
    })
  })

if (long)
  test('every problem of the tasks comes in one answer, and nothing is started', async () => {
    await installed(async (lab) => {
      const wrong = [
        '{"id":"T1","title":"t","evidence":[{"kind":"pathExits","path":"a"}]}',
        '{"id":"T1","title":"","evidence":[{"kind":"pathExists","path":"../a"}],"dependsOn":["T9"]}',
      ].flatMap((task) => ['--task-json', task])
      const answer = await lab.json(
        ['request', 'enable', '--objective', 'x', '--session-id', session, ...wrong],
        1,
      )
      expect(answer.error_code).toBe('invalid-contract')
      expect(answer.details.problems.length).toBeGreaterThanOrEqual(3)
      for (const problem of answer.details.problems)
        expect(Object.keys(problem)).toEqual(expect.arrayContaining(['path', 'found', 'allowed', 'example']))
      expect(await statusCode(lab)).toBe(8)
    })
  })

if (long)
  test('several open runs: the choice is the caller’s', async () => {
    await installed(async (lab) => {
      const other = session.replace(/1$/, '2')
      await enable(lab)
      await lab.json(['request', 'enable', '--objective', 'Other', '--session-id', other])
      const answer = await lab.json(['pause', '--reason', "it's lunch"], 1)
      expect(answer).toMatchObject({ error_code: 'run-ambiguous' })
      const { runs, choices } = answer.details
      expect(new Set(runs.map((one: Answer) => one.session_id))).toEqual(new Set([session, other]))
      expect(runs.map((one: Answer) => one.run_id)).toEqual(choices)
      // Each choice has the whole command, and the message shows it.
      for (const run of runs) {
        const id = run.run_id.slice(0, 12)
        expect(run.command).toBe(`autonomous-loop pause --reason 'it'\\''s lunch' ${id}`)
        expect(answer.message).toContain(`\n  ${run.command}  active "`)
      }
      expect(await lab.json(['pause'], 0, { CODEX_SESSION_ID: other })).toMatchObject({ session_id: other })
      expect(await lab.json(['pause', '--session-id', session])).toMatchObject({ session_id: session })
    })
  })

if (long)
  test('a run or a session, whole or by its beginning, as a word or behind either flag, everywhere', async () => {
    await installed(async (lab) => {
      const other = session.replace(/1$/, '2')
      const { run_id: run } = await enable(lab)
      await lab.json(['request', 'enable', '--objective', 'Other', '--session-id', other])
      const here = { session_id: session, run_id: run }
      const short = run.slice(0, 12)

      // Two runs are open, so each of these would be ambiguous without its id.
      for (const given of [[run], [run.slice(0, 6)], [short.toUpperCase()], [session]])
        expect((await lab.json(['status', ...given])).sessions).toMatchObject([here])
      for (const given of [[short], ['--run', session], [`--run-id=${short}`], ['--session-id', run]])
        expect(await lab.json(['events', ...given])).toMatchObject(here)
      const digest = '0123456789ab'
      for (const [words, code, seen] of [
        [['status', '--check', short], 4, {}],
        [['check', short], 1, here],
        [['explain', short], 1, { error_code: 'no-stop' }],
        [['report', short], 0, here],
        [['contract', 'show', short], 0, { run_id: run }],
        [['audit', short], 1, { sessions: [{ session_id: session }] }],
        [['amend', digest, short], 1, { error_code: 'nothing-to-amend' }],
        [['pause', short], 0, { ...here, state: 'paused' }],
        [['resume', short], 0, { ...here, state: 'active' }],
        [['request', 'wait', '--reason', 'who?', '--session-id', short], 0, { session_id: session }],
        [
          [
            'enable',
            '--objective',
            'x',
            '--task-json',
            greetingTask.replace('T1', 'T2'),
            '--session-id',
            short,
          ],
          0,
          here,
        ],
        [['request', 'release', short, '--reason', 'good'], 0, { ...here, state: 'waived' }],
        // Its run is closed now; the other one is not touched by its name.
        [['resume', short], 1, { error_code: 'no-run' }],
        [['disable', short], 1, { error_code: 'no-run' }],
        [['status', other.slice(0, -1)], 1, { error_code: 'run-ambiguous' }],
        [['pause', run.slice(0, 3)], 1, { error_code: 'no-run' }],
        [['status', 'no-such-run'], 1, { error_code: 'no-run' }],
        [['status', 'no-such-run', '--check'], 8, { error_code: 'no-run' }],
        [['pause', short, '--session-id', session], 2, { error_code: 'usage' }],
        [['disable', other], 0, { session_id: other, state: 'disabled' }],
      ] as const)
        expect([words, await lab.json(words, code)]).toEqual([words, expect.objectContaining(partly(seen))])
    })
  })

/** As toMatchObject has it, for use inside expect.objectContaining. */
function partly(seen: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(seen).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.map((one: object) => expect.objectContaining({ ...one })) : value,
    ]),
  )
}

if (long)
  test('a session is held to the repository it works in, not to the one somebody stands in', async () => {
    await installed(async (lab) => {
      const other = path.join(lab.dir, 'other')
      fs.cpSync(lab.repo, other, { recursive: true })
      await lab.json(['allow', '--repo', other])
      const payload = {
        session_id: session,
        cwd: lab.repo,
        hook_event_name: 'SessionStart',
        source: 'startup',
        transcript_path: null,
        permission_mode: 'default',
        model: 'm',
      }
      execFileSync(path.join(lab.home, 'bin', 'hook'), ['session-start'], {
        input: JSON.stringify(payload),
        env: lab.env(),
        cwd: lab.repo,
      })
      const words = [
        'request',
        'enable',
        '--objective',
        'x',
        '--session-id',
        session,
        '--task-json',
        greetingTask,
      ]
      const refused = await lab.json([...words, '--cwd', other], 1)
      expect(refused).toMatchObject({
        error_code: 'foreign-root',
        remediation: `the same with --cwd ${lab.repo}`,
      })
      expect(await statusCode(lab)).toBe(8)
      expect(await lab.json([...words, '--cwd', lab.repo])).toMatchObject({ repo_root: lab.repo })
      // Its run has a repository by now, so tasks may be added from anywhere.
      const more = greetingTask.replace('"T1"', '"T2"')
      expect(await lab.json([...words.slice(0, -1), more, '--cwd', other])).toMatchObject({
        tasks: ['T1', 'T2'],
      })
    })
  })

test('a record that does not hold is set aside by a person, as a whole', async () => {
  await installed(async (lab) => {
    await enable(lab)
    const file = path.join(lab.home, 'sessions', session, 'ledger.jsonl')
    fs.writeFileSync(file, ledger(lab).replace('Write it', 'Write IT'))
    expect(await lab.json(['release', '--session-id', session], 1)).toMatchObject({
      error_code: 'ledger-broken',
    })
    const aside = await lab.json(['disable', '--force', '--session-id', session])
    expect(aside).toMatchObject({ session_id: session, state: 'disabled' })
    expect(fs.existsSync(path.join(aside.set_aside, 'ledger.jsonl'))).toBe(true)
    expect(await statusCode(lab)).toBe(8)
  })
})

describe('check', () => {
  test('says what is outstanding with the same engine, and records nothing', async () => {
    await installed(async (lab) => {
      await enable(lab)
      const before = ledger(lab)
      const open = await lab.json(['check'], 1)
      expect(open).toMatchObject({
        ok: false,
        verdict: 'block',
        outstanding_task_ids: ['T1'],
        state: 'active',
      })
      expect(open.reason).toContain('T1')

      lab.write('src/greeting.txt', 'goodbye\n')
      const failing = await lab.json(['check'], 1)
      expect(failing).toMatchObject({ verdict: 'block', outstanding_task_ids: [], gates_run: 'full' })
      expect(failing.commands).toMatchObject([
        { name: 'test', outcome: 'failed', exit_code: 1, sandboxed: true },
      ])
      expect(failing.reason).toContain('GREETING-CHECK expected hello, got goodbye')

      lab.write('src/greeting.txt', 'hello\n')
      expect(await lab.json(['check'])).toMatchObject({ ok: true, verdict: 'release', reason: null })

      const manifest = JSON.parse(lab.git('show', 'HEAD:package.json')) as object
      lab.write('package.json', JSON.stringify({ ...manifest, scripts: { test: 'true' } }))
      const changed = await lab.json(['check'], 1)
      expect(changed).toMatchObject({ verdict: 'block', commands: [] })
      expect(changed.definition_changes[0]).toMatchObject({ file: 'package.json' })
      expect(changed.amend_digest).toMatch(/^[0-9a-f]{12}$/)
      expect(ledger(lab)).toBe(before)
      expect(fs.existsSync(path.join(lab.home, 'sessions', session, 'gates'))).toBe(false)
      expect(await lab.json(['amend', changed.amend_digest])).toMatchObject({
        action: 'amend',
        state: 'active',
      })
      expect(await lab.json(['check'])).toMatchObject({ ok: true })
    })
  })

  if (long)
    test('an interrupt ends the gates and then us, with 130', async () => {
      await installed(async (lab) => {
        // The gate says that it runs through a FIFO outside the workspace's own files, then never ends.
        execFileSync('mkfifo', [path.join(lab.repo, '.git', 'pipe')])
        lab.write('gate.sh', 'echo $$ > .git/pipe; exec sleep 600\n')
        const config = {
          commands: { hang: ['sh', 'gate.sh'] },
          gateProfiles: { default: ['hang'], final: ['hang'] },
          policy: { sandbox: 'off' },
        }
        lab.write('.codex/autoloop.project.json', JSON.stringify(config))
        await lab.json(['allow'])
        await enable(lab)
        lab.write('src/greeting.txt', 'hello\n')
        const checking = start(
          process.execPath,
          [path.join(projectRoot, 'bin/autonomous-loop.js'), 'check'],
          {
            cwd: lab.repo,
            env: lab.env(),
            timeoutMs: 45_000,
          },
        )
        const pid = execFileSync('cat', [path.join(lab.repo, '.git', 'pipe')], { encoding: 'utf8' }).trim()
        process.kill(checking.pid, 'SIGINT')
        const result = await checking.done
        expect([result.code, result.timedOut]).toEqual([130, false])
        expect(fs.existsSync(`/proc/${pid}`)).toBe(false)
      })
    })
})
