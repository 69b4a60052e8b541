import path from 'node:path'
import { shellQuote, shellWord } from '../base/shell-word.ts'
import type { Service } from '../contract/types.ts'
import { FIRST_DEVICE } from './reach.ts'
import { serviceLines } from './services.ts'
import { CLEAN_ENVIRONMENT } from './starter.ts'

export interface Supervised {
  readonly nonce: string
  /** Absolute directory of the command. */
  readonly cwd: string
  readonly path: string
  /** Handed in as descriptors from FIRST_DEVICE on. */
  readonly devices: readonly string[]
  readonly services: readonly Service[]
  /** The starter, which announces itself once the services are ready. */
  readonly argv: readonly string[]
}

/**
 * The argv with what has to be there around it, in the gate's own namespaces; the exit code is that of the argv alone. Text of ours,
 * handed on as an argument: nothing that an agent writes is read.
 */
export function supervisorArgv({
  argv,
  cwd,
  devices,
  nonce,
  path: programs,
  services,
}: Supervised): string[] {
  if (devices.length === 0 && services.length === 0) return [...argv]
  const { before, after } = serviceLines(services, nonce)
  const script = [
    `cd -- ${shellQuote(cwd)} || exit 126`,
    `PATH=${shellQuote(programs)}`,
    CLEAN_ENVIRONMENT,
    OWN_PID,
    ...devices.map(deviceLine),
    ...before,
    // Not the last command, which a shell would become: it keeps the descriptors.
    '"$@"',
    'code=$?',
    ...after,
    'exit $code',
  ].join('\n')
  return ['/bin/sh', '-c', script, 'sh', ...argv]
}

// As `/proc` counts, which need not be the shell's own pid namespace.
const OWN_PID = '[ ! -r /proc/self/stat ] || read -r me _ </proc/self/stat'

/** By the descriptor that this shell keeps open. Outside of a sandbox the device is there. */
function deviceLine(device: string, at: number): string {
  const file = shellWord(device)
  return `[ -e ${file} ] || { mkdir -p ${shellWord(path.dirname(device))} && ln -s "/proc/$me/fd/${FIRST_DEVICE + at}" ${file}; }`
}
