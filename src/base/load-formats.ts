import type * as formats from './formats.ts'

export type Formats = typeof formats

/** The parsers of JSON with comments, TOML and YAML, read when they are first asked for. */
export async function loadFormats(): Promise<Formats> {
  return import('./formats.ts')
}
