import fs from 'node:fs'
import { onBatchStep } from '../../../src/supervisor/step.ts'
import { processesOf } from '../../rig/processes.ts'

/*
 * The command line, as it ships, which ends itself at the step whose number stands in KILLED_AT. Steps are counted from 1 and
 * written down. With KILLED_WITH everything that belongs to this directory goes with it, as in a power cut.
 */
const { KILLED_AT = '0', KILLED_LOG, KILLED_WITH } = process.env
let steps = 0
onBatchStep((name) => {
  steps += 1
  if (KILLED_LOG !== undefined) fs.appendFileSync(KILLED_LOG, `${name}\n`)
  if (steps !== Number(KILLED_AT)) return
  if (KILLED_WITH !== undefined) for (const pid of processesOf(KILLED_WITH)) process.kill(pid, 'SIGKILL')
  process.kill(process.pid, 'SIGKILL')
})
await import('../../../src/cli/main.ts')
