import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Result } from '../../src/base/result.ts'
import { buildContract } from '../../src/contract/build.ts'
import { filesInPart } from '../../src/contract/scope.ts'
import { parseProjectConfig } from '../../src/contract/config.ts'
import { hashContract } from '../../src/contract/hash.ts'
import { readConfigText } from '../../src/definition/config-text.ts'
import { collectDefinition } from '../../src/definition/index.ts'
import { saveBaseline } from '../../src/evidence/baseline-file.ts'
import { captureBaseline } from '../../src/evidence/baseline.ts'
import { namedPaths } from '../../src/evidence/named-paths.ts'
import type { EvidenceOptions } from '../../src/evidence/types.ts'
import { type LedgerPlace, placeIn } from '../../src/ledger/paths.ts'
import { startIn } from '../../src/ledger/start.ts'
import { type RunState, openRun } from '../../src/ledger/state.ts'
import { readRecord } from '../../src/ledger/store.ts'
import { saveApproval } from '../../src/records/approvals.ts'

export const gatePath = `${path.dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`

/** A git worktree with a run of the engine's own: no hook, no session, no Codex thread, and no value made up. */
export interface Engine {
  readonly dir: string
  /** The worktree. */
  readonly root: string
  readonly home: string
  readonly place: LedgerPlace
  readonly workspace: EvidenceOptions
  at(...names: string[]): string
  write(file: string, text: string): void
  /** Freezes contract and config as they are and starts the run. */
  readonly start: (options?: StartOptions) => Promise<RunState>
  readonly run: () => RunState
  remove(): void
}

export interface StartOptions {
  /** The contract's own. */
  readonly scope?: readonly string[] | null
  /** False: the baseline has no texts of files that are open in part, as that of a spooled request. */
  readonly keepTexts?: boolean
}

export interface EngineParts {
  readonly config: object
  readonly task: object
  readonly files: Readonly<Record<string, string>>
}

/** Below the person's home, because the temp directory can be written in the gates' sandbox. */
export function makeEngine(parts: (at: (...names: string[]) => string) => EngineParts): Engine {
  const dir = fs.mkdtempSync(path.join(fs.realpathSync(os.homedir()), '.autoloop-engine-'))
  const at = (...names: string[]): string => path.join(dir, ...names)
  const { config, task, files } = parts(at)
  const git = (cwd: string, ...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {
      cwd,
      encoding: 'utf8',
    })
  const put = (file: string, text: string): void => {
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, text)
  }
  put(at('main/.codex/autoloop.project.json'), JSON.stringify(config))
  for (const [name, text] of Object.entries(files)) put(at('main', name), text)
  git(at('main'), 'init', '-q')
  git(at('main'), 'add', '-A')
  git(at('main'), 'commit', '-qm', 'start')
  git(at('main'), 'worktree', 'add', '-q', at('worktree'), '-b', 'attempt')
  const root = at('worktree')
  const home = at('home')
  const place = placeIn(at('home/batches/b1/attempts/001-1'))
  fs.mkdirSync(place.dir, { recursive: true })
  const workspace = { vars: { HOME: dir }, gitPath: gatePath, scratch: at('home/git'), timeoutMs: 60_000 }
  const engine: Engine = {
    dir,
    root,
    home,
    place,
    workspace,
    at,
    write: (file, text) => put(path.join(root, file), text),
    start: (options = {}) => start(engine, task, options),
    run() {
      const run = openRun(must(readRecord(place)).state)
      if (!run) throw new Error('no open run')
      return run
    },
    remove: () => fs.rmSync(dir, { recursive: true, force: true }),
  }
  return engine
}

export function must<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

async function start(
  { root, home, place, workspace, run }: Engine,
  task: object,
  { scope = null, keepTexts = true }: StartOptions,
): Promise<RunState> {
  const text = must(readConfigText(root))
  const config = must(parseProjectConfig(text.text, text.path))
  must(saveApproval(home, { v: 1, ...text, gatePath, at: 1 }))
  const contract = must(
    buildContract({
      contractId: '001',
      objective: 'Add a greeting',
      tasks: [],
      taskTexts: [JSON.stringify(task)],
      gateProfile: null,
      maxStopIterations: null,
      scope,
      config,
      weaker: 'allow',
    }),
  )
  const baseline = must(
    await captureBaseline(
      root,
      namedPaths(contract.tasks),
      workspace,
      keepTexts ? filesInPart(contract) : [],
    ),
  )
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
        config,
        configSha256: text.sha256,
        configPath: text.path,
        ...must(collectDefinition(root, Object.values(config.commands), gatePath)),
        gatePath,
      },
      Date.now(),
    ),
  )
  return run()
}
