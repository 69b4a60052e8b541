import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { execFileSync } from 'node:child_process'
import type { Result } from '../../src/base/result.ts'
import { captureBaseline, captureReport } from '../../src/evidence/baseline.ts'
import { compareWith } from '../../src/evidence/compare.ts'
import type { Baseline, Comparison, EvidenceOptions, NamedPath } from '../../src/evidence/types.ts'

/** A temp directory with a workspace, a scratch directory and an empty home of a person. */
export class Rig {
  readonly dir = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'evidence-'))
  readonly root = path.join(this.dir, 'work')
  readonly home = path.join(this.dir, 'home')
  readonly options: EvidenceOptions = {
    vars: { HOME: this.home },
    gitPath: process.env['PATH'] ?? '',
    scratch: path.join(this.dir, 'scratch'),
    timeoutMs: 60_000,
  }

  constructor() {
    fs.mkdirSync(this.root)
    fs.mkdirSync(this.home)
  }

  path(relative: string): string {
    return path.join(this.root, relative)
  }

  write(relative: string, content: string | Uint8Array = `${relative}\n`): this {
    fs.mkdirSync(path.dirname(this.path(relative)), { recursive: true })
    fs.writeFileSync(this.path(relative), content)
    return this
  }

  rm(relative: string): this {
    fs.rmSync(this.path(relative), { recursive: true })
    return this
  }

  /** git as the agent or the person would run it, in the workspace or a directory of it. */
  git(args: readonly string[], cwd = '.', input = ''): string {
    return execFileSync(
      'git',
      ['-c', 'user.name=T', '-c', 'user.email=t@example.org', '-c', 'protocol.file.allow=always', ...args],
      {
        cwd: this.path(cwd),
        encoding: 'utf8',
        input,
        env: { PATH: process.env['PATH'], HOME: this.home, GIT_CONFIG_NOSYSTEM: '1' },
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    )
  }

  /** A repository with everything that is there committed. */
  commitAll(cwd = '.'): this {
    if (!fs.existsSync(this.path(`${cwd}/.git`))) this.git(['init', '-q', '-b', 'main'], cwd)
    this.git(['add', '-A'], cwd)
    this.git(['commit', '-qm', 'work', '--allow-empty'], cwd)
    return this
  }

  async baseline(named: readonly NamedPath[] = []): Promise<Baseline> {
    return value(await captureBaseline(this.root, named, this.options))
  }

  /** As an agent reports it, and as older releases kept it: HEAD and what differs from it. */
  async reported(named: readonly NamedPath[] = []): Promise<Baseline> {
    return value(await captureReport(this.root, named, this.options))
  }

  async compare(
    baselines: Baseline | readonly Baseline[],
    named: readonly NamedPath[] = [],
  ): Promise<Comparison> {
    const list = Array.isArray(baselines) ? (baselines as Baseline[]) : [baselines as Baseline]
    return value(await compareWith(this.root, list, named, this.options))
  }

  /** Changes as `kind path`, after an action, against a baseline taken before it. */
  async changesAfter(action: () => void, named: readonly NamedPath[] = []): Promise<string[]> {
    const before = await this.baseline(named)
    action()
    return changes(await this.compare(before, named))
  }

  /** The same with a baseline that has no list of files. */
  async changesByCommit(action: () => void): Promise<string[]> {
    const before = await this.reported()
    action()
    return changes(await this.compare(before))
  }

  remove(): void {
    fs.rmSync(this.dir, { recursive: true, force: true })
  }
}

export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`)
  return result.value
}

export function changes(comparison: Comparison): string[] {
  return comparison.changes.map((change) => `${change.kind} ${change.path}`)
}

/** Runs a test with a rig that is removed afterwards. */
export async function withRig<T>(use: (rig: Rig) => Promise<T>): Promise<T> {
  const rig = new Rig()
  try {
    return await use(rig)
  } finally {
    rig.remove()
  }
}
