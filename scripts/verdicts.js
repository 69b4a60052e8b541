// Runs test/verdicts/main.ts: labelled scenarios through the whole controller, with false-block and false-release rates.
import { fileURLToPath } from 'node:url'
import path from 'node:path'
import { runBundled } from './run-bundled.js'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
await runBundled(root, 'test/verdicts/main.ts')
