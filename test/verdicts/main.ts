import fs from 'node:fs'
import path from 'node:path'
import { projectRoot } from '../rig/root.ts'
import { playedWhen, withTable } from './measured.ts'
import { play, type Played } from './play.ts'
import type { Route } from './scenario.ts'
import { groups } from './scenarios/index.ts'
import { missesOf, report, tally } from './tally.ts'
import { withWorld } from './world.ts'

/**
 * Plays scenarios by every route and prints the table. Arguments: `--route terminal` for one route, `--only text` for
 * scenarios whose name holds it. Exit code 1 as soon as anything is not as labelled.
 */
const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(name)
  return at === -1 ? undefined : process.argv[at + 1]
}
const route = option('--route') as Route | undefined
const only = option('--only') ?? ''
const group = option('--group')
const writes = process.argv.includes('--write')
if (writes && (route !== undefined || only !== '' || group !== undefined))
  throw new Error('--write is for a whole play: without --route, --only and --group')

const plays: Played[] = []
await withWorld(async (world) => {
  for (const scenario of group === undefined ? Object.values(groups).flat() : (groups[group] ?? []))
    for (const one of scenario.routes) {
      if ((route !== undefined && one !== route) || !scenario.name.includes(only)) continue
      const played = await play(world, scenario, one)
      plays.push(played)
      for (const miss of missesOf(played)) process.stderr.write(`MISS ${miss}\n`)
    }
})
const result = tally(plays)
process.stdout.write(report(result))
if (writes) {
  const page = path.join(projectRoot, 'docs/measured.md')
  const when = playedWhen(projectRoot, new Date())
  fs.writeFileSync(page, withTable(fs.readFileSync(page, 'utf8'), result, when))
}
process.exitCode = plays.length > 0 && result.misses.length === 0 ? 0 : 1
