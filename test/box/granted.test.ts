import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ownSocket, reachRecord, withheld } from '../../src/box/reach.ts'
import type { Standing } from '../../src/box/rungs.ts'
import { command } from '../gates/rig.ts'
import { type BoxLab, makeBoxLab, people } from './lab.ts'
import type { Job } from './job.ts'

/** A device that everybody may open, and that a sandbox has not by itself. */
const device = ['/dev/fuse', '/dev/net/tun', '/dev/kvm'].find((file) => opens(file))

function opens(file: string): boolean {
  const run = spawnSync(
    '/bin/sh',
    ['-c', `: <>${file}`],
    process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {},
  )
  return run.status === 0
}

describe.each(people)('%s', (_name, uid) => {
  let lab: BoxLab
  beforeAll(() => {
    lab = makeBoxLab(uid)
  })
  afterAll(() => lab.remove())

  const run = (script: string, reach: readonly string[], place: Job['place'] = 'box') =>
    lab.run({
      place,
      person: false,
      listens: [named(), other()],
      command: command('gate', ['node', '-e', script], { network: 'loopback', reach, timeoutSeconds: 20 }),
    })
  const named = (): string => path.join(lab.dir, 'user/s')
  const other = (): string => path.join(lab.dir, 'user/t')
  const opening = (...files: string[]): string => `const { openSync } = require('fs')
    for (const file of ${JSON.stringify(files)})
      try { openSync(file, 'r+'); console.log('opened', file) } catch (error) { console.log(error.code, file) }`

  test('a socket that is named is reached, and no other', () => {
    const socket = named()
    const script = `const all = ${JSON.stringify([socket, other()])}
      const next = () => { const name = all.shift(); if (name === undefined) return
        require('net').connect(name)
          .on('connect', function () { console.log('reached', name); this.destroy(); next() })
          .on('error', () => next()) }
      next()`
    expect(run(script, [`unix:${socket}`])).toMatchObject({
      outcome: { kind: 'passed' },
      tail: `reached ${socket}\n`,
      box: { rung: 'box', network: 'loopback', reach: [`unix:${socket}`] },
    })
    expect(run(script, []).tail).toBe('')
  })

  test('a link to a socket leads to it, and an engine is told from other programs', () => {
    const link = path.join(lab.dir, 'user/docker.sock')
    fs.rmSync(link, { force: true })
    fs.symlinkSync('s', link)
    const script = `require('net').connect(${JSON.stringify(link)}).on("connect", () => process.exit(0))`
    expect(run(script, [`unix:${link}`])).toMatchObject({
      outcome: { kind: 'passed' },
      box: { reach: [`unix:${link}`], vouches: 'in-place' },
    })
  })

  test('a device that is named is opened, and no other', () => {
    if (device === undefined) {
      process.stderr.write('no device was reached: there is none here that an ordinary user may open\n')
      expect(run(opening('/dev/fuse'), []).tail).toMatch(/^ENOENT/)
      return
    }
    for (const place of ['box', 'box-no-unix'] as const) {
      const glob = `${device.slice(0, -1)}?`
      expect(
        run(`${opening(device, '/dev/loop-control')}; process.exitCode = 3`, [glob], place),
      ).toMatchObject({
        outcome: { kind: 'failed', exitCode: 3 },
        tail: `opened ${device}\nENOENT /dev/loop-control\n`,
        box: { rung: place, reach: [device] },
      })
      expect(run(opening(device), [], place).tail).toBe(`ENOENT ${device}\n`)
    }
  })

  test.each([
    'unix:/run/autoloop-nobody.sock',
    'unix:/etc/passwd',
    '/dev/autoloop-none',
    '/dev/autoloop-?',
    '/dev/shm',
  ])('%s is not there: the gate does not run, and its name is said', (entry) => {
    expect(run('', [entry]).outcome).toMatchObject({
      kind: 'could-not-run',
      why: expect.stringContaining(entry),
    })
  })
})

const on = (rung: Standing['rung']): Standing =>
  ({ rung, granted: rung === 'codex-only' ? null : {}, why: 'so said' }) as unknown as Standing
const SOCKET = { sockets: ['/run/docker.sock'], devices: [] }
const DEVICE = { sockets: [], devices: ['/dev/kvm'] }

test.each([
  ['box', 'loopback', SOCKET, null],
  ['box', 'full', DEVICE, null],
  ['box-no-unix', 'loopback', SOCKET, '/run/docker.sock'],
  ['box-no-unix', 'loopback', DEVICE, null],
  ['codex-only', 'loopback', SOCKET, '/run/docker.sock'],
  ['codex-only', 'full', SOCKET, null],
  ['codex-only', 'full', DEVICE, '/dev/kvm'],
] as const)('on the rung %s with the network %s of %j is kept out: %s', (rung, network, reached, named) => {
  const why = withheld(on(rung), network, reached)
  if (named === null) expect(why).toBe(null)
  else expect(why).toMatch(new RegExp(`^${named} cannot.*so said`))
})

test.each([
  ['/run/docker.sock', true],
  ['/run/user/1000/podman/podman.sock', true],
  ['/run/containerd/containerd.sock', true],
  ['/run/postgresql/.s.PGSQL.5432', false],
])('%s is of a container engine: %s', (socket, engine) => {
  expect(reachRecord({ sockets: [socket], devices: [] })).toEqual({
    reach: [`unix:${socket}`],
    ...(engine ? { vouches: 'in-place' } : {}),
  })
})

test('a socket of the controller or of Codex is nobody else’s', () => {
  expect(ownSocket({ sockets: ['/a/codex/app.sock'], devices: [] }, ['/a/state', '/a/codex'])).toBe(
    '/a/codex/app.sock',
  )
  expect(ownSocket({ sockets: ['/a/codexes/app.sock'], devices: [] }, ['/a/codex'])).toBe(null)
})
