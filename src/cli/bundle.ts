import { fileURLToPath } from 'node:url'

/** Directory that holds `cli/` and `hook.cjs`: `dist` in the package, `bin/<version>` in the home. */
export function bundleDirectory(): string {
  return fileURLToPath(new URL('..', import.meta.url))
}
