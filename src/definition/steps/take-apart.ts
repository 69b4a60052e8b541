import type { Command } from '../../contract/types.ts'
import { optionValues, programOf } from '../collection.ts'
import { parseManager } from '../node/manager.ts'
import { isShell, shellText, unwrap } from '../wrappers.ts'
import type { Workspace } from '../workspace.ts'
import { makeSteps } from './make-steps.ts'
import { managerSteps, nodeRunSteps } from './manager-steps.ts'
import { type Taking, madeOf, takeText } from './pieces.ts'
import { startsOthers } from './starts-others.ts'
import type { CommandSteps, FrozenSteps, MixedWhy, Step } from '../../contract/steps.ts'

const MAX_DEPTH = 12
/** Each finds what all before it wrote, and the kernel takes a line of 4 kB for that. */
const MAX_STEPS = 20
const MAX_LOOKED = 500

/** What every command is made of, read from the same files as its pins. Commands of format version 1 are left out. */
export function takeAllApart(commands: readonly Command[], workspace: Workspace): FrozenSteps {
  return Object.fromEntries(
    commands.flatMap((command) =>
      typeof command.network === 'boolean' ? [] : [[command.name, takeApart(command, workspace)]],
    ),
  )
}

export function takeApart(command: Command, workspace: Workspace): CommandSteps {
  const dir = workspace.inside('.', command.cwd)
  const budget = { left: MAX_LOOKED }
  const found =
    dir === null
      ? ({ kind: 'one' } as const)
      : takeArgv(command.argv, dir, { workspace, depth: 0, budget, take: takeArgv })
  if (found.kind !== 'steps') return found
  // Services hold what one step leaves for the next.
  if (command.steps === false || (command.services ?? []).length > 0) return { kind: 'mixed', why: 'kept' }
  return found.steps.length > MAX_STEPS || budget.left < 0 ? { kind: 'mixed', why: 'shell' } : found
}

/** What an argv is made of when it is started in `dir`. */
export function takeArgv(argv: readonly string[], dir: string, taking: Taking): CommandSteps {
  const deeper = { ...taking, depth: taking.depth + 1 }
  if (deeper.depth > MAX_DEPTH || taking.budget.left-- < 0) return { kind: 'mixed', why: 'shell' }
  const text = isShell(programOf(argv)) ? shellText(argv) : null
  if (text !== null) return shellSteps(argv, text, dir, deeper)
  const bare = unwrap(argv)
  if (bare.length !== argv.length)
    return takeArgv(bare, dir, deeper).kind === 'one' ? { kind: 'one' } : { kind: 'mixed', why: 'wrapper' }
  const call = parseManager(argv)
  if (call !== null) return managerSteps(call, argv, dir, deeper)
  const [run] = programOf(argv) === 'node' ? optionValues(argv, ['--run']) : []
  if (run !== undefined) return nodeRunSteps(run, dir, deeper)
  if (programOf(argv) === 'make' || programOf(argv) === 'gmake') return makeSteps(argv, dir, deeper)
  const why = startsOthers(argv, dir, taking.workspace)
  return why === null ? { kind: 'one' } : { kind: 'mixed', why }
}

/** `sh -c "a && b"`: each command of the chain by the same shell, with the same options and words. */
function shellSteps(argv: readonly string[], text: string, dir: string, taking: Taking): CommandSteps {
  const at = argv.indexOf(text)
  const options = argv.slice(0, at)
  const pieces = takeText(text, dir, taking, {
    errexit: options.some((one) => /^-[a-z]*e/.test(one)),
    shadowed: () => false,
  })
  if (!Array.isArray(pieces)) return { kind: 'mixed', why: pieces as MixedWhy }
  return madeOf(
    pieces.map((piece): Step =>
      'step' in piece
        ? piece.step
        : {
            kind: 'argv',
            argv: [...options, piece.text, ...argv.slice(at + 1)],
            cwd: dir,
            label: piece.text,
            ...(piece.mixed === undefined ? {} : { mixed: piece.mixed }),
          },
    ),
  )
}
