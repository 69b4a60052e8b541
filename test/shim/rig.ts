import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { renderHookShim } from '../../src/setup/shim.ts'

export const SESSION = '0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee'
export const OTHER = '0199ffff-bbbb-7ccc-8ddd-eeeeeeeeeeee'
export const EVENTS = [
  'stop',
  'session-start',
  'user-prompt-submit',
  'post-tool-use',
  'subagent-start',
  'subagent-stop',
] as const
export type ShimEvent = (typeof EVENTS)[number]

export const template = fileURLToPath(new URL('../../hooks/hook.sh', import.meta.url))

/** Programs that can take the place of the bundle. Each first leaves word that it ran. */
export const BUNDLES = {
  answers: `process.stdout.write('{"decision":"block","reason":"r"}\\nautoloop:ok\\n')`,
  'has nothing to say': `process.stdout.write('autoloop:ok\\n')`,
  'answers, then exits 2': `process.stdout.write('{"systemMessage":"m"}\\nautoloop:ok\\n'); process.exitCode = 2`,
  'exits 1': `process.exit(1)`,
  'exits 2 with words': `console.error('broken'); process.exit(2)`,
  'prints half an answer': `process.stdout.write('{"decision":"bl')`,
  'prints a whole answer without the end mark': `process.stdout.write('{"decision":"block","reason":"r"}\\n')`,
  'prints noise before': `process.stdout.write('debug: 1\\n{"decision":"block","reason":"r"}\\nautoloop:ok\\n')`,
  'prints a word instead of an object': `process.stdout.write('hello\\nautoloop:ok\\n')`,
  'dies by a signal after half an answer': `require('fs').writeSync(1, '{"decision"'); process.kill(process.pid, 'SIGKILL')`,
  'does not parse': `}{`,
} as const

export interface Rig {
  readonly home: string
  readonly shim: string
  readonly node: string
  readonly spool: string
  /** What the bundle saw, or undefined when it was not started. */
  ran(): { event: string; stdin: string; env: Record<string, string>; execArgv: string[] } | undefined
  bundle(program: string | null): void
  touch(...parts: string[]): string
  run(event: string, text: string, options?: RunOptions): { stdout: string; status: number | null }
}

export interface RunOptions {
  readonly shell?: readonly string[]
  readonly env?: Record<string, string>
  readonly cwd?: string
  readonly argv?: readonly string[]
  readonly uid?: number
}

/** A home with a rendered shim below the temp directory; `node` may be a path where there is none. */
export function makeRig(node = process.execPath): Rig {
  const home = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "shim it's "))
  const version = '9.9.9'
  const bundle = path.join(home, 'bin', version, 'hook.cjs')
  const witness = path.join(home, 'witness.json')
  // A uid of its own keeps spools of parallel tests apart.
  const uid = 700_000_000 + Math.floor(Math.random() * 1e8)
  const shim = path.join(home, 'bin', 'hook')
  for (const dir of ['armed', 'requests', `bin/${version}`])
    fs.mkdirSync(path.join(home, dir), { recursive: true })
  fs.writeFileSync(
    shim,
    renderHookShim(fs.readFileSync(template, 'utf8'), {
      node,
      home,
      codexHome: '/nowhere/codex',
      version,
      uid,
    }),
    { mode: 0o755 },
  )
  const rig: Rig = {
    home,
    shim,
    node,
    spool: `/tmp/autoloop-${uid}/${SESSION}`,
    ran: () => (fs.existsSync(witness) ? (JSON.parse(fs.readFileSync(witness, 'utf8')) as never) : undefined),
    bundle(program) {
      fs.rmSync(witness, { force: true })
      if (program === null) return fs.rmSync(bundle, { force: true })
      fs.writeFileSync(
        bundle,
        `const stdin = require('fs').readFileSync(0, 'utf8')
require('fs').writeFileSync(${JSON.stringify(witness)}, JSON.stringify({ event: process.argv[2], stdin, env: process.env, execArgv: process.execArgv }))
${program}`,
      )
    },
    touch(...parts) {
      const file = path.join(home, ...parts)
      fs.mkdirSync(path.dirname(file), { recursive: true })
      fs.writeFileSync(file, '')
      return file
    },
    run(event, text, options = {}) {
      const [command, ...args] = options.argv ?? [...(options.shell ?? []), shim, event]
      const done = spawnSync(command as string, args, {
        cwd: options.cwd ?? home,
        input: text,
        encoding: 'utf8',
        env: options.env ?? { PATH: '/usr/bin:/bin' },
        ...(options.uid === undefined ? {} : { uid: options.uid }),
        maxBuffer: 1e8,
        timeout: 30_000,
      })
      if (done.error && (done.error as NodeJS.ErrnoException).code !== 'EPIPE') throw done.error
      return { stdout: done.stdout, status: done.status }
    },
  }
  rig.bundle(BUNDLES.answers)
  return rig
}

export function removeRig(rig: Rig): void {
  fs.rmSync(rig.home, { recursive: true, force: true })
  fs.rmSync(path.dirname(rig.spool), { recursive: true, force: true })
}

/** Compact JSON with the id first, as Codex writes it. */
export function payload(event: ShimEvent, more: Record<string, unknown> = {}, session = SESSION): string {
  const names = {
    stop: 'Stop',
    'session-start': 'SessionStart',
    'user-prompt-submit': 'UserPromptSubmit',
    'post-tool-use': 'PostToolUse',
    'subagent-start': 'SubagentStart',
    'subagent-stop': 'SubagentStop',
  }
  return JSON.stringify({ session_id: session, cwd: '/', hook_event_name: names[event], ...more })
}

/** The shells of this machine that can be /bin/sh somewhere. */
export const SHELLS: readonly (readonly [string, readonly string[]])[] = (
  [
    ['the script itself', []],
    ['dash', ['/usr/bin/dash']],
    ['bash as sh', ['/bin/bash', '--posix']],
    ['busybox', ['/usr/bin/busybox', 'sh']],
  ] as const
).filter(([, argv]) => argv[0] === undefined || fs.existsSync(argv[0]))
