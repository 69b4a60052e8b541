import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Result } from '../../src/base/result.ts'
import { sandboxLaunch } from '../../src/codex/sandbox/launch.ts'
import { buildContract } from '../../src/contract/build.ts'
import { parseProjectConfig } from '../../src/contract/config.ts'
import { hashContract } from '../../src/contract/hash.ts'
import { namedPaths } from '../../src/evidence/named-paths.ts'
import { readConfigText } from '../../src/definition/config-text.ts'
import { collectPins } from '../../src/definition/index.ts'
import { saveBaseline } from '../../src/evidence/baseline-file.ts'
import { captureBaseline } from '../../src/evidence/baseline.ts'
import type { EvidenceOptions } from '../../src/evidence/types.ts'
import { gateRunner } from '../../src/judging/gate-runner.ts'
import { type Judged, judge } from '../../src/judging/judge.ts'
import { type LedgerPlace, placeIn } from '../../src/ledger/paths.ts'
import { startIn } from '../../src/ledger/start.ts'
import { saveApproval } from '../../src/records/approvals.ts'
import { explainAll } from '../../src/views/explain.ts'
import { historyIn } from '../../src/views/history.ts'
import { auditRecord } from '../../src/views/audit/audit.ts'
import { buildReport } from '../../src/views/report.ts'
import { blockReason } from '../../src/verdict/words/block.ts'
import { reportMarkdown } from '../../src/cli/render/report-md.ts'
import { codexBinary, currentCodex } from '../rig/binaries.ts'

/*
 * The engine as a supervisor drives it: a plain git worktree, no hook, no session, no Codex thread, and no value made up.
 * Below the person's home, because the temp directory can be written in the gates' sandbox.
 */
let dir: string
let root: string
let place: LedgerPlace
const at = (...names: string[]): string => path.join(dir, ...names)
const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {
    cwd,
    encoding: 'utf8',
  })
const gatePath = `${path.dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`

const config = {
  version: 1,
  commands: { check: { argv: ['sh', 'check.sh'] }, reach: { argv: ['sh', '-c', 'test ! -w "$OUTSIDE"'] } },
  gateProfiles: { fast: [], default: ['check'], final: ['check', 'reach'] },
}
const task = {
  id: 'T1',
  title: 'Write the greeting',
  evidence: [
    { kind: 'pathChanged', glob: 'src/**' },
    { kind: 'commandRef', name: 'check' },
  ],
}

beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.homedir(), '.autoloop-engine-'))
  fs.mkdirSync(at('main/.codex'), { recursive: true })
  fs.mkdirSync(at('main/src'))
  config.commands.reach.argv[2] = `test ! -w '${at('home')}' && test ! -w '${at('main')}'`
  fs.writeFileSync(at('main/.codex/autoloop.project.json'), JSON.stringify(config))
  fs.writeFileSync(
    at('main/check.sh'),
    'grep -q hello src/greeting.txt || { echo "no greeting" >&2; exit 1; }\n',
  )
  fs.writeFileSync(at('main/src/a.txt'), 'a\n')
  git(at('main'), 'init', '-q')
  git(at('main'), 'add', '-A')
  git(at('main'), 'commit', '-qm', 'start')
  git(at('main'), 'worktree', 'add', '-q', at('worktree'), '-b', 'attempt')
  root = fs.realpathSync(at('worktree'))
  place = placeIn(at('home/batches/b1/attempts/001-1'))
  fs.mkdirSync(place.dir, { recursive: true })
})
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }))

function must<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

const workspace = (): EvidenceOptions => ({
  vars: { HOME: dir },
  gitPath: gatePath,
  scratch: at('home/git'),
  timeoutMs: 60_000,
})

async function start(): Promise<void> {
  const text = must(readConfigText(root))
  const parsed = must(parseProjectConfig(text.text, text.path))
  must(saveApproval(at('home'), { v: 1, ...text, gatePath, at: 1 }))
  const contract = must(
    buildContract({
      contractId: '001',
      objective: 'Add a greeting',
      tasks: [],
      taskTexts: [JSON.stringify(task)],
      gateProfile: null,
      maxStopIterations: null,
      config: parsed,
      weaker: 'allow',
    }),
  )
  const baseline = must(await captureBaseline(root, namedPaths(contract.tasks), workspace()))
  must(
    startIn(
      place,
      {
        runId: '001-1',
        requestId: '001-1',
        origin: { kind: 'attempt', batch: 'b1', item: '001', attempt: 1 },
        repoRoot: root,
        contract,
        contractHash: hashContract(contract),
        baselines: [saveBaseline(place.dir, baseline)],
        baselineLabel: 'own',
        config: parsed,
        configSha256: text.sha256,
        configPath: text.path,
        pins: must(collectPins(root, Object.values(parsed.commands), gatePath)),
        gatePath,
      },
      Date.now(),
    ),
  )
}

async function ask(): Promise<Judged<string>> {
  const never = new AbortController().signal
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
        workspace: workspace(),
        baselineDir: place.dir,
        session: null,
        runGates: gateRunner(run, {
          machine: () => ({
            nodePty: null,
            launch: (gate) =>
              sandboxLaunch({
                codexBin: codexBinary(currentCodex),
                sandboxCodexHome: at('home/sandbox-home'),
                root,
                argv: gate.argv,
                writable: gate.command.writable,
                protectedDirs: [at('home')],
                network: gate.command.network,
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

test('contract, baseline, block, work, release on a plain worktree; every view and the audit know it', async () => {
  await start()
  const first = await ask()
  expect(verdictOf(first)).toBe('block')
  if (first.kind !== 'judged') throw new Error('not judged')
  expect(first.record.session).toBeNull()
  expect(first.record).not.toHaveProperty('delivered')
  // The voice of an attempt: nobody is to finish a turn so that a hook comes, or to run our command line.
  expect(first.told).toContain('end your turn with the answer "complete"')
  expect(first.told).toContain('not run yet: check, reach')
  expect(first.told).not.toMatch(/request wait|autonomous-loop (?:resume|explain)/)

  fs.writeFileSync(path.join(root, 'src/greeting.txt'), 'goodbye\n')
  const second = await ask()
  expect(second).toMatchObject({
    record: { verdict: 'block', blockers: [{ kind: 'command', name: 'check' }], gatesRun: 'full' },
  })
  expect(second.kind === 'judged' && second.told).toContain('no greeting')

  fs.writeFileSync(path.join(root, 'src/greeting.txt'), 'hello\n')
  const third = await ask()
  expect(third).toMatchObject({ record: { verdict: 'release' } })
  expect(third.kind === 'judged' && third.record.commands.every((one) => one.sandboxed)).toBe(true)
  // It is over: nobody is held.
  expect(await ask()).toMatchObject({ kind: 'left', run: { status: 'released' } })

  const history = must(historyIn(place.ledger))
  expect(history.integrity).toMatchObject({ state: 'intact', problem: null })
  expect(explainAll(history).map((one) => one.judgement.verdict)).toEqual(['block', 'block', 'release'])
  const report = buildReport(history)
  expect(report.tasks).toMatchObject([{ id: 'T1', met: true, evidence: [{ met: true }, { met: true }] }])
  expect(reportMarkdown(report)).toContain('attempt 1 at item 001 of batch b1')
  const { findings } = auditRecord(at('home'), { dir: place.dir, ledger: place.ledger, archived: false })
  expect(findings).toEqual([])
  // Nothing of a hook's hold came about.
  expect(fs.existsSync(at('home/armed'))).toBe(false)
})

test('a changed gate is shown once and then asked about, as in a session', async () => {
  await start()
  fs.writeFileSync(path.join(root, 'src/greeting.txt'), 'goodbye\n')
  fs.writeFileSync(path.join(root, 'check.sh'), 'exit 0\n')
  expect(await ask()).toMatchObject({ record: { verdict: 'block', cause: 'definition', gatesRun: 'none' } })
  expect(await ask()).toMatchObject({ record: { verdict: 'park', park: { kind: 'definition' } } })
  expect(await ask()).toMatchObject({ kind: 'left', run: { status: 'parked' } })
})
