import fs from 'node:fs'
import path from 'node:path'

/** Programs that others are run by, or build for, without being named: packages with native code are made for one of these. */
const RUNTIMES = ['node', 'python3', 'ruby', 'php']

/**
 * What a program is, so that another version of it is told apart: its file and that of what interprets it, by place, size and change
 * time, and the runtimes beside it. `program`: absolute, null where there is none.
 */
export function toolMarks(program: string | null, gatePath: string): string {
  const runtimes = RUNTIMES.flatMap((name) => onPath(name, gatePath) ?? [])
  const interpreter = program === null ? null : interpreterOf(program, gatePath)
  const marks = [program, interpreter, ...runtimes].map((file) => (file === null ? 'none' : markOf(file)))
  return [process.platform, process.arch, ...marks].join(' ')
}

function onPath(name: string, gatePath: string): string | null {
  const places = gatePath.split(path.delimiter).filter(Boolean)
  return places.map((dir) => path.join(dir, name)).find((file) => fs.existsSync(file)) ?? null
}

function markOf(file: string): string {
  try {
    const place = fs.realpathSync(file)
    const { size, ctimeMs } = fs.statSync(place)
    return `${place}:${size}:${ctimeMs}`
  } catch {
    return 'none'
  }
}

/** `#!/usr/bin/env node`: node, as it is found for gates. */
function interpreterOf(program: string, gatePath: string): string | null {
  const head = Buffer.alloc(256)
  try {
    const file = fs.openSync(program, 'r')
    try {
      fs.readSync(file, head, 0, head.length, 0)
    } finally {
      fs.closeSync(file)
    }
  } catch {
    return null
  }
  const [, first = '', second = ''] =
    /^#!\s*(\S+)(?:[ \t]+(?:-S[ \t]+)?([^\s-]\S*))?/.exec(head.toString('latin1')) ?? []
  if (first === '') return null
  return path.basename(first) === 'env' && second !== '' ? onPath(second, gatePath) : first
}
