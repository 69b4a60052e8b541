import fs from 'node:fs'
import path from 'node:path'
import { isWithin, realPath } from '../base/within.ts'
import type { Command } from '../contract/types.ts'
import { type TreeView, asItLies, interpreterOf, resolveCommand } from '../gates/resolve.ts'

/** What a command is run by, so that another version of it is another tool. What is in the tree is known with the tree. */
export function toolOf(
  command: Pick<Command, 'argv' | 'cwd'>,
  root: string,
  gatePath: string,
  seen: TreeView = asItLies,
): string {
  const found = resolveCommand(command, root, gatePath, seen)
  if (!found.ok) return 'none'
  const file = path.resolve(found.value.cwd, found.value.argv[0] ?? '')
  if (isWithin(file, realPath(root))) return 'of the tree'
  const interpreter = interpreterOf(file, gatePath)
  return [statOf(file), ...(interpreter === null ? [] : [statOf(interpreter)]), process.arch].join(' ')
}

/** Programs that others are run by, or build for, without being named: packages with native code are made for one of these. */
const RUNTIMES = ['node', 'python3', 'ruby', 'php']

/** Which ones gates find. */
export function runtimesOf(gatePath: string): string {
  const places = gatePath.split(path.delimiter).filter(Boolean)
  const found = RUNTIMES.flatMap((name) =>
    places
      .map((dir) => path.join(dir, name))
      .filter((file) => fs.existsSync(file))
      .slice(0, 1),
  )
  return found.map(statOf).join(' ')
}

export function statOf(file: string): string {
  try {
    const place = fs.realpathSync(file)
    const { size, ctimeMs } = fs.statSync(place)
    return `${place} ${size} ${ctimeMs}`
  } catch {
    return 'none'
  }
}
