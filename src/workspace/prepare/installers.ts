import path from 'node:path'
import { composerCode, managedPython, nodeCode } from './own-code.ts'
import { type TreeFiles, within } from './tree-files.ts'

interface Installer {
  /** What it does that rests on manifests alone; '' is no verb. */
  readonly verbs: readonly string[]
  readonly ownCode?: (tree: TreeFiles, dir: string, words: readonly string[]) => string | null
}

const node = (...verbs: readonly string[]): Installer => ({ verbs, ownCode: nodeCode })
const python = (...verbs: readonly string[]): Installer => ({ verbs, ownCode: managedPython })

const INSTALLERS: Readonly<Record<string, Installer>> = {
  venv: { verbs: ['.venv', 'venv'] },
  npm: node('ci', 'clean-install', 'i', 'install', 'rebuild'),
  pnpm: node('i', 'install', 'fetch', 'rebuild'),
  // Its `rebuild` builds members too that were not built before.
  yarn: node('', 'install'),
  bun: node('i', 'install'),
  uv: python('sync', 'venv'),
  poetry: python('install', 'sync'),
  pdm: python('install', 'sync'),
  pipenv: { verbs: ['install', 'sync'] },
  // What it installs in place is named by its arguments, and looked at there.
  pip: { verbs: ['install', 'sync'] },
  bundle: { verbs: ['', 'install', 'config'] },
  composer: { verbs: ['install'], ownCode: composerCode },
  cargo: { verbs: ['fetch'] },
  go: { verbs: ['mod download'] },
}

/** What is known of a step: an installer with its words; null for any other program. */
export interface InstallerCall extends Installer {
  readonly program: string
  readonly words: readonly string[]
}

/**
 * Reads an argv as the call of an installer. Another verb, an option before it, or a program of the project itself makes it any
 * other program; so does `python -m` without `-I` or `-P`, which takes every module from the directory first.
 */
export function installerCall(argv: readonly string[], dir: string, tree: TreeFiles): InstallerCall | null {
  const [given = '', ...rest] = argv
  const own = given.includes('/') ? within(dir, given) : null
  if (own !== null && tree.paths.has(own)) return null
  const name = path.posix.basename(given)
  const module = /^python[\d.]*$/.test(name) && /^-[IP]$/.test(rest[0] ?? '') && rest[1] === '-m'
  const pip = name === 'uv' && rest[0] === 'pip'
  const program = module ? (rest[2] ?? '') : pip ? 'pip' : name.replace(/^pip[\d.]+$/, 'pip')
  const words = rest.slice(module ? 3 : pip ? 1 : 0)
  const known = Object.hasOwn(INSTALLERS, program) ? INSTALLERS[program] : undefined
  // `yarn --cwd web build` has no verb that can be told from the value of an option.
  const fits = known?.verbs.some((verb) =>
    verb === '' ? words.every((word) => word.startsWith('-')) : `${words.join(' ')} `.startsWith(`${verb} `),
  )
  return known && fits === true ? { ...known, program, words } : null
}
