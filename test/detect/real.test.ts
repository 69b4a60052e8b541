import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { parseProjectConfig } from '../../src/contract/config.ts'
import type { Command } from '../../src/contract/types.ts'
import { cacheDirectories } from '../../src/gates/cache-directories.ts'
import { safeGatePath } from '../../src/gates/gate-path.ts'
import { runProfile } from '../../src/gates/run-profile.ts'
import { detect } from '../../src/detect/detectors.ts'
import { projectConfigText } from '../../src/setup/install/project-config.ts'
import { sampleOf } from '../rig/long.ts'
import { type Lab, gate, makeLab, sandboxed } from '../gates/rig.ts'
import { type Project, projects } from './projects.ts'

const missing = ({ needs }: Project): string | undefined =>
  needs.find(([program = '', ...args]) => spawnSync(program, args).status !== 0)?.join(' ')

const here = projects.map((project) => ({ ...project, missing: missing(project) }))
const absent = here.filter((project) => project.missing !== undefined)

test('there are tools here to try the commands with', () => {
  for (const project of absent)
    process.stderr.write(
      `${project.name}: its commands were not really run, "${project.missing}" fails here\n`,
    )
  expect(here.length).toBeGreaterThan(absent.length)
})

const tried = here.filter((project) => project.missing === undefined)
test.each(sampleOf(tried, 4))(
  '$name: the commands pass in the gate sandbox, and fail after a bug',
  async (project) => {
    const lab = makeLab()
    try {
      write(lab, project.files)
      fs.rmSync(path.join(lab.root, '.git'), { recursive: true })
      git(lab, 'init', '-q')
      git(lab, 'add', '.')
      for (const [program = '', ...args] of project.prepare ?? [])
        execFileSync(program, args, { cwd: lab.root, env: surroundings(lab), stdio: 'pipe' })
      const detected = detect({ root: lab.root })
      if (!detected.ok) throw new Error(detected.error.message)
      const config = parseProjectConfig(projectConfigText(detected.value.commands, 1), 'x')
      if (!config.ok) throw new Error(JSON.stringify(config.error))
      const commands = Object.values(config.value.commands)
      expect(commands.map((one) => one.name)).toEqual(project.commands)

      expect(await outcomes(lab, commands)).toEqual(
        Object.fromEntries(project.commands.map((name) => [name, 'passed'])),
      )
      write(lab, project.bug)
      git(lab, 'add', '.')
      expect(await outcomes(lab, commands)).toEqual(
        Object.fromEntries(
          project.commands.map((name) => [
            name,
            project.fail.includes(name) ? expect.stringMatching(/^exit [1-9]/) : 'passed',
          ]),
        ),
      )
    } finally {
      lab.remove()
    }
  },
  300_000,
)

/** `passed`, or how it ended with its last lines. */
async function outcomes(lab: Lab, commands: readonly Command[]): Promise<Record<string, string>> {
  const vars = surroundings(lab)
  const caches = cacheDirectories({ home: lab.home, codexHome: lab.codexHome, vars })
  const results = await runProfile(commands, (command) =>
    gate(lab, command, {
      launch: sandboxed(lab, caches),
      vars,
      gatePath: safeGatePath(process.env['PATH'] ?? '', { root: lab.root, tmpDir: os.tmpdir() }),
    }),
  )
  return Object.fromEntries(
    results.map(({ name, outcome, tail }) => [
      name,
      outcome.kind === 'passed'
        ? 'passed'
        : outcome.kind === 'failed'
          ? `exit ${outcome.exitCode} ${outcome.cause} ${tail.slice(-2000)}`
          : `could not run: ${outcome.why}`,
    ]),
  )
}

/**
 * Caches of the lab's own, with Go's made: a machine on which nobody has built anything has none, and the sandbox makes
 * none. Git is nobody's: a person may have every file ignored that a test wants to add.
 */
function surroundings(lab: Lab): NodeJS.ProcessEnv {
  const XDG_CACHE_HOME = path.join(lab.dir, 'cache')
  fs.mkdirSync(path.join(XDG_CACHE_HOME, 'go-build'), { recursive: true })
  return { ...process.env, HOME: os.homedir(), XDG_CACHE_HOME, ...plainGit }
}

function write(lab: Lab, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(lab.root, name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, text)
  }
}

const plainGit = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }

function git(lab: Lab, ...args: readonly string[]): void {
  execFileSync('git', ['-C', lab.root, ...args], { env: surroundings(lab) })
}
