// npm run test:agents [-- claude|gemini …]: installs the programs of other vendors where they are not there yet, and runs the suites
// that play them.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { lanes } from './lanes.js'
import { installAgent, otherAgents } from './other-agents.js'

const root = fileURLToPath(new URL('../', import.meta.url))
const named = process.argv.slice(2)
const unknown = named.find((name) => !otherAgents.includes(name))
if (unknown !== undefined) fail(`"${unknown}" is not one of ${otherAgents.join(', ')}`)

const names = named.length > 0 ? named : otherAgents
for (const name of names)
  if (installAgent(name) === null) fail(`${name} cannot be installed: is the npm registry reached?`)

const { agents } = lanes(root)
const files = names.flatMap((name) => agents[name])
const { status } = spawnSync(
  process.execPath,
  ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--runInBand', '--runTestsByPath', ...files],
  { cwd: root, stdio: 'inherit' },
)
process.exitCode = status ?? 1

function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
