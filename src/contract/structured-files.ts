/** How a file that has parts is written. */
export type StructuredFormat = 'json' | 'toml' | 'yaml'

const byEnding: Readonly<Record<string, StructuredFormat>> = {
  json: 'json',
  jsonc: 'json',
  toml: 'toml',
  yaml: 'yaml',
  yml: 'yaml',
}

/** Whose ending says nothing, or something else. */
const byName: Readonly<Record<string, StructuredFormat>> = {
  'Cargo.lock': 'toml',
  'poetry.lock': 'toml',
  'uv.lock': 'toml',
  'pdm.lock': 'toml',
  Pipfile: 'toml',
  'Pipfile.lock': 'json',
  'composer.lock': 'json',
  'flake.lock': 'json',
  'deno.lock': 'json',
}

/** The format of a file by its name; null for one whose parts cannot be told apart. */
export function structuredFormat(file: string): StructuredFormat | null {
  const name = file.slice(file.lastIndexOf('/') + 1)
  if (Object.hasOwn(byName, name)) return byName[name] ?? null
  const ending = /\.([a-z]+)$/.exec(name)?.[1] ?? ''
  return Object.hasOwn(byEnding, ending) ? (byEnding[ending] ?? null) : null
}
