import path from 'node:path'
import type { Frozen } from '../definition/frozen.ts'
import type { StartFile, StartFiles } from '../workspace/room/start-content.ts'
import { loadFormats } from '../workspace/load-formats.ts'
import { installedIn } from '../workspace/installed-packages.ts'
import type { DefinitionDifference } from '../workspace/shape/shape.ts'
import type { ReadyRoom } from './ports.ts'

export interface ToPutBack {
  readonly differences: readonly DefinitionDifference[]
  /** What each of them is to hold instead. */
  readonly start: StartFiles
}

/**
 * Takes out the manifests and lock files that only gained packages by the dependency rule. One that differs otherwise as well is put
 * back with those packages in it where both can be told apart: else honest work would fail for the want of them.
 */
export async function withoutFreeDependencies(
  { differences, start }: ToPutBack,
  room: Pick<ReadyRoom, 'text' | 'layers'>,
  activation: Pick<Frozen, 'config' | 'pins' | 'steps'>,
): Promise<ToPutBack> {
  const changed = differences.map((one) => one.path).filter((file) => !file.startsWith('../'))
  const { dependencyChanges } = await loadFormats()
  const answers = dependencyChanges(
    changed,
    {
      was: (file) => (start.has(file) ? textOf(start.get(file) ?? null) : room.text(file)),
      now: room.text,
    },
    {
      gatePrograms: programsOf(activation),
      installed: installedIn(room.layers),
      ...npmRegistryIn(start.has('.npmrc') ? textOf(start.get('.npmrc') ?? null) : room.text('.npmrc')),
    },
  )
  const free = new Set(answers.flatMap((one) => (one.kind === 'free' ? [one.file] : [])))
  const merged = new Map(
    answers.flatMap((one) =>
      one.kind === 'definition' && one.withFree !== null ? [[one.file, one.withFree]] : [],
    ),
  )
  return {
    differences: differences.filter((one) => !free.has(one.path)),
    start: new Map(
      [...start].flatMap(([file, was]): [string, StartFile | null][] => {
        if (free.has(file)) return []
        const text = merged.get(file)
        return [[file, text === undefined || was === null ? was : { ...was, bytes: Buffer.from(text) }]]
      }),
    ),
  }
}

/** A first dependency has no other that says where packages come from. */
function npmRegistryIn(npmrc: string | null): { readonly npmRegistry?: string } {
  const [, address] = /^[ \t]*registry[ \t]*=[ \t]*(\S+?)\/*[ \t]*$/m.exec(npmrc ?? '') ?? []
  return address === undefined ? {} : { npmRegistry: address }
}

function textOf(file: StartFile | null): string | null {
  return file === null || file.kind === 'l' ? null : file.bytes.toString('utf8')
}

/** Every word that may name a program: of the commands, their steps, and the texts that give them their meaning. */
function programsOf({
  config,
  pins,
  steps = {},
}: Pick<Frozen, 'config' | 'pins' | 'steps'>): ReadonlySet<string> {
  const texts = [
    ...Object.values(config?.commands ?? {}).flatMap(({ argv }) => argv),
    ...pins.flatMap(({ text }) => text ?? []),
    JSON.stringify(steps),
  ]
  return new Set(texts.flatMap((text) => text.split(/[^\w.@/+-]+/)).map((word) => path.basename(word)))
}
