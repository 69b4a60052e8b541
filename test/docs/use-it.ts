import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { type Lab, blocks, execCommand, inOrder, message, withLab } from '../rig/installed.ts'
import { projectRoot } from '../rig/root.ts'

/** One command line of the README, and what it printed. */
export interface Typed {
  readonly line: string
  readonly code: number
  readonly shown: string
}

export interface Played {
  readonly typed: readonly Typed[]
  /** What reached the model at each block, oldest first. */
  readonly told: readonly string[]
  /** The working tree that the lines leave behind: path → text. */
  readonly greeting: string
}

/** What of a clone a person uses who has typed `npm ci && npm run prove` in it. */
const CLONE = [
  'bin',
  'dist',
  'docs',
  'examples',
  'hooks',
  'schemas',
  'skill',
  'package.json',
  'TROUBLESHOOTING.md',
]

/** The command lines of the `sh` blocks below a heading. */
export function linesBelow(document: string, heading: string): readonly string[] {
  const part = document.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return [...part.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap((match) =>
    (match[1] ?? '').trimEnd().split('\n'),
  )
}

/**
 * Types the lines one after the other in one shell, in a clone of its own, with node, git and the system's programs on the
 * PATH. The model claims success without work, then with wrong work, then with the work done.
 */
export async function play(lines: readonly string[]): Promise<Played> {
  const script = inOrder(
    [message('All done!')],
    [execCommand('mkdir -p src && echo hullo > src/greeting.txt')],
    [message('Now it is done.')],
    [execCommand('echo hello > src/greeting.txt')],
    [message('Done, really.')],
  )
  return withLab({ script, trustProject: false }, async (lab) => {
    const typed = await type(lab, makeClone(lab), lines)
    const file = path.join(lab.userHome, 'greeting/src/greeting.txt')
    return { typed, told: blocks(lab), greeting: fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '' }
  })
}

/** A clone below the home of the lab, as `npm ci && npm run prove` leaves it. */
export function makeClone(lab: Lab): string {
  const clone = path.join(lab.userHome, 'autonomous-loop')
  for (const name of CLONE)
    fs.cpSync(path.join(projectRoot, name), path.join(clone, name), { recursive: true })
  fs.symlinkSync(path.join(projectRoot, 'node_modules'), path.join(clone, 'node_modules'))
  return clone
}

async function type(lab: Lab, clone: string, lines: readonly string[]): Promise<Typed[]> {
  const results = path.join(lab.dir, 'results')
  fs.mkdirSync(results)
  // Braces and not parentheses: what a line exports, and where it goes, holds for the next one.
  const text = lines.map(
    (line, at) => `{ ${line}\n} > ${results}/${at}.out 2>&1\necho $? > ${results}/${at}.code\n`,
  )
  const child = spawn('sh', ['-c', text.join('')], {
    cwd: clone,
    // A person has a terminal, where answers are in words.
    env: {
      ...lab.env({ AUTONOMOUS_LOOP_OUTPUT: 'text', NO_COLOR: '1', CODEX_HOME: undefined }),
      PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin`,
    },
    stdio: 'ignore',
  })
  await once(child, 'close')
  return lines.map((line, at) => ({
    line,
    code: Number(fs.readFileSync(path.join(results, `${at}.code`), 'utf8')),
    shown: fs.readFileSync(path.join(results, `${at}.out`), 'utf8').replaceAll(lab.userHome, '/home/you'),
  }))
}
