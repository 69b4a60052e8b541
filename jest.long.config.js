import { fileURLToPath } from 'node:url'
import base from './jest.config.js'
import { lanes } from './scripts/lanes.js'

/** `npm run test:long`: every test that has a long form. */
const { long } = lanes(fileURLToPath(new URL('.', import.meta.url)))
export default { ...base, testMatch: long.map((file) => `<rootDir>/${file}`) }
