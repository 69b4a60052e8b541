import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import fs from 'node:fs'
import path from 'node:path'
import { noRules } from '../../src/records/sealing.ts'
import { command } from '../gates/rig.ts'
import type { Machine } from '../rig/machines.ts'
import { type BoxLab, makeBoxLab, peopleHere } from './lab.ts'
import { sampleOf } from '../rig/long.ts'

/** Changes a source and puts it back, with its times. */
const rewrites = 'cp -p source was; echo x > source; cat was > source; touch -r was source; rm was'

const noOverlay = expect.stringMatching(/Can't make overlay mount on .*: Invalid argument/)
const noMore = expect.stringMatching(/Creating new namespace failed|unshare user ns/)

describe.each(peopleHere)('%s', (_name, uid) => {
  let lab: BoxLab
  beforeEach(() => {
    lab = makeBoxLab(uid)
    const source = path.join(lab.dir, 'repo/source')
    fs.writeFileSync(source, 'as it was\n')
    if (uid !== null) fs.chownSync(source, uid, uid)
  })
  afterEach(() => lab.remove())

  const isRoot = uid === null && process.getuid?.() === 0
  const gate = (machines: readonly Machine[], network: 'none' | 'loopback', script: string) =>
    lab.run({
      place: 'product',
      person: false,
      machines,
      sealed: noRules,
      command: command('gate', ['sh', '-c', script], { network }),
    })
  const listens = `node -e "require('net').createServer().listen(0, '127.0.0.1', () => process.exit(0)).on('error', () => process.exit(7))"`

  test.each<Machine[]>(sampleOf([[], ['layer']], 2, 1))(
    'a layer of the disk more or less leaves the whole box: %s',
    (...machines) => {
      expect(gate(machines, 'loopback', `${listens}; echo $?; ${rewrites}`)).toMatchObject({
        tail: expect.stringMatching(/^0\n.*Read-only file system/),
        box: { rung: 'box', network: 'loopback', seal: { kind: 'sealed', rewrote: [] } },
      })
    },
  )

  test.each(sampleOf(['none', 'loopback'] as const, 2, 1))(
    'on a disk of two layers no third is made, and what a gate rewrote is told by inode and change time: %s',
    (network) => {
      const unix = `node -e "require('net').createServer().listen(process.cwd() + '/s').on('error', (error) => console.log(error.code))"`
      expect(gate(['layer', 'layer'], network, `${listens} && ${unix}; ${rewrites}`)).toMatchObject({
        outcome: { kind: 'passed' },
        tail: 'EPERM\n',
        box: {
          rung: 'box-no-unix',
          // Codex makes a network without loopback by a socket that is refused here.
          network: 'loopback',
          seal: { kind: 'not-sealed', why: noOverlay, rewrote: ['source'] },
        },
      })
      expect(fs.readFileSync(path.join(lab.dir, 'repo/source'), 'utf8')).toBe('as it was\n')
    },
  )

  test('where a box cannot show its own processes, Codex has its sandbox alone', () => {
    const { outcome, tail, box } = gate(['box'], 'loopback', `${listens}; echo $?; ${rewrites}`)
    // Of an ordinary user's box nothing below /proc is covered, so that another one is granted inside it.
    if (!isRoot) return expect(box?.rung).toBe('box')
    expect({ outcome, tail, box }).toMatchObject({
      outcome: { kind: 'passed' },
      tail: '7\n',
      box: {
        rung: 'codex-only',
        network: 'none',
        seal: {
          kind: 'not-sealed',
          why: expect.stringContaining("Can't mount proc"),
          rewrote: ['source'],
        },
      },
    })
  })

  test('without user namespaces no gate starts, and it is nobody’s failure', () => {
    expect(gate(['no user namespaces'], 'loopback', 'true')).toMatchObject({
      outcome: { kind: 'could-not-run', why: noMore, fix: 'autonomous-loop doctor' },
      box: { rung: 'codex-only', network: 'none', seal: { kind: 'not-sealed', why: noMore } },
    })
  })

  test('where a box is granted and not the namespaces of Codex inside it, Codex has its sandbox alone', () => {
    const { outcome, box } = gate([{ levelsLeft: isRoot ? 1 : 2 }], 'loopback', rewrites)
    expect({ outcome, box }).toMatchObject({
      outcome: { kind: 'passed' },
      box: {
        rung: 'codex-only',
        network: 'none',
        seal: {
          kind: 'not-sealed',
          why: expect.stringMatching(/^Codex's sandbox does not run in a box: bwrap: /),
          rewrote: ['source'],
        },
      },
    })
  })

  test('directories of a home that lies deep below those of others are written and thrown away', () => {
    const script = 'echo gone > $HOME/.cache/x && cat $HOME/.cache/x'
    // Else it is there only where a program that keeps its cache there is installed.
    fs.mkdirSync(path.join(lab.dir, 'user/.cache'), { recursive: true })
    fs.chmodSync(path.join(lab.dir, 'user/.cache'), 0o777)
    expect(gate([], 'loopback', script)).toMatchObject({
      outcome: { kind: 'passed' },
      tail: 'gone\n',
      box: { rung: 'box' },
    })
    expect(fs.readdirSync(path.join(lab.dir, 'user/.cache'))).not.toContain('x')
  })
})
