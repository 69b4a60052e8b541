import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { reportMarkdown } from '../../src/cli/render/report-md.ts'
import { sandboxLaunch } from '../../src/codex/sandbox/launch.ts'
import { gateRunner } from '../../src/judging/gate-runner.ts'
import { type Judged, judge } from '../../src/judging/judge.ts'
import { blockReason } from '../../src/verdict/words/block.ts'
import { auditRecord } from '../../src/views/audit/audit.ts'
import { explainAll } from '../../src/views/explain.ts'
import { historyIn } from '../../src/views/history.ts'
import { buildReport } from '../../src/views/report.ts'
import { codexBinary, currentCodex } from '../rig/binaries.ts'
import { type Engine, makeEngine, must } from './rig.ts'
import { long } from '../rig/long.ts'

/* The engine as a supervisor drives it: a plain git worktree, no hook, no session, no Codex thread, and no value made up. */
let engine: Engine
beforeEach(() => {
  engine = makeEngine((at) => ({
    config: {
      version: 1,
      commands: {
        check: { argv: ['sh', 'check.sh'] },
        reach: { argv: ['sh', '-c', `test ! -w '${at('home')}' && test ! -w '${at('main')}'`] },
      },
      gateProfiles: { fast: [], default: ['check'], final: ['check', 'reach'] },
    },
    task: {
      id: 'T1',
      title: 'Write the greeting',
      evidence: [
        { kind: 'pathChanged', glob: 'src/**' },
        { kind: 'commandRef', name: 'check' },
      ],
    },
    files: {
      'check.sh': 'grep -q hello src/greeting.txt || { echo "no greeting" >&2; exit 1; }\n',
      'src/a.txt': 'a\n',
    },
  }))
})
afterEach(() => engine.remove())

async function ask(): Promise<Judged<string>> {
  const never = new AbortController().signal
  const { root, home, place, workspace } = engine
  return must(
    await judge<string>({
      place,
      clock: Date.now,
      deadline: Date.now() + 60_000,
      gone: never,
      isGone: () => false,
      shared: () => null,
      mayJudge: () => ({ ok: true, value: undefined }),
      ports: (run, abort) => ({
        now: Date.now,
        workspace,
        baselineDir: place.dir,
        session: null,
        room: null,
        runGates: gateRunner(run, {
          machine: () => ({
            nodePty: null,
            launch: (gate) =>
              sandboxLaunch({
                codexBin: codexBinary(currentCodex),
                sandboxCodexHome: engine.at('home/sandbox-home'),
                root,
                argv: gate.argv,
                writable: gate.command.writable,
                protectedDirs: [home],
                network: gate.command.network === true,
                env: gate.env,
              }),
          }),
          vars: {},
          abort,
          logs: place.gates,
        }),
      }),
      tell: (judgement, run, head) => blockReason(judgement, run, head, { kind: 'attempt' }),
      delivered: () => null,
    }),
  )
}

const verdictOf = (judged: Judged<string>): string =>
  judged.kind === 'judged' ? judged.record.verdict : judged.kind

if (long)
  test('a squash and gc that take the commit of the start away hold nobody, and work is still asked for', async () => {
    await engine.start()
    const git = (...args: string[]): string =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {
        cwd: engine.root,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
    const start = git('rev-parse', 'HEAD').trim()
    const squash = (): void => {
      git('checkout', '-q', '--orphan', `squashed-${Date.now()}`)
      git('add', '-A')
      git('commit', '-qm', 'squashed')
      for (const branch of git('branch', '--format=%(refname:short)').split('\n'))
        if (/^(attempt|main|master)$/.test(branch)) git('update-ref', '-d', `refs/heads/${branch}`)
      git('-C', engine.at('main'), 'checkout', '-q', '--orphan', 'gone')
      git('reflog', 'expire', '--expire=now', '--all')
      git('-C', engine.at('main'), 'rm', '-rq', '--cached', '.')
      git('gc', '-q', '--prune=now')
      expect(() => git('cat-file', '-e', start)).toThrow()
    }
    squash()
    expect(verdictOf(await ask())).toBe('block')
    engine.write('src/greeting.txt', 'hello\n')
    git('add', '-A')
    git('commit', '-qm', 'work')
    expect(await ask()).toMatchObject({ record: { verdict: 'release' } })
  })

test('contract, baseline, block, work, release on a plain worktree; every view and the audit know it', async () => {
  await engine.start()
  const first = await ask()
  expect(verdictOf(first)).toBe('block')
  if (first.kind !== 'judged') throw new Error('not judged')
  expect(first.record.session).toBeNull()
  expect(first.record).not.toHaveProperty('delivered')
  // The voice of an attempt: nobody is to finish a turn so that a hook comes, or to run our command line.
  expect(first.told).toContain('end your turn with the answer "complete"')
  expect(first.told).toContain('not run yet: check, reach')
  expect(first.told).not.toMatch(/request wait|autonomous-loop (?:resume|explain)/)

  engine.write('src/greeting.txt', 'goodbye\n')
  const second = await ask()
  expect(second).toMatchObject({
    record: { verdict: 'block', blockers: [{ kind: 'command', name: 'check' }], gatesRun: 'full' },
  })
  expect(second.kind === 'judged' && second.told).toContain('no greeting')

  engine.write('src/greeting.txt', 'hello\n')
  const third = await ask()
  expect(third).toMatchObject({ record: { verdict: 'release' } })
  expect(third.kind === 'judged' && third.record.commands.every((one) => one.sandboxed)).toBe(true)
  // It is over: nobody is held.
  expect(await ask()).toMatchObject({ kind: 'left', run: { status: 'released' } })

  const history = must(historyIn(engine.place.ledger))
  expect(history.integrity).toMatchObject({ state: 'intact', problem: null })
  expect(explainAll(history).map((one) => one.judgement.verdict)).toEqual(['block', 'block', 'release'])
  const report = buildReport(history, null)
  expect(report.tasks).toMatchObject([{ id: 'T1', met: true, evidence: [{ met: true }, { met: true }] }])
  expect(reportMarkdown(report)).toContain('attempt 1 at item 001 of batch b1')
  const { findings } = auditRecord(engine.home, {
    dir: engine.place.dir,
    ledger: engine.place.ledger,
    archived: false,
  })
  expect(findings).toEqual([])
  // Nothing of a hook's hold came about.
  expect(fs.existsSync(engine.at('home/armed'))).toBe(false)
})

test('a changed gate is shown once and then asked about, as in a session', async () => {
  await engine.start()
  engine.write('src/greeting.txt', 'goodbye\n')
  engine.write('check.sh', 'exit 0\n')
  expect(await ask()).toMatchObject({ record: { verdict: 'block', cause: 'definition', gatesRun: 'none' } })
  expect(await ask()).toMatchObject({ record: { verdict: 'park', park: { kind: 'definition' } } })
  expect(await ask()).toMatchObject({ kind: 'left', run: { status: 'parked' } })
})
