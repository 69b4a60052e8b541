// Plays the README's "Use it" on the real Codex with a scripted model and draws docs/run.svg from what was printed. Needs dist/.
import { fileURLToPath } from 'node:url'
import path from 'node:path'
import { runBundled } from './run-bundled.js'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
await runBundled(root, 'test/docs/write-picture.ts')
