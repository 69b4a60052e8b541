import path from 'node:path'
import { type LedgerPlace, placeIn } from '../../ledger/paths.ts'

/** Where the batches of one repository lie. */
export interface RepoPaths {
  readonly dir: string
  /** Held by the one process that supervises. */
  readonly lock: string
  /** Who holds it, and what is asked of them. */
  readonly owner: string
  readonly requests: string
  /** Which process goes on and on. */
  readonly continuous: string
  /** Which process starts a detached run again. */
  readonly watcher: string
  /** Held by the process that starts a detached run again, for life. */
  readonly watching: string
  /** The clean room that judged trees share one after another. */
  readonly room: string
}

/** Below it a directory for each repository. */
export const batchesDir = (home: string): string => path.join(home, 'batches')

export function repoPaths(home: string, repoId: string): RepoPaths {
  const dir = path.join(batchesDir(home), repoId)
  const at = (name: string): string => path.join(dir, name)
  return {
    dir,
    lock: at('lock'),
    owner: at('owner.json'),
    requests: at('requests'),
    continuous: at('continuous.json'),
    watcher: at('watcher.json'),
    watching: at('watching'),
    room: at('room'),
  }
}

/** Where one batch lies. Ids begin with the time, so they sort by age. */
export interface BatchPaths {
  readonly dir: string
  readonly ledger: string
}

export function batchPaths(home: string, repoId: string, batch: string): BatchPaths {
  const dir = path.join(repoPaths(home, repoId).dir, batch)
  return { dir, ledger: path.join(dir, 'ledger.jsonl') }
}

/** The name of a batch: the time in UTC and 4 random hex digits. */
export function batchId(now: number, random: string): string {
  const time = new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')
  return `${time}-${random.slice(0, 4)}`
}

export const isBatchId = (name: string): boolean => /^\d{8}-\d{6}-[0-9a-f]{4}$/.test(name)

/** What is kept of one attempt: the engine's ledger, the prompts, what the agent said. */
export interface AttemptPaths {
  readonly dir: string
  readonly place: LedgerPlace
  /** The plan that its worker was given, or the last one that there was. */
  readonly plan: string
  readonly turn: (turn: number) => { readonly dir: string; readonly prompt: string }
}

export function attemptPaths(batch: BatchPaths, item: string, attempt: number): AttemptPaths {
  const dir = path.join(batch.dir, 'attempts', `${item}-${attempt}`)
  return {
    dir,
    place: placeIn(path.join(dir, 'judged')),
    plan: path.join(dir, 'plan.md'),
    turn: (turn) => {
      const of = path.join(dir, `turn-${turn}`)
      return { dir: of, prompt: path.join(of, 'prompt.md') }
    },
  }
}

/** What an attempt proposed. */
export function proposalFile({ dir }: BatchPaths, item: string, attempt: number): string {
  return path.join(dir, 'proposals', `${item}-${attempt}.json`)
}

export const refs = {
  head: (batch: string): string => `refs/autonomous-loop/heads/${batch}`,
  landing: (batch: string): string => `refs/autonomous-loop/landing/${batch}`,
  taking: (batch: string): string => `refs/autonomous-loop/taking/${batch}`,
  /** `what`: what an attempt at a join begins with, or what it is judged against once the head went on. */
  joining: (batch: string, item: string, what: 'marked' | 'start'): string =>
    `refs/autonomous-loop/joining/${batch}/${item}/${what}`,
  attempt: (batch: string, item: string, attempt: number): string =>
    `refs/autonomous-loop/attempts/${batch}/${item}/${attempt}`,
  rescue: (batch: string, item: string, attempt: number): string =>
    `refs/autonomous-loop/rescue/${batch}/${item}/${attempt}`,
  /** Of a worktree that was cleaned away. `at`: ms since the epoch. */
  cleaned: (batch: string, worktree: string, at: number): string =>
    `refs/autonomous-loop/rescue/${batch}/worktree-${worktree}/${at}`,
}
