// Runs one way and looks meanwhile at what it takes of the disk and of the machine's memory.
import { spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

const EVERY_MS = 10

/** `dir`: where it writes. Gives its time, the most that lay there, what still lies there, and the memory it took. All in ms and MB. */
export async function watched({ argv, input, cwd, env, check }, dir) {
  spawnSync('sync')
  const memoryBefore = freeMemory()
  let [disk, free] = [0, memoryBefore]
  const look = () => {
    disk = Math.max(disk, usedBelow(dir))
    free = Math.min(free, freeMemory())
  }
  const begin = process.hrtime.bigint()
  const child = spawn(argv[0], argv.slice(1), { cwd, env, stdio: ['pipe', 'pipe', 'inherit'] })
  const timer = setInterval(look, EVERY_MS)
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (out += text))
  child.stdin.end(input)
  await new Promise((resolve) => child.on('close', resolve))
  const ms = Number(process.hrtime.bigint() - begin) / 1e6
  clearInterval(timer)
  check(out)
  return { ms, disk, left: usedBelow(dir), memory: memoryBefore - free }
}

function usedBelow(dir) {
  let bytes = 0
  for (const name of namesIn(dir)) {
    const at = path.join(dir, name)
    const stat = fs.lstatSync(at, { throwIfNoEntry: false })
    if (stat === undefined) continue
    bytes += stat.isDirectory() ? usedBelow(at) * 1e6 : stat.blocks * 512
  }
  return bytes / 1e6
}

/** It can go while it is looked at. */
function namesIn(dir) {
  try {
    return fs.readdirSync(dir)
  } catch {
    return []
  }
}

/** What programs could still have, without what the kernel keeps of files and gives back. */
function freeMemory() {
  const [, kB] = /^MemAvailable:\s+(\d+) kB$/m.exec(fs.readFileSync('/proc/meminfo', 'utf8')) ?? []
  return (Number(kB) * 1024) / 1e6
}
