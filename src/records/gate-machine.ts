import type { ProcessId } from '../base/process-id.ts'
import { directLaunch } from '../gates/starter.ts'
import { staysInside } from '../evidence/path-text.ts'
import type { GateMachine } from '../judging/gate-runner.ts'
import type { RunState } from '../ledger/state.ts'
import type { Context } from './context.ts'
import { readMachine } from './machine.ts'
import { repositoryLauncher } from './sandbox-launcher.ts'
import type { TreeRules } from './sealing.ts'

/** How this machine starts the gates of a run: in Codex's sandbox unless the approved config says otherwise. */
export function gateMachine(context: Context, run: RunState, codex: ProcessId | null): GateMachine {
  const machine = readMachine(context.env.home)
  const off = run.contract.policy.sandbox === 'off'
  return {
    nodePty: machine.ok ? (machine.value.nodePty ?? null) : null,
    launch: off ? directLaunch : repositoryLauncher(context, run.activation.repoRoot, codex, rulesOf(run)),
  }
}

function rulesOf({ activation, contract }: RunState): TreeRules {
  return {
    definition: activation.pins.map((pin) => pin.file).filter(staysInside),
    gateWrites: contract.policy.gateWrites,
    ...activation.config?.limits,
  }
}
