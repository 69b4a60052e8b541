import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The working copy under test. */
export const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
