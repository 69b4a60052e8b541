import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { BUNDLES, EVENTS, OTHER, type Rig, SESSION, SHELLS, makeRig, payload, removeRig } from './rig.ts'
import { sampleOf } from '../rig/long.ts'

let rig: Rig
beforeEach(() => {
  rig = makeRig()
})
afterEach(() => removeRig(rig))

const nothing = { stdout: '', status: 0 }
const answer = { stdout: '{"decision":"block","reason":"r"}\n', status: 0 }
/** Root may read everything and fork for ever: such cases need somebody else. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534 } : {}

/** Modes are set, not asked for: a umask of root's may take the rights of others away from all that is made. */
function openToAll(): void {
  for (const name of ['.', 'armed', 'requests', 'bin', 'bin/9.9.9', 'bin/hook', 'bin/9.9.9/hook.cjs'])
    fs.chmodSync(path.join(rig.home, name), 0o777)
}

describe('the environment', () => {
  test('start-up files that print are not read', () => {
    const noise = rig.touch('noise')
    fs.writeFileSync(noise, 'echo noise\n')
    const env = { PATH: '/usr/bin:/bin', BASH_ENV: noise, ENV: noise }
    expect(rig.run('stop', payload('stop'), { env })).toEqual(nothing)
    rig.touch('armed', SESSION)
    expect(rig.run('stop', payload('stop'), { env })).toEqual(answer)
    expect(rig.ran()?.env).not.toHaveProperty('BASH_ENV')
  })

  test.each(sampleOf(SHELLS, 2))(
    'programs of a workspace that is first in PATH are not used (%s)',
    (_name, shell) => {
      for (const name of ['cat', 'printf', 'rm', 'node', 'sh', '[', 'date']) {
        const file = rig.touch('workspace', name)
        fs.writeFileSync(file, '#!/bin/sh\necho hijacked\n', { mode: 0o755 })
        fs.chmodSync(file, 0o755)
      }
      rig.touch('armed', SESSION)
      const env = {
        PATH: `${rig.home}/workspace:/usr/bin:/bin`,
        IFS: 's',
        CDPATH: '/',
        LC_ALL: 'tr_TR.UTF-8',
      }
      expect(rig.run('stop', payload('stop'), { shell, env })).toEqual(answer)
      rig.bundle(null)
      const prompt = payload('user-prompt-submit', { prompt: 'autonomous-loop disable' })
      expect(rig.run('user-prompt-submit', prompt, { shell, env }).stdout).toContain(
        '"stopReason":"disabled: ',
      )
    },
  )

  test('an empty environment is enough', () => {
    rig.touch('armed', SESSION)
    expect(rig.run('stop', payload('stop'), { env: {} })).toEqual(answer)
  })
})

describe.each(sampleOf(SHELLS, SHELLS.length))('%s', (_name, shell) => {
  test('closed stdin', () => {
    const argv = ['/bin/bash', '-c', 'exec "$@" <&-', 'sh', ...shell, rig.shim, 'stop']
    expect(rig.run('stop', '', { argv })).toEqual(nothing)
  })

  test('closed stdout and stderr', () => {
    rig.touch('armed', SESSION)
    const argv = ['/bin/bash', '-c', 'exec "$@" >&- 2>&-', 'sh', ...shell, rig.shim, 'stop']
    expect(rig.run('stop', payload('stop'), { argv })).toEqual(nothing)
  })

  test('a home that may not be read is told of, and holds nobody', () => {
    openToAll()
    fs.chmodSync(path.join(rig.home, 'armed'), 0o000)
    const text =
      'autonomous-loop could not see whether this session has a contract: its program gave no answer'
    rig.bundle(BUNDLES['exits 1'])
    const done = rig.run('stop', payload('stop'), { shell, ...nobody })
    expect(done.status).toBe(0)
    expect(JSON.parse(done.stdout)).toEqual({ systemMessage: expect.stringContaining(text) as unknown })
  })

  test('too few descriptors for anything: never silent for a session with a run', () => {
    rig.touch('armed', SESSION)
    rig.bundle(null)
    for (let limit = 12; limit <= 20; limit += 1) {
      const argv = ['/bin/bash', '-c', `ulimit -n ${limit}; exec "$@"`, 'sh', ...shell, rig.shim, 'stop']
      const done = rig.run('stop', payload('stop'), { argv })
      expect([limit, done.status]).toEqual([limit, 0])
      expect([limit, done.stdout]).toEqual([limit, expect.stringMatching(/failed closed|could not see/)])
    }
  })

  test('an unknown event says nothing', () => {
    expect(rig.run('what', payload('stop'), { shell })).toEqual(nothing)
    expect(rig.run('', payload('stop'), { shell })).toEqual(nothing)
  })
})

// bash sleeps for many seconds before it gives up a fork; the others say so at once.
describe.each(SHELLS.filter(([name]) => name !== 'bash as sh' && name !== 'the script itself'))(
  'when %s cannot fork',
  (_name, shell) => {
    const run = (event: string, text: string) => {
      openToAll()
      const argv = ['/bin/bash', '-c', 'ulimit -u 0; exec "$@"', 'sh', ...shell, rig.shim, event]
      return rig.run(event, text, { argv, ...nobody })
    }

    test('nothing leaves a session without a run', () => {
      rig.touch('armed', OTHER)
      for (const event of EVENTS) expect(run(event, payload(event, { prompt: 'x' }))).toEqual(nothing)
    })

    test('an armed session is halted, in words', () => {
      rig.touch('armed', SESSION)
      const done = run('stop', payload('stop', { last_assistant_message: 'a\nb\\' }))
      expect(done.status).toBe(0)
      expect(JSON.parse(done.stdout)).toMatchObject({ continue: false })
    })

    test('a prompt passes, and disable works', () => {
      rig.touch('armed', SESSION)
      const passed = run('user-prompt-submit', payload('user-prompt-submit', { prompt: 'go on' }))
      expect(Object.keys(JSON.parse(passed.stdout) as object)).toEqual(['systemMessage'])
      const prompt = payload('user-prompt-submit', { prompt: 'autonomous-loop disable' })
      const done = run('user-prompt-submit', prompt)
      expect(JSON.parse(done.stdout)).toMatchObject({ continue: false })
      expect(run('stop', payload('stop'))).toEqual(nothing)
    })
  },
)
