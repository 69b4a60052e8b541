import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { shellWord } from '../../src/base/shell-word.ts'
import { BUNDLES, EVENTS, OTHER, type Rig, SESSION, SHELLS, makeRig, payload, removeRig } from './rig.ts'
import { sampleOf } from '../rig/long.ts'

let rig: Rig
beforeEach(() => {
  rig = makeRig()
})
afterEach(() => removeRig(rig))

// The home of the rig has a blank and a quote in its name: what is named must work as typed.
const repair = () =>
  `for the reason and the repair run: ${shellWord(`${rig.home}/bin/autonomous-loop`)} doctor`
const line = (value: unknown) => ({ stdout: `${JSON.stringify(value)}\n`, status: 0 })
const nothing = { stdout: '', status: 0 }
const halt = (cause: string) => {
  const text = `autonomous-loop failed closed: ${cause}; ${repair()}. The contract is still open. To let this session go, type: autonomous-loop disable`
  return line({ continue: false, stopReason: text })
}
const unseen = (cause: string) =>
  line({ systemMessage: `autonomous-loop is not watching: ${cause}; ${repair()}` })
const unread = (cause: string) =>
  line({ systemMessage: `autonomous-loop could not look at this prompt: ${cause}; ${repair()}` })
const refused = (why: string) => line({ decision: 'block', reason: why })

const broken = Object.entries(BUNDLES).slice(3)

describe.each(sampleOf(SHELLS, SHELLS.length))('%s', (_name, shell) => {
  const all = (cause: string) => {
    rig.touch('armed', SESSION)
    const say = (event: (typeof EVENTS)[number]) =>
      rig.run(event, payload(event, { prompt: 'go on' }), { shell })
    expect(say('stop')).toEqual(halt(cause))
    const note = path.join(rig.home, 'requests', `unjudged-${SESSION}`)
    expect(fs.readFileSync(note, 'utf8')).toBe(`${cause}; ${repair()}\n`)
    expect(fs.statSync(note).mode & 0o777).toBe(0o600)
    expect(say('session-start')).toEqual(unseen(cause))
    expect(say('post-tool-use')).toEqual(unseen(cause))
    expect(say('user-prompt-submit')).toEqual(unread(cause))
    fs.renameSync(path.join(rig.home, 'armed', SESSION), path.join(rig.home, 'armed', OTHER))
    rig.touch('armed', 'pending-1')
    for (const event of EVENTS) expect(say(event)).toEqual(nothing)
  }

  test.each(broken)('a bundle that %s', (_case, program) => {
    rig.bundle(program)
    all('its program gave no answer')
  })

  test('no bundle', () => {
    rig.bundle(null)
    all('its program is missing')
  })

  test('no node', () => {
    removeRig(rig)
    rig = makeRig('/nowhere/"node"\\bin')
    rig.touch('armed', SESSION)
    const text = JSON.parse(rig.run('stop', payload('stop'), { shell }).stdout) as { stopReason: string }
    expect(text.stopReason).toContain('node is gone from /nowhere/"node"\\bin;')
  })

  test.each([
    ['another program', '#!/bin/sh\necho \'{"decision":"approve"}\'\n'],
    ['a program that repeats the payload', '#!/bin/sh\ncat\n'],
    ['a program that ends with 2', '#!/bin/sh\necho bad >&2\nexit 2\n'],
    ['a program that kills its whole family', '#!/bin/sh\nkill -9 $$\n'],
    ['a text without an interpreter', 'not a program at all\n'],
    ['a broken binary', '\u007fELF broken'],
  ])('in place of node %s', (_case, content) => {
    const other = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'node-'))
    const node = path.join(other, 'node')
    fs.writeFileSync(node, content, { mode: 0o755 })
    removeRig(rig)
    rig = makeRig(node)
    try {
      rig.touch('armed', SESSION)
      expect(rig.run('stop', payload('stop'), { shell })).toEqual(halt('its program gave no answer'))
      expect(rig.run('stop', payload('stop', {}, OTHER), { shell })).toEqual(nothing)
    } finally {
      fs.rmSync(other, { recursive: true })
    }
  })

  test('a session that shows a claim token is told that nothing was taken in; others are not', () => {
    rig.touch('armed', 'pending-1')
    rig.bundle(null)
    const token = { last_assistant_message: 'Done. AUTOLOOP_CLAIM:0123456789abcdef' }
    expect(rig.run('stop', payload('stop', token), { shell })).toEqual(
      line({
        systemMessage: `autonomous-loop could not take in a request of this session: its program is missing; ${repair()}`,
      }),
    )
    expect(rig.run('stop', payload('stop'), { shell })).toEqual(nothing)
    expect(rig.run('post-tool-use', payload('post-tool-use', token), { shell })).toEqual(nothing)
  })

  test('markers that cannot be seen are told, not taken for an armed session', () => {
    rig.bundle(null)
    fs.rmdirSync(path.join(rig.home, 'armed'))
    expect(rig.run('stop', payload('stop'), { shell })).toEqual(
      line({
        systemMessage: `autonomous-loop could not see whether this session has a contract: its program is missing; ${repair()}`,
      }),
    )
  })

  test('stderr of a broken bundle ends in debug.log, or nowhere when that is no file', () => {
    rig.touch('armed', SESSION)
    rig.bundle(BUNDLES['exits 2 with words'])
    rig.run('stop', payload('stop'), { shell })
    expect(fs.readFileSync(path.join(rig.home, 'debug.log'), 'utf8')).toBe('broken\n')
    fs.rmSync(path.join(rig.home, 'debug.log'))
    fs.mkdirSync(path.join(rig.home, 'debug.log'))
    expect(rig.run('stop', payload('stop'), { shell })).toEqual(halt('its program gave no answer'))
  })

  describe('prompts without a bundle', () => {
    const cause = () => `its program is missing; ${repair()}`
    beforeEach(() => {
      rig.bundle(null)
      rig.touch('armed', SESSION)
    })
    const type = (prompt: string, more = {}) =>
      rig.run('user-prompt-submit', payload('user-prompt-submit', { prompt, ...more }), { shell })

    test.each([
      'pause',
      'resume',
      'release',
      'waive',
      'status',
      'status\n',
      'resume 01ab',
      'amend 12cd',
      'pause: for lunch',
    ])('control prompt %j is not applied, and says so', (verb) =>
      expect(type(`autonomous-loop ${verb}`)).toEqual(refused(`not applied because ${cause()}`)),
    )

    test.each([
      'status',
      'please type autonomous-loop disable',
      'say "autonomous-loop pause"',
      'a ","prompt":"autonomous-loop disable" b',
      `autonomous-loop pause ${'x'.repeat(20_000)}`,
    ])('prompt %# goes through', (prompt) => {
      expect(type(prompt)).toEqual(unread('its program is missing'))
      expect(fs.existsSync(path.join(rig.home, 'armed', SESSION))).toBe(true)
    })

    test('disable writes the request, unlinks the marker, and the next stop is free', () => {
      expect(type('autonomous-loop disable')).toEqual(
        line({
          continue: false,
          stopReason: `disabled: this session is no longer held. It goes into the ledger as soon as autonomous-loop works again; ${cause()}`,
        }),
      )
      const request = path.join(rig.home, 'requests', `disable-${SESSION}`)
      expect(fs.readFileSync(request, 'utf8')).toBe(`${SESSION}\n""\n`)
      expect(fs.statSync(request).mode & 0o777).toBe(0o600)
      expect(fs.readdirSync(path.join(rig.home, 'armed'))).toEqual([])
      expect(rig.run('stop', payload('stop'), { shell })).toEqual(nothing)
    })

    test('a disable request holds although the marker could not be removed', () => {
      rig.touch('requests', `disable-${SESSION}`)
      expect(rig.run('stop', payload('stop'), { shell })).toEqual(nothing)
    })

    test('disable of a session without a run changes nothing', () => {
      fs.renameSync(path.join(rig.home, 'armed', SESSION), path.join(rig.home, 'armed', OTHER))
      expect(type('autonomous-loop disable')).toEqual(
        refused(`not applied because this session has no open run; ${cause()}`),
      )
      expect(fs.readdirSync(path.join(rig.home, 'armed'))).toEqual([OTHER])
    })

    test('a request that cannot be written leaves the marker alone', () => {
      fs.rmdirSync(path.join(rig.home, 'requests'))
      expect(type('autonomous-loop disable')).toEqual(
        refused(`not applied because ${rig.home}/requests cannot be written; ${cause()}`),
      )
      expect(fs.readdirSync(path.join(rig.home, 'armed'))).toEqual([SESSION])
    })

    test('a sub-agent disables nothing', () => {
      expect(type('autonomous-loop disable', { agent_id: 'a1' })).toEqual(nothing)
      expect(fs.readdirSync(path.join(rig.home, 'armed'))).toEqual([SESSION])
    })
  })

  test('disable goes to the bundle first', () => {
    rig.touch('armed', SESSION)
    const prompt = payload('user-prompt-submit', { prompt: 'autonomous-loop disable' })
    rig.run('user-prompt-submit', prompt, { shell })
    expect(rig.ran()?.stdin).toBe(prompt)
    expect(fs.readdirSync(path.join(rig.home, 'armed'))).toEqual([SESSION])
  })
})
