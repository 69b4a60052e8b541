import { shellWord } from '../../base/shell-word.ts'
import type { CommandSteps, MixedWhy, Step } from '../../contract/steps.ts'
import { programOf } from '../collection.ts'
import { parseManager } from '../node/manager.ts'
import type { Workspace } from '../workspace.ts'
import { type Link, chainOf } from './chain.ts'

/** What a part of a text is taken apart in. */
export interface Taking {
  readonly workspace: Workspace
  /** How many texts and scripts this stands in. */
  readonly depth: number
  /** How many more may be looked at: scripts that call each other twice each would be followed for ever. */
  readonly budget: { left: number }
  /** What an argv is made of when it is started in `dir`. */
  readonly take: (argv: readonly string[], dir: string, taking: Taking) => CommandSteps
}

/** A part of a text: steps that stand for themselves, or a text that wants the shell and the environment of the whole. */
export type Piece = { readonly step: Step } | { readonly text: string; readonly mixed?: MixedWhy }

/** One step is the command itself. */
export function madeOf(steps: readonly Step[]): CommandSteps {
  const [first, second] = steps
  if (first === undefined) return { kind: 'one' }
  if (second !== undefined) return { kind: 'steps', steps }
  return first.mixed === undefined ? { kind: 'one' } : { kind: 'mixed', why: first.mixed }
}

/**
 * The pieces of a shell text. `shadowed`: whether a program of this name may be another one than on the PATH of gates, so
 * that it cannot be started by us.
 */
export function takeText(
  text: string,
  dir: string,
  taking: Taking,
  of: { readonly errexit: boolean; readonly shadowed: (program: string) => boolean },
): readonly Piece[] | MixedWhy {
  const links = chainOf(text, of.errexit)
  if (links === null) return 'shell'
  const pieces: Piece[] = []
  for (const link of links) {
    const { dir: here, alone } = placeOf(link, dir, taking.workspace)
    const found = here === null ? null : taking.take(link.argv, here, taking)
    const program = link.argv[0] ?? ''
    const standsAlone =
      here !== null &&
      alone &&
      link.plain &&
      !program.includes('/') &&
      isCall(link.argv) &&
      !of.shadowed(program)
    if (found?.kind === 'steps' && standsAlone) pieces.push(...found.steps.map((step) => ({ step })))
    else if (standsAlone)
      pieces.push({
        step: {
          kind: 'argv',
          argv: link.argv,
          cwd: here,
          label: link.argv.map(shellWord).join(' '),
          ...(found?.kind === 'mixed' ? { mixed: found.why } : {}),
        },
      })
    else
      pieces.push({
        text: [...link.state, link.text].join(' && '),
        ...(found === null || found.kind === 'steps' ? { mixed: 'shell' as const } : {}),
        ...(found?.kind === 'mixed' ? { mixed: found.why } : {}),
      })
  }
  return pieces
}

/** A call of a package manager or of make finds its own way from the directory; it needs nothing of the shell around it. */
function isCall(argv: readonly string[]): boolean {
  return parseManager(argv) !== null || programOf(argv) === 'make'
}

/** Where a link runs, null outside of the workspace; `alone` when that is all it has of the shell's state. */
function placeOf(
  link: Link,
  dir: string,
  workspace: Workspace,
): { readonly dir: string | null; readonly alone: boolean } {
  let at: string | null = dir
  let alone = true
  for (const one of link.state) {
    const [word, to, ...more] = one.split(/\s+/)
    if (word === 'cd')
      at = at === null || to === undefined || more.length > 0 ? null : workspace.inside(at, to)
    else if (word !== 'set') alone = false
  }
  return { dir: at, alone }
}
