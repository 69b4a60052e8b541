import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll } from '@jest/globals'
import { cliBundle } from '../../../scripts/cli-bundle.js'
import { type Running, type Site, startCli } from '../rig.ts'

/** Where a run is to end itself. */
export interface Killed {
  /** Number of the step, from 1; 0: nowhere. */
  readonly at: number
  /** Everything that it started goes with it. */
  readonly power?: boolean
}

/** Bundles the command line that can end itself, for the tests of this file. Gives the program once they run. */
export function killedProgram(): () => string {
  let dir = ''
  beforeAll(async () => {
    dir = fs.mkdtempSync(path.join(os.homedir(), '.autoloop-killed-'))
    await cliBundle({ killed: 'test/supervisor/kill/killed-run.ts' }, dir)
  })
  afterAll(() => fs.rmSync(dir, { recursive: true, force: true }))
  return () => path.join(dir, 'killed.js')
}

/** `autonomous-loop run` that ends itself. */
export function startKilled(
  site: Site,
  program: string,
  { at, power }: Killed,
  args: readonly string[] = [],
): Running {
  return startCli(
    site.repo,
    ['run', '--json', ...args],
    {
      ...site.env,
      KILLED_AT: String(at),
      KILLED_LOG: site.at('steps'),
      ...(power === true ? { KILLED_WITH: site.dir } : {}),
    },
    program,
  )
}

/** The steps that runs of this site took so far, oldest first. */
export function stepsOf(site: Site): string[] {
  return fs.existsSync(site.at('steps')) ? fs.readFileSync(site.at('steps'), 'utf8').trim().split('\n') : []
}
