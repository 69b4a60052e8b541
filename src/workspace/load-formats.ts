import type * as formats from './formats.ts'

/** The part that reads structured files, loaded when it is first asked for. */
export async function loadFormats(): Promise<typeof formats> {
  return import('./formats.ts')
}
