import fs from 'node:fs'

/** Names this start of the machine. Empty outside of Linux, where the start time of a process tells its date by itself. */
export function bootId(): string {
  try {
    return fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return ''
  }
}
