import type { Result } from '../base/result.ts'
import type { InstallPlan } from '../setup/install/plan.ts'
import { confirm } from './ask.ts'
import { secondsWords } from './render/ahead.ts'
import { printDoc } from './render/doc.ts'
import { gates } from './render/install.ts'
import { screenWidth } from './screen.ts'

/** What would be run is shown before, with what it may take. */
export function askToMeasure(plan: InstallPlan): Promise<Result<boolean>> {
  const found = printDoc(
    gates(plan.commands, null, plan.steps),
    process.stderr.isTTY && process.stderr.hasColors(),
    screenWidth(process.stderr),
  )
  const prepare = plan.version === 1 ? [] : plan.prepare.steps.map((step) => `  ${step.argv.join(' ')}\n`)
  const first =
    prepare.length === 0 ? '' : `Before them, in a clean room and with the network:\n${prepare.join('')}`
  const most = plan.commands.reduce((sum, one) => sum + one.timeoutSeconds, 0) * 1000
  return confirm(
    `Found:\n${found}${first}Run each in the gate sandbox now, to see what it needs? This runs the repository's own code. How long it takes is unknown until measured: once through them all ends after ${secondsWords(most)} at the latest, and one that fails is run several times.`,
    'nothing was written',
  )
}
