import { isInstructionFile } from '../contract/instruction-files.ts'
import { readScopeEntry } from '../contract/scope.ts'
import { compileGlob } from '../evidence/glob.ts'
import type { Item } from './item.ts'

/** Why a path is protected. `own` and `secret` hold whatever a scope says. */
export type Protection =
  | { readonly kind: 'own'; readonly why: string }
  | { readonly kind: 'secret'; readonly why: string }
  | { readonly kind: 'ci'; readonly why: string }
  | { readonly kind: 'git'; readonly why: string }
  | { readonly kind: 'hooks'; readonly why: string }
  | { readonly kind: 'stop'; readonly why: string }
  | { readonly kind: 'instructions'; readonly why: string }
  | { readonly kind: 'config'; readonly why: string }

export type ProtectedPath = Protection & { readonly path: string }

/** A kind, the paths of it in small letters, and the words. The first that fits counts. */
const TABLE: readonly (readonly [Protection['kind'], (folded: string) => boolean, string])[] = [
  ['own', (path) => inDirectory(path, '.codex'), 'it says what agents are held to'],
  ['secret', isSecretShaped, 'its name is that of a secret'],
  ['stop', (path) => ['.autonomous-loop-stop', '.codex-stop'].includes(path), 'it stops a batch'],
  ['instructions', isInstructionFile, 'agents take it for instructions'],
  ['git', (path) => ['.gitattributes', '.gitmodules'].includes(nameOf(path)), 'git starts programs by it'],
  ['hooks', isHook, 'git starts it on the machines of people'],
  ['ci', isCi, 'it is run with the rights of the project'],
]

/**
 * Which of the paths that a candidate changes are protected, in their order; both sides of a rename are among them. Only a scope that
 * names a path to the letter, whole or in part, opens it, and of `own` and `secret` nothing does. Pure.
 */
export function protectedPaths(
  { protect }: { readonly protect: readonly string[] },
  { scope }: Pick<Item, 'scope'>,
  changed: readonly string[],
): readonly ProtectedPath[] {
  const named = new Set(scope.flatMap((entry) => readScopeEntry(entry).path ?? []))
  const globs = protect.map((glob) => ({ glob, matches: compileGlob(glob) }))
  return changed.flatMap((path): ProtectedPath[] => {
    const glob = globs.find(({ matches }) => matches(path))?.glob
    const found =
      protectionOf(path) ??
      (glob === undefined ? null : { kind: 'config' as const, why: `supervisor.protect names it (${glob})` })
    if (found === null) return []
    const always = found.kind === 'own' || found.kind === 'secret'
    return !always && named.has(path) ? [] : [{ ...found, path }]
  })
}

/** What protects a path, relative to the root, in every repository; null when nothing does. Names fold case, as some file systems do. */
export function protectionOf(path: string): Protection | null {
  const folded = path.toLowerCase()
  const row = TABLE.find(([, fits]) => fits(folded))
  return row === undefined ? null : { kind: row[0], why: row[2] }
}

/** Source code is called `id_map.py` or `load_private_key.go`. */
const CODE =
  /\.(?:[cm]?[jt]sx?|py|go|rs|rb|java|kt|swift|c|cc|cpp|h|hpp|cs|php|ex|exs|scala|sql|vue|svelte|md|html|css)$/

function isSecretShaped(folded: string): boolean {
  const name = nameOf(folded)
  if (/^\.env(?:\.|$)/.test(name)) return !/^\.env\.(?:example|sample)$/.test(name)
  return name.endsWith('.pem') || (/^id_|private_key/.test(name) && !CODE.test(name))
}

const HOOK_DIRECTORIES = ['.husky', '.githooks', '.git-hooks']
const HOOK_FILES = /^\.?(?:lefthook(?:-local)?\.(?:ya?ml|toml|json)|pre-commit-config\.ya?ml)$/

function isHook(folded: string): boolean {
  return HOOK_DIRECTORIES.some((one) => inDirectory(folded, one)) || HOOK_FILES.test(nameOf(folded))
}

const CI_DIRECTORIES = [
  '.github/workflows',
  '.github/actions',
  '.gitea/workflows',
  '.forgejo/workflows',
  '.gitlab/ci',
  '.circleci',
  '.buildkite',
  '.woodpecker',
  '.teamcity',
  '.semaphore',
]
const CI_FILES =
  /^(?:\.gitlab-ci\.ya?ml|jenkinsfile|azure-pipelines\.ya?ml|\.travis\.ya?ml|bitbucket-pipelines\.ya?ml|\.drone\.ya?ml|\.woodpecker\.ya?ml|\.?appveyor\.ya?ml|\.cirrus\.(?:ya?ml|star)|cloudbuild\.ya?ml|codemagic\.ya?ml)$/

function isCi(folded: string): boolean {
  return CI_DIRECTORIES.some((one) => inDirectory(folded, one)) || CI_FILES.test(nameOf(folded))
}

/** The directory itself too, at any depth. */
function inDirectory(folded: string, directory: string): boolean {
  return `/${folded}/`.includes(`/${directory}/`)
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
