import { shellWord } from '../../base/shell-word.ts'
import { join, programOf } from '../collection.ts'
import type { ManagerCall } from '../node/manager.ts'
import { managers } from '../node/managers.ts'
import { type Package, packageAt, scriptBody } from '../node/package.ts'
import type { Workspace } from '../workspace.ts'
import { type Taking, madeOf, takeText } from './pieces.ts'
import type { CommandSteps, MixedWhy, Step } from '../../contract/steps.ts'

/** Settings that change which scripts run, or what runs them. */
const OTHER_SETTINGS = /script-shell|shell-emulator|ignore-scripts|node-options|pre-post/i
const mixed = (why: MixedWhy): CommandSteps => ({ kind: 'mixed', why })

/** What a call of a package manager is made of: the script with its `pre` and `post`, and what these texts chain. */
export function managerSteps(
  call: ManagerCall,
  argv: readonly string[],
  from: string,
  taking: Taking,
): CommandSteps {
  const { workspace } = taking
  if (call.wide || call.filters.length > 0) return mixed('members')
  if (call.text !== null) return whole(taking.take(['sh', '-c', call.text], from, taking))
  if (call.tool !== null && call.scripts.length === 0) return whole(taking.take(call.tool, from, taking))
  const [main] = call.scripts
  if (main === undefined) return { kind: 'one' }
  if (call.scripts.length > 1) return mixed('script')
  let dir: string | null = from
  for (const to of call.dirs) dir = dir === null ? null : workspace.inside(dir, to)
  const here = dir === null ? null : packageNear(dir, workspace)
  if (here === null || scriptBody(here, main) === null)
    return call.tool === null ? { kind: 'one' } : whole(taking.take(call.tool, from, taking))

  const names = [`pre${main}`, main, `post${main}`].filter((name) => scriptBody(here, name) !== null)
  const given = wordsGiven(call, argv, main)
  const made: Step[] = []
  for (const name of names) {
    const body = scriptBody(here, name) ?? ''
    const words = name === main ? (given?.words ?? []) : []
    const text = [body, ...words.map(shellWord)].join(' ')
    const pieces = takeText(text, here.dir, taking, {
      errexit: false,
      shadowed: (program) => isShadowed(program, here.dir, workspace),
    })
    if (!Array.isArray(pieces)) return mixed(pieces as MixedWhy)
    for (const piece of pieces)
      made.push(
        'step' in piece
          ? piece.step
          : {
              kind: 'script',
              call: name === main && given !== null ? given.call : [argv[0] ?? '', 'run', name],
              text: piece.text,
              as: name === main || !isTest(argv) ? null : 'test',
              cwd: from,
              label: piece.text,
              ...(piece.mixed === undefined ? {} : { mixed: piece.mixed }),
            },
      )
  }
  const found = madeOf(made)
  if (found.kind !== 'steps') return found
  // Measured of npm alone: what it gives a script, and that it takes another shell for it.
  const ours = made.every((step) => step.kind === 'argv') && names.length === 1
  if (!ours && (call.manager !== 'npm' || programOf(argv) !== 'npm')) return mixed('script')
  if (given === null || call.dirs.length > 0 || hasOtherSettings(here.dir, workspace)) return mixed('script')
  return found
}

/** `node --run x`: no other program gives a script this environment, so it is not taken apart. */
export function nodeRunSteps(name: string, dir: string, taking: Taking): CommandSteps {
  const here = packageNear(dir, taking.workspace)
  const body = here === null ? null : scriptBody(here, name)
  if (here === null || body === null) return { kind: 'one' }
  const found = taking.take(['sh', '-c', body], here.dir, taking)
  return found.kind === 'steps' ? mixed('script') : found
}

/** Taken as it is: a program behind the manager's `exec`. */
function whole(found: CommandSteps): CommandSteps {
  return found.kind === 'steps' ? mixed('wrapper') : found
}

const isTest = (argv: readonly string[]): boolean => ['test', 't', 'tst'].includes(argv[1] ?? '')

/** The call without the words that it passes on; null when it has options of its own, whose meaning would be lost. */
function wordsGiven(
  { manager }: ManagerCall,
  argv: readonly string[],
  main: string,
): { readonly call: readonly string[]; readonly words: readonly string[] } | null {
  const dashes = argv.indexOf('--')
  const end = managers[manager].strict ? (dashes === -1 ? argv.length : dashes) : argv.indexOf(main) + 1
  const call = argv.slice(0, end === 0 ? 2 : end)
  const words = argv.slice(call.length).filter((word, at) => !(at === 0 && word === '--'))
  return call.some((word, at) => at > 0 && word.startsWith('-') && !/^(?:-s|--silent)$/.test(word)) ||
    call.length - call.filter((word) => word.startsWith('-')).length > 3
    ? null
    : { call, words }
}

function packageNear(dir: string, workspace: Workspace): Package | null {
  for (const up of workspace.upwards(dir)) {
    const found = packageAt(up, { workspace })
    if (found !== null) return found
  }
  return null
}

/** A package may bring a program of the manager's own name. */
function isShadowed(program: string, dir: string, workspace: Workspace): boolean {
  return workspace.upwards(dir).some((up) => workspace.exists(join(up, `node_modules/.bin/${program}`)))
}

function hasOtherSettings(dir: string, workspace: Workspace): boolean {
  return workspace
    .upwards(dir)
    .some((up) =>
      ['.npmrc', 'pnpm-workspace.yaml', '.yarnrc', '.yarnrc.yml'].some((name) =>
        OTHER_SETTINGS.test(workspace.text(join(up, name)) ?? ''),
      ),
    )
}
