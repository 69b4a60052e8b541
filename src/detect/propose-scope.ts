import { isInstructionFile } from '../contract/instruction-files.ts'
import { RepoFiles } from './files.ts'
import { manifestScope } from './manifest-scope.ts'
import { exactGlob } from '../contract/exact-glob.ts'
import type { ProposedScope } from './scope-entry.ts'

/** Names of directories that say what is in them. */
const NAMED: readonly (readonly [names: RegExp, reason: string])[] = [
  [
    /^(?:src|source|sources|lib|libs|app|apps|packages|crates|cmd|internal|pkg|web|server|client)$/,
    'sources',
  ],
  [/^(?:tests?|specs?|__tests__|e2e|integration|testing|features)$/, 'tests'],
  [/^(?:docs?|documentation|man)$/, 'documents'],
  [/^(?:examples?|samples?|demos?)$/, 'examples'],
]
/** What is made, not written. */
const MADE = /^(?:coverage|htmlcov|tmp|temp|logs?|reports?|site|public)$/
const SOURCE =
  /\.(?:[cm]?[jt]sx?|py|pyi|rs|go|java|kt|scala|rb|php|cs|fs|swift|c|cc|cpp|cxx|h|hh|hpp|ex|exs|erl|hs|lua|dart|vue|svelte|sh|sql|css|scss|html|zig|m|jl|r|pl|clj)$/i
/** Files in the root that steer tools, whatever they end in. */
const SETTINGS = /(?:[._-](?:config|setup|rc|workspace)\.[^.]+|^(?:setup|conftest|noxfile|build)\.\w+)$/i
const DOCUMENT = /\.(?:md|mdx|rst|adoc)$/i
const SKIPPED = /^(?:\..*|node_modules|vendor|venv|target|dist|build|out|obj|bin|__pycache__|site-packages)$/
/** Of the root, named one by one. */
const MOST_FILES = 20

/**
 * What a person might let agents change: directories of sources, tests and documents, and of manifests the dependencies alone.
 * Whatever steers tools is left out. Reads only.
 */
export function proposeScope(root: string): readonly ProposedScope[] {
  const files = new RepoFiles(root)
  return [...directories(files), ...inRoot(files), ...manifestScope(files)]
}

function directories(files: RepoFiles): ProposedScope[] {
  return files.directories('.').flatMap((name): ProposedScope[] => {
    if (SKIPPED.test(name)) return []
    const entry = `${exactGlob(name)}/**`
    const known = NAMED.find(([names]) => names.test(name))
    if (known) return [{ entry, reason: known[1] }]
    const [source] = MADE.test(name) ? [] : files.all(SOURCE, 4, name)
    return source === undefined ? [] : [{ entry, reason: `holds sources (${source})` }]
  })
}

function inRoot(files: RepoFiles): ProposedScope[] {
  const names = files
    .names('.')
    .filter((name) => files.has(name) && !name.startsWith('.') && !isInstructionFile(name))
  const sources = names.filter((name) => SOURCE.test(name) && !SETTINGS.test(name))
  const endings = new Set(sources.map((name) => name.slice(name.lastIndexOf('.'))))
  return [
    ...[...endings].map((ending) => ({
      entry: `*${ending}`,
      reason: `sources in the root (${sources.find((name) => name.endsWith(ending)) ?? ''})`,
    })),
    ...names
      .filter((name) => DOCUMENT.test(name))
      .slice(0, MOST_FILES)
      .map((name) => ({ entry: exactGlob(name), reason: 'a document' })),
  ]
}
