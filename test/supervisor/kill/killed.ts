import fs from 'node:fs'
import path from 'node:path'
import { cliBundle } from '../../../scripts/cli-bundle.js'
import { type Running, type Site, startCli } from '../rig.ts'

/** Where a run is to end itself. */
export interface Killed {
  /** Number of the step, from 1; 0: nowhere. */
  readonly at: number
  /** Everything that it started goes with it. */
  readonly power?: boolean
}

/** Bundles the command line that can end itself, into this directory. Gives the program. */
export async function killedProgram(dir: string): Promise<string> {
  await cliBundle({ killed: 'test/supervisor/kill/killed-run.ts' }, dir)
  return path.join(dir, 'killed.js')
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
