// The programs of other vendors that `npm run test:agents` plays. They are no dependencies: Claude Code is 400 MB and belongs to its
// vendor. They are installed beside the package once, and stay.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const PLATFORM = `${process.platform}-${process.arch}`

/** By name: the release that was measured, what npm installs of it, and the file that is started. */
const PROGRAMS = {
  claude: {
    version: '2.1.332',
    // The package that people install is a launcher, whose own script would have to put the program in its place.
    package: `@anthropic-ai/claude-code-${PLATFORM}`,
    file: 'claude',
  },
  gemini: { version: '0.61.0', package: '@google/gemini-cli', file: 'bundle/gemini.js' },
}

export const otherAgents = Object.keys(PROGRAMS)

/** `AUTOLOOP_AGENTS` names another place. */
const placeOf = ({ package: name, version }) =>
  path.join(
    process.env.AUTOLOOP_AGENTS ?? path.join(os.homedir(), '.autoloop-agents'),
    `${path.basename(name)}-${version}`,
  )

/** The program of that name; null: it is not installed. */
export function otherAgent(name) {
  const program = PROGRAMS[name]
  const file = path.join(placeOf(program), 'node_modules', program.package, program.file)
  return fs.existsSync(file) ? file : null
}

/** Makes sure of it; null where it cannot be had. Whoever looks meanwhile finds it whole or not at all. */
export function installAgent(name) {
  const found = otherAgent(name)
  if (found !== null) return found
  const program = PROGRAMS[name]
  const place = placeOf(program)
  const unfinished = `${place}.${process.pid}`
  try {
    fs.mkdirSync(unfinished, { recursive: true })
    fs.writeFileSync(path.join(unfinished, 'package.json'), '{"private": true}\n')
    const { status } = spawnSync(
      'npm',
      ['install', '--ignore-scripts', '--no-audit', '--no-fund', `${program.package}@${program.version}`],
      { cwd: unfinished, stdio: ['ignore', 2, 2] },
    )
    if (status === 0) fs.renameSync(unfinished, place)
  } catch {
    // Another one was faster, or it cannot be written there.
  } finally {
    fs.rmSync(unfinished, { recursive: true, force: true })
  }
  return otherAgent(name)
}
