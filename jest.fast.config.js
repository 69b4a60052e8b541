import { fileURLToPath } from 'node:url'
import base from './jest.config.js'
import { lanes } from './scripts/lanes.js'

/** `npm run test:fast`: every test that starts no Codex. */
const { fast } = lanes(fileURLToPath(new URL('.', import.meta.url)))
export default { ...base, testMatch: fast.map((file) => `<rootDir>/${file}`) }
