import path from 'node:path'
import { shellWord } from '../base/shell-word.ts'
import { FIRST_DEVICE } from './reach.ts'

export interface Supervised {
  /** Handed in as descriptors from FIRST_DEVICE on. */
  readonly devices: readonly string[]
  /** The starter, which announces itself. */
  readonly argv: readonly string[]
}

/**
 * The argv with what has to be there around it, in the gate's own namespaces; the exit code is that of the argv alone. Text of ours,
 * handed on as an argument: nothing that an agent writes is read.
 */
export function supervisorArgv({ devices, argv }: Supervised): string[] {
  if (devices.length === 0) return [...argv]
  // Not the last command, which a shell would become: it keeps the descriptors.
  const script = [OWN_PID, ...devices.map(deviceLine), '"$@"', 'exit $?'].join('\n')
  return ['/bin/sh', '-c', script, 'sh', ...argv]
}

// As `/proc` counts, which need not be the shell's own pid namespace.
const OWN_PID = 'read -r me _ </proc/self/stat'

/** By the descriptor that this shell keeps open. Outside of a sandbox the device is there. */
function deviceLine(device: string, at: number): string {
  const file = shellWord(device)
  return `[ -e ${file} ] || { mkdir -p ${shellWord(path.dirname(device))} && ln -s "/proc/$me/fd/${FIRST_DEVICE + at}" ${file}; }`
}
