import path from 'node:path'
import { expect, test } from '@jest/globals'
import { execCode, runThatCounts } from '../../src/views/exec-runs.ts'
import type { RunStatus } from '../../src/verdict/standing.ts'
import { execCommand, inOrder, message, withInstalled } from '../rig/installed.ts'
import { long } from '../rig/long.ts'
import { projectRoot } from '../rig/root.ts'
import { start } from '../rig/processes.ts'
import { runIn } from '../verdict/make.ts'

test('exec hands terminal and flags to Codex, and ends with the state of the run it made', async () => {
  await withInstalled(
    {
      script: ({ enableCommand }) =>
        inOrder(
          [execCommand(enableCommand)],
          [execCommand('mkdir -p src && printf hello > src/greeting.txt')],
          [message('Done.')],
          [message('Nothing to do.')],
          [message('Nothing.')],
          [message('Nothing.')],
        ),
    },
    async (lab) => {
      const exec = (...words: string[]) => lab.cli(['exec', '--', ...words])
      const released = await exec(lab.codexPath, 'exec', '--json', 'write the greeting')
      expect(released.code).toBe(0)
      // Stdout is Codex's alone, each line an object of its own.
      const types = released.stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { type: string }).type)
      expect(types).toContain('thread.started')
      // The line about it is for the person who reads along, whatever stdout is.
      expect(released.stderr).toMatch(/^autonomous-loop: run [0-9a-f]{12} is released;/m)

      // Nor does its verdict stand for what the same session is asked later: nothing of that was judged.
      const later = await exec(lab.codexPath, 'exec', 'resume', '--last', 'now more')
      expect([later.code, later.stderr]).toEqual([8, expect.stringMatching(/without a run/)])

      // A run of an earlier session is not one that this Codex made.
      const none = await exec(lab.codexPath, 'exec', 'just talk')
      expect([none.code, none.stderr]).toEqual([8, expect.stringMatching(/without a run/)])
      const json = await lab.cli(['exec', '--json', '--', 'true'])
      expect(JSON.parse(json.stderr)).toMatchObject({ command: ['true'], exit_code: 0, runs: [] })
      expect((await exec('sh', '-c', 'exit 7')).code).toBe(8)
      expect((await exec('/does/not/exist')).code).toBe(1)
      expect((await lab.cli(['exec'])).code).toBe(2)
      expect((await lab.cli(['exec', '--nope', '--', 'true'])).code).toBe(2)
    },
  )
})

if (long)
  test('where nothing was armed, exec says why: what was refused, what is missing here, and not that hooks are off', async () => {
    await withInstalled(
      { script: () => () => [message('Hello.')], repoFiles: { 'a.txt': 'hi\n' } },
      async (lab) => {
        // Not set up: Codex then runs unheld, and nothing it prints says so.
        const said = async (prompt: string) => {
          const result = await lab.cli(['exec', '--json', '--', lab.codexPath, 'exec', prompt])
          expect(result.code).toBe(8)
          return JSON.parse(result.stderr.slice(result.stderr.lastIndexOf('\n{') + 1))
        }
        const fix = `autonomous-loop install-repo --repo ${lab.repo}`
        const refused = await said('$autonomous-loop write the greeting')
        expect(refused.runs).toEqual([
          expect.objectContaining({ run_id: null, refused: expect.stringContaining(fix) }),
        ])
        const talk = await said('just talk')
        expect(talk).toMatchObject({ runs: [], set_up: { ready: false, code: 'config-missing', fix } })
        const status = await lab.json(['status', '--cwd', lab.repo])
        expect(status).toMatchObject({ sessions: [], set_up: { ready: false, code: 'config-missing', fix } })
      },
    )
  })

if (long)
  test('Ctrl-C is for the program: exec waits until it has tidied up', async () => {
    await withInstalled({ script: () => () => [message('nobody asks me')], trust: false }, async (lab) => {
      const script = "trap 'kill $!; echo tidy; exit 3' INT; tail -f /dev/null & echo ready; wait"
      const running = start(
        process.execPath,
        [path.join(projectRoot, 'bin/autonomous-loop.js'), 'exec', '--', 'sh', '-c', script],
        {
          cwd: lab.repo,
          env: lab.env(),
          timeoutMs: 30_000,
        },
      )
      await new Promise<void>((resolve) => running.child.stdout?.once('data', () => resolve()))
      process.kill(-running.pid, 'SIGINT')
      const { code, stdout, stderr, timedOut } = await running.done
      expect([code, stdout, timedOut]).toEqual([130, 'ready\ntidy\n', false])
      expect(stderr).toContain('exit status 3')
    })
  })

test.each<[(RunStatus | 'none' | 'broken')[], number]>([
  [[], 8],
  [['none'], 8],
  [['released'], 0],
  [['released', 'none'], 0],
  [['active'], 4],
  [['released', 'parked'], 5],
  [['halted', 'released'], 7],
  [['released', 'broken'], 7],
  [['waived'], 9],
])('sessions %j end with %i', (states, code) => {
  const runs = states.map((state, index) => ({
    sessionId: String(index),
    refused: null,
    broken: state === 'broken',
    unchecked: null,
    notReleased: null,
    run: state === 'none' || state === 'broken' ? null : runIn(state),
  }))
  expect(execCode(runs)).toBe(code)
})

test('a release that does not count ends as an active run does', () => {
  const run = runIn('released')
  const one = { sessionId: '1', refused: null, broken: false, unchecked: null, run }
  expect(execCode([{ ...one, notReleased: null }])).toBe(0)
  expect(execCode([{ ...one, notReleased: 'git does not answer' }])).toBe(4)
})

test.each<[(number | 'open')[], number | null]>([
  [[], null],
  [['open'], 0],
  [[99], null],
  [[100], 0],
  [[50, 101], 1],
  [[101, 'open'], 1],
  // What ended while the program ran is told by the newest run alone, as ever.
  [[101, 102], 1],
])('of runs that ended at %j, number %p counts from 100 on', (ends, which) => {
  const runs = ends.map((at, index) => ({
    ...(at === 'open' ? runIn('active') : runIn('released', at)),
    runId: String(index),
  }))
  expect(runThatCounts(runs, 100)?.runId ?? null).toBe(which === null ? null : String(which))
})
