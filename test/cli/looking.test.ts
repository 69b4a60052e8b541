import fs from 'node:fs'
import path from 'node:path'
import { beforeAll, afterAll, describe, expect, test } from '@jest/globals'
import { printDoc } from '../../src/cli/render/doc.ts'
import { statusDoc } from '../../src/cli/render/status.ts'
import { writeLive } from '../../src/records/live.ts'
import { leaveRequest } from '../../src/control/spool.ts'
import { projectRoot } from '../rig/root.ts'
import {
  type Answer,
  type Installed,
  execCommand,
  greetingTask,
  inOrder,
  message,
  withInstalled,
} from '../rig/installed.ts'
import { long } from '../rig/long.ts'
import { start } from '../rig/processes.ts'
import { startTui } from '../rig/tui.ts'

const bin = path.join(projectRoot, 'bin/autonomous-loop.js')

/** Lets one lab serve several tests: it is open until `close`. */
async function openLab(
  options: Parameters<typeof withInstalled>[0],
): Promise<{ lab: Installed; close: () => Promise<void> }> {
  let release: () => void = () => {}
  const held = new Promise<void>((resolve) => (release = resolve))
  let whole: Promise<void> = Promise.resolve()
  const lab = await new Promise<Installed>((resolve, reject) => {
    whole = withInstalled(options, async (one) => {
      resolve(one)
      await held
    })
    whole.catch(reject)
  })
  return {
    lab,
    close: async () => {
      release()
      await whole
    },
  }
}

describe('after a run of the real Codex', () => {
  let lab: Installed
  let close: () => Promise<void> = async () => {}
  beforeAll(async () => {
    ;({ lab, close } = await openLab({
      script: ({ enableCommand }) =>
        inOrder(
          [execCommand(enableCommand)],
          [message('All done!')],
          [execCommand('mkdir -p src && printf wrong > src/greeting.txt')],
          [message('Done now.')],
          [execCommand('printf hello > src/greeting.txt')],
          [message('Done, really.')],
        ),
    }))
    await lab.codex(['exec', 'write the greeting'])
  })
  afterAll(() => close())

  if (long)
    test('status says what it means and what to do', async () => {
      const { sessions } = await lab.json(['status'])
      expect(sessions).toMatchObject([
        {
          state: 'released',
          meaning: 'judged done',
          stops: 3,
          iteration: 2,
          last_verdict: 'release',
          sandbox: 'on',
          repo_root: lab.repo,
          next: expect.stringMatching(/^autonomous-loop report [0-9a-f]{12} --md$/),
        },
      ])
      expect(Date.parse(sessions[0].last_verdict_at)).toBeGreaterThanOrEqual(
        Date.parse(sessions[0].created_at),
      )
      expect((await lab.json(['status', '--cwd', '/', '--all'])).sessions).toHaveLength(1)
      expect((await lab.json(['status', '--cwd', '/'])).sessions).toEqual([])
    })

  test('events in order, each with words, data and hash', async () => {
    const { events, integrity } = await lab.json(['events'])
    expect(integrity).toBe('intact')
    expect(events.map((one: Answer) => one.text.replace(/ \(\d+\.\d s\)$/, ''))).toEqual([
      'armed by agent (spooled): "Write the greeting", 1 task',
      'stop 1 blocked: T1',
      'stop 2 blocked: gate test',
      'stop 3 released',
    ])
    expect((await lab.json(['events', '--since', '2'])).events.map((one: Answer) => one.seq)).toEqual([3, 4])
    // A closed run has nothing to wait for.
    const lines = (await lab.cli(['events', '--follow'])).stdout.trim().split('\n')
    expect(lines.map((line) => JSON.parse(line).hash)).toEqual(events.map((one: Answer) => one.hash))
    expect(await lab.json(['events', '--since', 'soon'], 2)).toMatchObject({ error_code: 'bad-since' })
  })

  test('explain takes a verdict apart', async () => {
    const second = await lab.json(['explain', '--stop', '2'])
    expect(second).toMatchObject({
      verdict: 'block',
      because: ['test failed.'],
      iteration: 2,
      evidence: [
        {
          task_id: 'T1',
          asked: 'pathChanged src/**',
          met: true,
          proved_by: 'look',
          detail: 'src/greeting.txt',
          found: { kind: 'changed', paths: { some: ['src/greeting.txt'], more: 0 } },
        },
      ],
      commands: [{ name: 'test', outcome: 'failed', exit_code: 1, sandboxed: true }],
    })
    expect(second.commands[0].tail).toContain('GREETING-CHECK expected hello, got wrong')
    expect(second.answered).toContain('stop 2 of 12')
    expect(await lab.json(['explain'])).toMatchObject({ stop: 3, verdict: 'release' })
    expect(await lab.json(['explain', '--stop', '9'], 1)).toMatchObject({ error_code: 'no-stop' })
  })

  if (long)
    test('a report as a page, written over only where it is one', async () => {
      const file = path.join(lab.dir, 'run.html')
      const { bytes } = await lab.json(['report', '--html', file])
      const page = fs.readFileSync(file, 'utf8')
      expect(Buffer.byteLength(page)).toBe(bytes)
      for (const part of [
        'Write the greeting',
        'GREETING-CHECK expected hello, got wrong',
        'The ledger holds: 4 records',
        'id="stop-3"',
      ])
        expect(page).toContain(part)
      await lab.json(['report', '--html', file])
      // Both forms at once are two files, and neither is written where one of them may not be.
      const both = await lab.json(['report', '--html', file, '--md'])
      const beside = path.join(lab.dir, 'run.md')
      expect(both).toMatchObject({ file, markdown_file: beside })
      expect(fs.readFileSync(beside, 'utf8')).toMatch(/^### autonomous-loop: released\n/)
      fs.writeFileSync(beside, 'my notes\n')
      fs.rmSync(file)
      expect(await lab.json(['report', '--html', file, '--md'], 1)).toMatchObject({
        error_code: 'report-exists',
      })
      expect([fs.existsSync(file), fs.readFileSync(beside, 'utf8')]).toEqual([false, 'my notes\n'])
      const other = path.join(lab.repo, 'README.md')
      expect(await lab.json(['report', '--html', other], 1)).toMatchObject({ error_code: 'report-exists' })
      expect(fs.readFileSync(other, 'utf8')).toBe('# greeting\n')
      expect(await lab.json(['report', '--html', path.join(lab.dir, 'no/where.html')], 1)).toMatchObject({
        error_code: 'report-unwritable',
      })
    })

  if (long)
    test('a report for a pull request is Markdown even in a pipe', async () => {
      const { stdout } = await lab.cli(['report', '--md'])
      expect(stdout).toMatch(/^### autonomous-loop: released\n/)
      expect(stdout).toContain('| `npm run test` | ✓ passed, in the box, sealed, network: loopback |')
      expect(await lab.json(['report'])).toMatchObject({
        state: 'released',
        tasks: [{ id: 'T1', met: true }],
        stops: [
          { verdict: 'block' },
          { verdict: 'block' },
          { verdict: 'release', commands: [{ exit_code: 0 }] },
        ],
        timeline: [{ type: 'activated' }, { type: 'stop' }, { type: 'stop' }, { type: 'stop' }],
      })
    })

  if (long)
    test('contract show, and the same after the run went into the archive', async () => {
      const shown = await lab.json(['contract', 'show'])
      expect(shown.contract.tasks).toMatchObject([{ id: 'T1' }])
      await lab.json(['cleanup', '--retention-hours', '0', '--apply'])
      expect(await lab.json(['explain'], 1)).toMatchObject({ error_code: 'no-run' })
      expect(await lab.json(['explain', '--run', shown.run_id.slice(0, 8)])).toMatchObject({ stop: 3 })
      expect(await lab.json(['explain', '--run', shown.run_id.slice(0, 3)], 1)).toMatchObject({
        error_code: 'no-run',
      })
    })
})

describe('while a run is open', () => {
  const session = '0199aaaa-0000-7000-8000-000000000002'
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
  let lab: Installed
  let close: () => Promise<void> = async () => {}
  beforeAll(async () => {
    ;({ lab, close } = await openLab({ script: () => () => [message('nobody asks me')], trust: false }))
  })
  afterAll(() => close())

  test('--follow prints what comes, and ends when the run is closed', async () => {
    await lab.json(enable)
    const following = start(process.execPath, [bin, 'events', '--follow'], {
      cwd: lab.repo,
      env: lab.env(),
      timeoutMs: 45_000,
    })
    const first = new Promise<void>((resolve) => following.child.stdout?.once('data', () => resolve()))
    await first
    await lab.json(['pause', '--reason', 'lunch'])
    await lab.json(['resume'])
    await lab.json(['release'])
    const { stdout, code, timedOut } = await following.done
    const types = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).type)
    expect([types, code, timedOut]).toEqual([['activated', 'paused', 'resumed', 'closed'], 0, false])
  })

  if (long)
    test('--follow may begin before the run does', async () => {
      const home = path.join(lab.dir, 'later')
      fs.mkdirSync(home)
      const env = { ...lab.env(), AUTONOMOUS_LOOP_HOME: home }
      const following = start(process.execPath, [bin, 'events', '--follow'], {
        cwd: lab.repo,
        env,
        timeoutMs: 45_000,
      })
      await lab.json(['allow'], 0, { AUTONOMOUS_LOOP_HOME: home })
      await lab.json(enable, 0, { AUTONOMOUS_LOOP_HOME: home })
      await lab.json(['disable'], 0, { AUTONOMOUS_LOOP_HOME: home })
      const { stdout, code, timedOut } = await following.done
      const types = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).type)
      expect([types, code, timedOut]).toEqual([['activated', 'closed'], 0, false])
      // A run that somebody names is there or is not.
      expect(await lab.json(['events', '--follow', '--run', 'abcdef'], 1)).toMatchObject({
        error_code: 'no-run',
      })
    })

  if (long)
    test('--watch draws anew when something happens, and q ends it with the terminal as it was', async () => {
      await lab.json(enable)
      const screen = startTui({ ...lab, codexPath: '/bin/sh' }, [
        '-c',
        `${process.execPath} ${bin} status --watch; echo ended with $?; stty -a | tr -s " ;" "\\n" | grep -x -- -*icanon`,
      ])
      try {
        await screen.shows(/active +Write it[^]*q ends/)
        await lab.json(['pause'])
        await screen.shows(/paused +Write it/)
        screen.type('q')
        await screen.shows(/ended with 0\s+icanon/)
      } finally {
        await screen.close()
      }
      expect(await lab.json(['status', '--watch'], 1)).toMatchObject({ error_code: 'no-terminal' })
      await lab.json(['release'])
    })

  if (long)
    test('what an agent left in its sandbox is pending too, and text of it stays text', async () => {
      const root = fs.mkdtempSync(path.join(lab.dir, 'spool-'))
      const spool = path.join(root, 'one')
      const uid = process.getuid?.() ?? 0
      const left = leaveRequest(spool, uid, { action: 'enable', objective: 'Paint it\u001b[31m red' })
      expect(left).toMatchObject({ ok: true })
      fs.writeFileSync(path.join(spool, 'x.json'), 'no json')
      fs.mkdirSync(path.join(spool, 'dir.json'))
      const record = {
        v: 1,
        sessionId: session,
        codex: null,
        at: 1,
        cwd: lab.repo,
        source: 'startup',
        repoRoot: lab.repo,
        head: null,
        spool,
        config: null,
        pins: null,
      } as const
      writeLive(lab.home, record)
      const status = await lab.json(['status'])
      expect(status.spooled_requests).toMatchObject([
        { session_id: session, action: 'enable', objective: 'Paint it\u001b[31m red' },
      ])
      expect(Date.parse(status.spooled_requests[0].created_at)).toBeGreaterThan(Date.parse('2020-01-01'))
      expect((await lab.json(['status', '--cwd', '/'])).spooled_requests).toEqual([])
      expect(fs.readdirSync(spool)).toHaveLength(3)
      const text = printDoc(statusDoc(status, Date.now()), false)
      expect(text).toMatch(
        /Left by an agent, taken in at its next hook:\n {2}enable in session \S+ {2}"Paint it red"/,
      )
      fs.rmSync(path.join(lab.home, 'live', session))
    })

  test('a record that was touched is said so, and what still holds is told', async () => {
    const { run_id: runId } = await lab.json(enable)
    await lab.json(['pause'])
    const ledger = path.join(lab.home, 'sessions', session, 'ledger.jsonl')
    const text = fs.readFileSync(ledger, 'utf8')
    fs.writeFileSync(
      ledger,
      text.replace(
        /"type":"paused","data":\{"by":"terminal"(?![^]*"type":"paused")/,
        '"type":"paused","data":{"by":"nobodyX"',
      ),
    )
    const { integrity, integrity_problem, events } = await lab.json(['events', '--run', runId])
    expect([integrity, events.map((one: Answer) => one.type)]).toEqual(['broken', ['activated']])
    expect(integrity_problem).toMatch(/does not match its hash/)
    expect((await lab.cli(['report', '--md', '--run', runId])).stdout).toContain(
      '**The ledger does not hold:**',
    )
  })
})
