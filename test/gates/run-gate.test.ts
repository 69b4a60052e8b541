import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ok } from '../../src/base/result.ts'
import type { Launcher } from '../../src/gates/types.ts'
import { gateProcesses } from '../../src/gates/processes.ts'
import { type Lab, alive, command, gate, makeLab, sandboxed, shell } from './rig.ts'
import { long } from '../rig/long.ts'

let lab: Lab
beforeAll(() => {
  lab = makeLab()
})
afterAll(() => lab.remove())

const script = (name: string, text: string, mode = 0o755): string => {
  const file = path.join(lab.root, name)
  fs.writeFileSync(file, text)
  fs.chmodSync(file, mode)
  return `./${name}`
}

describe.each(['direct', 'sandboxed'] as const)('outcomes, %s', (how) => {
  const options = () => (how === 'direct' ? {} : { launch: sandboxed(lab) })

  test.each([
    ['exit 0', { kind: 'passed' }],
    ['exit 1', { kind: 'failed', exitCode: 1, signal: null, cause: 'exit' }],
    ['exit 126', { kind: 'failed', exitCode: 126, signal: null, cause: 'exit' }],
    ['no-such-command-here', { kind: 'failed', exitCode: 127, signal: null, cause: 'exit' }],
  ])('%s', async (text, outcome) => {
    const result = await gate(lab, shell(text), options())
    expect(result.outcome).toEqual(outcome)
    expect(result.sandboxed).toBe(how === 'sandboxed')
  })

  test('output of both streams in order, whole in tail and log, /dev/stderr can be opened', async () => {
    const result = await gate(
      lab,
      shell('echo one; echo two >&2; echo three > /dev/stderr; printf four'),
      options(),
    )
    expect(result).toMatchObject({ head: '', tail: 'one\ntwo\nthree\nfour', outputBytes: 18 })
    expect(fs.readFileSync(result.logFile ?? '', 'utf8')).toBe('one\ntwo\nthree\nfour')
    expect(fs.statSync(result.logFile ?? '').mode & 0o777).toBe(0o600)
  })

  test('nothing written: no log', async () => {
    expect(await gate(lab, shell(':'), options())).toMatchObject({ tail: '', outputBytes: 0, logFile: null })
  })

  test('a gate sees its own directory, an empty stdin and a clean environment', async () => {
    fs.mkdirSync(path.join(lab.root, 'sub dir'), { recursive: true })
    const result = await gate(lab, shell('pwd; cat; env', { cwd: 'sub dir', env: { MINE: 'a b' } }), {
      ...options(),
      runId: 'the-run',
      vars: {
        HOME: '/root',
        OPENAI_API_KEY: 'secret',
        CODEX_THREAD_ID: 't',
        GIT_DIR: '/x',
        NODE_OPTIONS: '--x',
      },
    })
    const lines = result.tail.trim().split('\n')
    expect(lines[0]).toBe(path.join(fs.realpathSync(lab.root), 'sub dir'))
    const names = lines.slice(1).map((line) => line.split('=')[0] ?? '')
    expect(names.filter((name) => !['_', 'SHLVL'].includes(name)).sort()).toEqual(
      'AUTOLOOP_GATE CI HOME MINE PATH PWD PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX TERM UV_NO_CACHE'.split(
        ' ',
      ),
    )
    const byteCode = /^PYTHONPYCACHEPREFIX=(.+)$/m.exec(result.tail)?.[1] ?? ''
    expect(path.isAbsolute(byteCode) && !fs.existsSync(byteCode)).toBe(true)
    expect(byteCode.startsWith(`${fs.realpathSync(lab.root)}/`)).toBe(false)
    expect(result.tail).toContain('\nMINE=a b\n')
    expect(result.tail).toMatch(/^AUTOLOOP_GATE=the-run:[0-9a-f]{24}$/m)
    expect(result.tail).not.toContain('arg0')
  })

  test('byte code that lies beside a Python source is not read, and a gate may compile', async () => {
    const dir = path.join(lab.root, `py-${how}`)
    fs.mkdirSync(dir)
    fs.writeFileSync(path.join(dir, 'check.py'), 'import helper, sys\nsys.exit(helper.run())\n')
    fs.writeFileSync(path.join(dir, 'helper.py'), 'def run(): return 7\n')
    const poison = `import importlib.util as u, importlib._bootstrap_external as b, os
st = os.stat('helper.py')
to = u.cache_from_source('helper.py')
os.makedirs(os.path.dirname(to))
open(to, 'wb').write(b._code_to_timestamp_pyc(compile('import os; os._exit(0)', 'x', 'exec'), int(st.st_mtime), st.st_size))`
    execFileSync('python3', ['-c', poison], { cwd: dir })
    const run = (text: string) => gate(lab, shell(text, { cwd: `py-${how}` }), options())
    expect((await run('env -u PYTHONPYCACHEPREFIX python3 check.py')).outcome).toEqual({ kind: 'passed' })
    expect((await run('python3 check.py')).outcome).toMatchObject({ kind: 'failed', exitCode: 7 })
    const compiled = await run('python3 -m compileall -q helper.py && rm -r "$PYTHONPYCACHEPREFIX"')
    expect(compiled).toMatchObject({ outcome: { kind: 'passed' } })
  })

  test('a timeout ends it, with the output so far', async () => {
    const result = await gate(lab, shell('echo working; exec sleep 1000', { timeoutSeconds: 0.5 }), options())
    expect(result.outcome).toEqual({ kind: 'failed', exitCode: null, signal: null, cause: 'timeout' })
    expect(result.tail).toBe('working\n')
  })

  test('a gate may end in its own way on TERM', async () => {
    const text =
      'trap "sleep 0.3; echo cleaned up; exit 3" TERM; echo ready; while :; do sleep 5 & wait || :; done'
    const result = await gate(lab, shell(text, { timeoutSeconds: 0.7 }), options())
    expect(result.outcome).toMatchObject({ kind: 'failed', cause: 'timeout' })
    expect(result.tail).toMatch(/^ready\n(?:Terminated\n)?cleaned up\n$/)
  })

  test('an abort ends it', async () => {
    const controller = new AbortController()
    const watched = path.join(lab.out, `abort-${how}`)
    const running = gate(lab, shell(`echo x > ${watched}; exec sleep 1000`), {
      ...options(),
      abort: controller.signal,
    })
    while (!fs.existsSync(watched)) await new Promise((resolve) => setImmediate(resolve))
    controller.abort()
    expect((await running).outcome).toMatchObject({ kind: 'failed', cause: 'killed' })
  })
})

test('an abort that came before: nothing is started', async () => {
  const touched = path.join(lab.out, 'never')
  const result = await gate(lab, shell(`echo x > ${touched}`), { abort: AbortSignal.abort() })
  expect(result.outcome).toMatchObject({ kind: 'failed', cause: 'killed' })
  expect(fs.existsSync(touched)).toBe(false)
})

test('a signal is told as such', async () => {
  const result = await gate(lab, shell('kill -SEGV $$'))
  expect(result.outcome).toEqual({ kind: 'failed', exitCode: null, signal: 'SIGSEGV', cause: 'signal' })
})

describe('could not run', () => {
  test.each([
    ['a missing tool', () => command('g', ['no-such-tool']), /no-such-tool is not on the PATH/],
    ['a missing script', () => command('g', ['./gone.sh']), /\.\/gone\.sh does not exist/],
    ['a directory', () => command('g', ['./out']), /does not exist/],
    [
      'no x bit',
      () => command('g', [script('plain.sh', '#!/bin/sh\n', 0o644)]),
      /plain\.sh is not executable/,
    ],
    [
      'a missing interpreter',
      () => command('g', [script('bad.sh', '#!/no/such/sh\n')]),
      /bad\.sh wants to be run by \/no\/such\/sh/,
    ],
    [
      'a missing interpreter by env',
      () => command('g', [script('env.sh', '#!/usr/bin/env nosuchnode\n')]),
      /env\.sh wants to be run by nosuchnode/,
    ],
    [
      'a missing cwd',
      () => command('g', ['true'], { cwd: 'nowhere' }),
      /directory nowhere .* does not exist/,
    ],
    ['a cwd outside', () => command('g', ['true'], { cwd: '../codex-home' }), /leads out of the repository/],
    ['no terminal library', () => command('g', ['true'], { tty: true }), /node-pty is not installed/],
  ])('%s', async (_name, what, why) => {
    const result = await gate(lab, what(), { loadPty: () => Promise.reject(new Error('absent')) })
    expect(result.outcome).toMatchObject({ kind: 'could-not-run', why: expect.stringMatching(why) })
  })

  test('a cwd that is a link out of the repository', async () => {
    fs.symlinkSync(lab.codexHome, path.join(lab.root, 'link'))
    const result = await gate(lab, command('g', ['true'], { cwd: 'link' }))
    expect(result.outcome).toMatchObject({ kind: 'could-not-run' })
  })

  test('a sandbox that does not come up is told in its own words', async () => {
    const result = await gate(lab, shell('echo never'), {
      launch: (start) => ({
        ok: true,
        value: {
          argv: ['/bin/sh', '-c', 'echo no namespaces here >&2; exit 1'],
          env: start.env,
          sandboxed: true,
        },
      }),
    })
    expect(result.outcome).toMatchObject({
      kind: 'could-not-run',
      why: 'it did not start (exit code 1): no namespaces here',
    })
    expect(result.tail).toBe('')
  })

  test.each(['kill -INT $$', 'exit 130'])(
    'a sandbox that Ctrl-C ended before the start was ended, not broken: %s',
    async (text) => {
      const result = await gate(lab, shell('echo never'), {
        launch: (start) => ({
          ok: true,
          value: { argv: ['/bin/sh', '-c', text], env: start.env, sandboxed: true },
        }),
      })
      expect(result.outcome).toMatchObject({ kind: 'failed', cause: 'killed' })
    },
  )

  test("the sandbox's own start is not counted to the command: it times out only after it began", async () => {
    const result = await gate(lab, shell('exec sleep 1000', { timeoutSeconds: 0.1 }), {
      launch: (start) => ({
        ok: true,
        value: {
          argv: ['/bin/sh', '-c', 'sleep 0.5; exec "$@"', 'sh', ...start.argv],
          env: start.env,
          sandboxed: true,
        },
      }),
    })
    expect(result.outcome).toMatchObject({ kind: 'failed', cause: 'timeout' })
  })

  // It waits for all of half a minute.
  if (long)
    test('a sandbox that never starts the command is ended in its time, with its words', async () => {
      const runId = `never-${process.pid}`
      const result = await gate(lab, shell('echo never', { timeoutSeconds: 0.1 }), {
        runId,
        launch: (start) => ({
          ok: true,
          value: { argv: ['/bin/sh', '-c', 'echo waiting; sleep 1000'], env: start.env, sandboxed: true },
        }),
      })
      expect(result.outcome).toEqual({
        kind: 'could-not-run',
        why: 'it did not start within 30 s: waiting',
      })
      expect(gateProcesses(runId)).toEqual([])
    }, 120_000)

  test('and no longer than its caller has time', async () => {
    const abort = new AbortController()
    const result = await gate(lab, shell('echo never'), {
      abort: abort.signal,
      launch: (start) => {
        setImmediate(() => abort.abort('deadline'))
        return { ok: true, value: { argv: ['/bin/sleep', '1000'], env: start.env, sandboxed: true } }
      },
    })
    expect(result.outcome).toMatchObject({ kind: 'failed', cause: 'killed' })
  })

  test('a launcher that is not there', async () => {
    const result = await gate(lab, shell('echo never'), {
      launch: (start) => ({ ok: true, value: { argv: ['/no/such/codex'], env: start.env, sandboxed: true } }),
    })
    expect(result.outcome).toMatchObject({
      kind: 'could-not-run',
      why: '/no/such/codex could not be started: no such file or directory',
    })
  })

  test('an error that repeats the argv is not taken for a start', async () => {
    const result = await gate(lab, shell('echo never'), {
      launch: (start) => ({
        ok: true,
        value: { argv: ['/bin/echo', ...start.argv], env: start.env, sandboxed: true },
      }),
    })
    expect(result.outcome.kind).toBe('could-not-run')
  })
})

describe('output', () => {
  test('head and tail of a long output, nothing twice', async () => {
    const result = await gate(lab, shell('seq 1 100000'), { headBytes: 10, tailBytes: 13 })
    expect(result.head).toBe('1\n2\n3\n4\n5\n')
    expect(result.tail).toBe('99999\n100000\n')
    expect(fs.statSync(result.logFile ?? '').size).toBe(result.outputBytes)
  })

  test('the log ends at its limit', async () => {
    const result = await gate(lab, shell('yes | head -c 5000'), { maxLogBytes: 1000 })
    const text = fs.readFileSync(result.logFile ?? '', 'utf8')
    expect(text).toContain('[the log ends here: it holds the first 1000 bytes]')
    expect(text.length).toBeLessThan(1100)
    expect(result.outputBytes).toBe(5000)
  })

  test('a log that cannot be written costs nothing else', async () => {
    fs.mkdirSync(path.join(lab.home, 'gates', 'a-directory'))
    const result = await gate(lab, shell('echo hi'), { logFile: path.join(lab.home, 'gates', 'a-directory') })
    expect(result).toMatchObject({ outcome: { kind: 'passed' }, tail: 'hi\n', logFile: null })
  })

  test('500 MB cost neither memory nor truth', async () => {
    const before = process.memoryUsage.rss()
    let peak = before
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage.rss())
    }, 10)
    const result = await gate(lab, shell('head -c 500000000 /dev/zero; echo end'), { maxLogBytes: 1 << 20 })
    clearInterval(watch)
    expect(result).toMatchObject({ outcome: { kind: 'passed' }, outputBytes: 500_000_004 })
    expect(result.tail.endsWith('end\n')).toBe(true)
    expect(peak - before).toBeLessThan(40 * 1024 * 1024)
  })

  test('endless output ends with the timeout', async () => {
    const result = await gate(lab, shell('yes', { timeoutSeconds: 0.5 }), { maxLogBytes: 1 << 20 })
    expect(result.outcome).toMatchObject({ cause: 'timeout' })
    expect(result.tail.endsWith('y\n')).toBe(true)
  })
})

test.each([
  ['the first time', [true, false], 'passed', 2],
  ['every time', [true, true, true, true], 'could-not-run', 3],
  ['on a machine that has not changed', [false], 'could-not-run', 1],
])('a gate that does not start %s', async (_name, stale, outcome, starts) => {
  let launches = 0
  const launch: Launcher = (start) => {
    const isStale = stale[launches] === true
    launches += 1
    const begins = launches > 1 && !isStale
    return ok({
      argv: begins ? start.argv : ['false'],
      env: start.env,
      sandboxed: false,
      isStale: () => isStale,
    })
  }
  const result = await gate(lab, shell('echo hi'), { launch })
  expect(result.outcome.kind).toBe(outcome)
  expect(launches).toBe(starts)
})

test('a terminal for who asks for one, without the mark in the output', async () => {
  for (const launch of [undefined, sandboxed(lab)]) {
    const result = await gate(
      lab,
      shell('test -t 0 && test -t 1 && echo terminal; exit 5', { tty: true }),
      launch ? { launch } : {},
    )
    expect(result.outcome).toMatchObject({ kind: 'failed', exitCode: 5 })
    expect(result.tail).toBe('terminal\r\n')
  }
})

test('a terminal gate that hangs ends with the timeout, and so does its child', async () => {
  const file = path.join(lab.out, 'pty-pid')
  const result = await gate(
    lab,
    shell(`trap '' HUP TERM; sleep 1000 & echo $! > ${file}; wait`, { tty: true, timeoutSeconds: 0.5 }),
  )
  expect(result.outcome).toMatchObject({ cause: 'timeout' })
  expect(alive(Number(fs.readFileSync(file, 'utf8')))).toBe(false)
})
