import type { BaseName } from './bases.ts'
import type { Change } from './change.ts'
import { type Held, type VariantLab, variantLab } from './lab.ts'

export interface JudgedChange {
  readonly change: Change
  readonly held: Held
}

/** A repository is made anew after so many changes, so that there are enough of them to go on at the same time. */
const PER_REPOSITORY = 20

/** Judges new ones until so many were judged that the bare gate lets pass; those that it refuses are given back too. */
export async function judgeUntil(
  many: number,
  draw: () => Change,
  names: string,
  atOnce: number,
): Promise<readonly JudgedChange[]> {
  const seen = new Set<string>()
  const all: JudgedChange[] = []
  for (let lacks = many; lacks > 0; lacks = many - all.filter(({ held }) => held.kind !== 'vain').length) {
    const fresh: Change[] = []
    for (let tries = 0; fresh.length < lacks; tries += 1) {
      if (tries > 100 * many) throw new Error('the generator has no more of them')
      const change = draw()
      const text = JSON.stringify(change)
      if (!seen.has(text)) fresh.push(change)
      seen.add(text)
    }
    all.push(...(await judgeAll(fresh, names, atOnce)))
  }
  return all
}

/** Judges each, those of one kind of repository one after another. */
export async function judgeAll(
  changes: readonly Change[],
  names: string,
  atOnce: number,
): Promise<readonly JudgedChange[]> {
  const rows = rowsOf(changes)
  const judged: JudgedChange[] = []
  const worker = async (): Promise<void> => {
    for (let row = rows.shift(); row !== undefined; row = rows.shift())
      judged.push(...(await judgeRow(row, names)))
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return judged
}

function rowsOf(changes: readonly Change[]): (readonly Change[])[] {
  const byBase = new Map<BaseName, Change[]>()
  for (const change of changes) byBase.set(change.base, [...(byBase.get(change.base) ?? []), change])
  const rows = [...byBase.values()].flatMap((of) =>
    Array.from({ length: Math.ceil(of.length / PER_REPOSITORY) }, (_, at) =>
      of.slice(at * PER_REPOSITORY, (at + 1) * PER_REPOSITORY),
    ),
  )
  return rows.sort((a, b) => b.length - a.length)
}

async function judgeRow(row: readonly Change[], names: string): Promise<readonly JudgedChange[]> {
  const judged: JudgedChange[] = []
  const lab: VariantLab = await variantLab(row[0]!.base, names)
  try {
    for (const change of row) judged.push({ change, held: await lab.judge(change) })
  } finally {
    lab.remove()
  }
  return judged
}
