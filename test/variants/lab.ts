import { execFile } from 'node:child_process'
import fs from 'node:fs'
import { type RoomEngine, roomEngine } from '../clean-room/engine-lab.ts'
import { gatePath } from '../judging/rig.ts'
import type { Base } from './base.ts'
import { type BaseName, bases } from './bases.ts'
import { type Change, apply } from './change.ts'

export type Held =
  /** The gate itself does not pass with it: it proves nothing. */
  | { readonly kind: 'vain' }
  | { readonly kind: 'released' }
  /** The gate did not pass in the clean room, as these words say. */
  | { readonly kind: 'blocked'; readonly why: readonly string[] }
  /** It passed there, and only a person can say whether these differences are wanted. */
  | { readonly kind: 'asked'; readonly files: readonly string[] }

interface Place {
  readonly engine: RoomEngine
  readonly base: Base
  readonly gate: readonly string[]
}

/** One more repository of this kind, with a run that has begun. Every change is judged from that start. */
export async function variantLab(name: BaseName, names: string): Promise<VariantLab> {
  const place = await makePlace(bases[name], names)
  return { judge: (change) => judge(place, change), remove: () => place.engine.remove() }
}

export interface VariantLab {
  /** What the run would be told at a stop after this change. */
  readonly judge: (change: Change) => Promise<Held>
  readonly remove: () => void
}

async function judge({ engine, gate, base }: Place, change: Change): Promise<Held> {
  restore(engine)
  apply(engine.root, { ...change, put: { 'NOTES.md': '# Done\n', ...change.put } })
  if (!(await passesBare(engine, gate, base))) return { kind: 'vain' }
  const { facts, decision } = await engine.judged()
  switch (decision.verdict) {
    case 'release':
      return { kind: 'released' }
    case 'park':
      return {
        kind: 'asked',
        files: facts.unproved?.kind === 'definition' ? facts.unproved.changes.map(({ file }) => file) : [],
      }
    case 'block':
    case 'halt':
      return {
        kind: 'blocked',
        why: [
          ...decision.blockers.map(({ kind }) => kind),
          ...facts.commands.map(({ outcome, tail }) => `${outcome}: ${tail.slice(-300)}`),
        ],
      }
    default:
      return decision satisfies never
  }
}

async function makePlace(base: Base, names: string): Promise<Place> {
  const gate = base.gate.map((word) => (word === 'NAMES' ? names : word))
  const commands = { test: { argv: gate, network: 'loopback', steps: false, ...base.command } }
  const engine = await roomEngine(gate, base.files, { commands, ...base.config }, base.below)
  if ((await passesBare(engine, gate, base)) !== (base.bad !== undefined))
    throw new Error(
      `the gate ${gate.join(' ')} says something else of the start than its repository is made for`,
    )
  for (const part of PARTS) fs.cpSync(engine.at(part), engine.at('kept', part), COPY)
  return { engine, base, gate }
}

const PARTS = ['worktree', 'main']
const COPY = { recursive: true, preserveTimestamps: true, verbatimSymlinks: true }

function restore(engine: RoomEngine): void {
  for (const part of PARTS) {
    fs.rmSync(engine.at(part), { recursive: true, force: true })
    fs.cpSync(engine.at('kept', part), engine.at(part), COPY)
  }
}

/** As anybody would run it where the agent works, without a box or anything else of ours. */
async function passesBare(
  { root, dir }: RoomEngine,
  gate: readonly string[],
  { command, config }: Base,
): Promise<boolean> {
  const env = { PATH: gatePath, HOME: dir, ...(command?.['env'] as Record<string, string> | undefined) }
  const prepare = (config?.['prepare'] ?? []) as readonly { readonly argv: readonly string[] }[]
  for (const { argv } of prepare) await passes(argv, root, env)
  return passes(gate, root, env)
}

function passes(
  [program = '', ...args]: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(program, args, { cwd, env, timeout: 120_000 }, (error) => resolve(error === null))
  })
}
