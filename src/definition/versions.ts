import { type Collection, join } from './collection.ts'
import { wantedSections } from './sections.ts'

const VERSION_FILES = ['.tool-versions', '.python-version', '.ruby-version', '.node-version', '.go-version']
const MISE_FILES = ['mise.toml', '.mise.toml', 'mise.local.toml', '.config/mise.toml', '.mise/config.toml']

/**
 * With a version manager's shims in PATH (asdf, mise, pyenv, …) files of the workspace say which program a name means.
 * Another version is the agent's to choose; a path, which may lead to a program of its own, is not.
 */
export function pinVersions(dirs: ReadonlySet<string>, gatePath: string, collection: Collection): void {
  if (!/\/shims\/?(:|$)/.test(gatePath)) return
  const { workspace } = collection
  const all = new Set([...dirs].flatMap((dir) => workspace.upwards(dir)))
  for (const dir of all) {
    for (const name of VERSION_FILES) pinPart(join(dir, name), paths, collection)
    for (const name of MISE_FILES) pinPart(join(dir, name), settings, collection)
  }
}

function pinPart(rel: string, part: (text: string) => string | null, collection: Collection): void {
  const text = collection.workspace.text(rel)
  collection.part(rel, 'paths', text === null ? null : part(text))
}

function paths(text: string): string | null {
  const found = text.split('\n').filter((line) => /path:|(^|[\s"'=])[.~]{0,2}\//.test(line))
  return found.length === 0 ? null : found.join('\n')
}

/** Whatever is no version: variables, hooks, tasks. */
function settings(text: string): string | null {
  return (
    [wantedSections(text, (name) => !/^tools\b/.test(name)), paths(text)].filter(Boolean).join('\n') || null
  )
}
