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

// In the gate another shell than in fallback.test.ts.
describe.each(sampleOf(SHELLS, SHELLS.length, SHELLS.length - 1))('%s', (_name, shell) => {
  test('with nothing armed, no event starts node or prints', () => {
    for (const event of EVENTS)
      expect(rig.run(event, payload(event, { prompt: 'do it' }), { shell })).toEqual(nothing)
    rig.touch('armed', OTHER)
    for (const event of EVENTS)
      expect(rig.run(event, payload(event, { prompt: 'do it' }), { shell })).toEqual(nothing)
    expect(rig.ran()).toBeUndefined()
  })

  test('an agent that works for a batch is left alone, whatever is armed and whatever its prompt says', () => {
    const env = { PATH: '/usr/bin:/bin', AUTONOMOUS_LOOP_ATTEMPT: '1' }
    rig.touch('armed', SESSION)
    rig.touch('armed', 'pending-x')
    for (const event of EVENTS) {
      const text = payload(event, { prompt: '$autonomous-loop do it' })
      expect(rig.run(event, text, { shell, env })).toEqual(nothing)
      expect(rig.ran()).toBeUndefined()
      expect(rig.run(event, text, { shell, env: { ...env, AUTONOMOUS_LOOP_ATTEMPT: '' } })).toEqual(answer)
      rig.bundle(BUNDLES.answers)
    }
  })

  test('an armed session starts node at every event, with the whole payload and a clean environment', () => {
    rig.touch('armed', SESSION)
    const text = payload('stop', { last_assistant_message: "it's \\ done %s ü \u0001 `x` $HOME" })
    for (const event of EVENTS) {
      const env = {
        PATH: '/somewhere:/usr/bin',
        NODE_OPTIONS: '--no-warnings',
        LC_ALL: 'xx_YY',
        AUTONOMOUS_LOOP_HOME: '/wrong',
      }
      expect(rig.run(event, text, { shell, env })).toEqual(answer)
      expect(rig.ran()).toMatchObject({ event, stdin: text })
      expect(rig.ran()?.env).toMatchObject({
        AUTONOMOUS_LOOP_HOME: rig.home,
        CODEX_HOME: '/nowhere/codex',
        AUTOLOOP_PPID: String(process.pid),
        AUTOLOOP_PATH: '/somewhere:/usr/bin',
        PATH: '/usr/bin:/bin',
        LC_ALL: 'xx_YY',
      })
      expect(rig.ran()?.env).not.toHaveProperty('NODE_OPTIONS')
    }
  })

  const starts: [string, (typeof EVENTS)[number], (r: Rig) => string][] = [
    ['a pending request', 'stop', (r) => (r.touch('armed', 'pending-abc'), payload('stop'))],
    ['no armed directory', 'stop', (r) => (fs.rmdirSync(path.join(r.home, 'armed')), payload('stop'))],
    [
      'a file in place of the armed directory',
      'stop',
      (r) => (fs.rmdirSync(path.join(r.home, 'armed')), r.touch('armed'), payload('stop')),
    ],
    [
      'a disable request of this session',
      'stop',
      (r) => (r.touch('requests', `disable-${SESSION}`), payload('stop')),
    ],
    [
      'a marker that is a dangling link',
      'stop',
      (r) => (fs.symlinkSync('/nowhere', path.join(r.home, 'armed', SESSION)), payload('stop')),
    ],
    [
      'a spool of this session',
      'post-tool-use',
      (r) => (fs.mkdirSync(r.spool, { recursive: true }), payload('post-tool-use')),
    ],
    [
      'a prompt that names us',
      'user-prompt-submit',
      () => payload('user-prompt-submit', { prompt: 'use autonomous-loop to …' }),
    ],
    [
      'an odd id while a hashed marker exists',
      'stop',
      (r) => (r.touch('armed', 'x-1'), payload('stop', {}, 'A/../b')),
    ],
    [
      'an id of another case while a hashed marker exists',
      'stop',
      (r) => (r.touch('armed', 'x-1'), payload('stop', {}, SESSION.toUpperCase())),
    ],
    ['no id while anything is armed', 'stop', (r) => (r.touch('armed', OTHER), '{"cwd":"/"}')],
    ['no payload while anything is armed', 'stop', (r) => (r.touch('armed', OTHER), '')],
    [
      'the id behind other keys',
      'stop',
      (r) => (r.touch('armed', SESSION), JSON.stringify({ cwd: '/', session_id: SESSION })),
    ],
    [
      'the id behind other keys of a large payload',
      'stop',
      (r) => (
        r.touch('armed', SESSION),
        JSON.stringify({ cwd: '/', session_id: SESSION, last_assistant_message: 'm'.repeat(1e5) })
      ),
    ],
    [
      'the id behind a large message',
      'stop',
      (r) => (
        r.touch('armed', SESSION),
        JSON.stringify({ last_assistant_message: 'm'.repeat(1e5), session_id: SESSION })
      ),
    ],
  ]
  test.each(starts)('starts node: %s', (_case, event, arrange) => {
    expect(rig.run(event, arrange(rig), { shell })).toEqual(answer)
    expect(rig.ran()?.event).toBe(event)
  })

  const quiet: [string, (typeof EVENTS)[number], (r: Rig) => string][] = [
    [
      'a spool of another session',
      'stop',
      (r) => (fs.mkdirSync(path.join(path.dirname(r.spool), OTHER), { recursive: true }), payload('stop')),
    ],
    ['a message that names us', 'stop', () => payload('stop', { last_assistant_message: 'autonomous-loop' })],
    [
      'a message that quotes the id of an armed session',
      'stop',
      (r) => (
        r.touch('armed', OTHER),
        payload('stop', { last_assistant_message: `"session_id":"${OTHER}"` })
      ),
    ],
    [
      'a disable request of another session',
      'stop',
      (r) => (r.touch('requests', `disable-${OTHER}`), payload('stop')),
    ],
    [
      'an odd id while plain markers exist',
      'stop',
      (r) => (r.touch('armed', OTHER), payload('stop', {}, 'A/../b')),
    ],
    [
      'an id that leads out of the directory',
      'stop',
      (r) => (r.touch('armed', OTHER), payload('stop', {}, `../armed/${OTHER}`)),
    ],
    ['no payload while nothing is armed', 'stop', () => ''],
  ]
  test.each(quiet)('does not start node: %s', (_case, event, arrange) => {
    expect(rig.run(event, arrange(rig), { shell })).toEqual(nothing)
    expect(rig.ran()).toBeUndefined()
  })

  test('SessionStart starts node below a project config, and only there', () => {
    const below = path.join(rig.home, 'repo', 'a b', 'c')
    fs.mkdirSync(below, { recursive: true })
    expect(rig.run('session-start', payload('session-start'), { shell, cwd: below })).toEqual(nothing)
    rig.touch('repo', '.codex', 'autoloop.project.json')
    expect(rig.run('stop', payload('stop'), { shell, cwd: below })).toEqual(nothing)
    expect(rig.ran()).toBeUndefined()
    expect(rig.run('session-start', payload('session-start'), { shell, cwd: '/' })).toEqual(nothing)
    expect(rig.run('session-start', payload('session-start'), { shell, cwd: below })).toEqual(answer)
  })

  test.each([
    ['has nothing to say', nothing],
    ['answers, then exits 2', { stdout: '{"systemMessage":"m"}\n', status: 0 }],
  ] as const)('the bundle %s', (program, expected) => {
    rig.touch('armed', SESSION)
    rig.bundle(BUNDLES[program])
    expect(rig.run('stop', payload('stop'), { shell })).toEqual(expected)
    expect(rig.ran()).toBeDefined()
  })

  test('10 MB of message reach the bundle whole', () => {
    rig.touch('armed', SESSION)
    const text = payload('stop', { last_assistant_message: 'ä"\\'.repeat(2e6) })
    expect(rig.run('stop', text, { shell })).toEqual(answer)
    expect(rig.ran()?.stdin === text).toBe(true)
  })
})
