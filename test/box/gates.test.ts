import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { boxed, grantedNetwork } from '../../src/box/boxed.ts'
import { type Standing, standing } from '../../src/box/rungs.ts'
import { sandboxLaunch } from '../../src/codex/sandbox/launch.ts'
import type { Network } from '../../src/contract/network.ts'
import type { Launcher } from '../../src/gates/types.ts'
import { type Lab, command, gate, makeLab, shell } from '../gates/rig.ts'
import { codexBinary } from '../rig/binaries.ts'

let lab: Lab
let found: Standing
beforeAll(() => {
  lab = makeLab()
  found = standing({ codexBin: codexBinary(), dir: path.join(lab.home, 'box') })
})
afterAll(() => lab.remove())

const inBox =
  (on: Standing = found): Launcher =>
  (start) => {
    const network = start.command.network as Network
    const sandboxHome = path.join(lab.home, 'sandbox-home')
    const launch = sandboxLaunch({
      codexBin: codexBinary(),
      sandboxCodexHome: sandboxHome,
      root: lab.root,
      argv: start.argv,
      env: start.env,
      writable: start.command.writable,
      protectedDirs: [lab.home, lab.codexHome],
      network: grantedNetwork(on, network) !== 'none',
    })
    if (!launch.ok) return launch
    return {
      ok: true,
      value: boxed(launch.value, on, { network, kept: [...launch.value.writable, sandboxHome] }),
    }
  }

const node = (script: string) => command('gate', [process.execPath, '-e', script], { network: 'loopback' })

test('the machine grants the whole box', () => {
  expect(found).toMatchObject({ rung: 'box', why: null })
})

test.each(['127.0.0.1', '::1', 'localhost'])('a gate listens on %s and reaches itself', async (host) => {
  const script = `const net = require('net')
const server = net.createServer((c) => c.end('hello')).listen(0, ${JSON.stringify(host)}, () =>
  net.connect(server.address().port, ${JSON.stringify(host)}).on('data', (d) => { console.log(String(d)); server.close() }))`
  expect(await gate(lab, node(script), { launch: inBox() })).toMatchObject({
    outcome: { kind: 'passed' },
    tail: 'hello\n',
    box: { rung: 'box', network: 'loopback' },
  })
})

test('what it writes in the workspace stays, what it writes to the temp directory does not', async () => {
  const name = `autoloop-box-${process.pid}`
  const result = await gate(
    lab,
    shell(`echo kept > kept; echo gone > /tmp/${name}; cat /tmp/${name}`, { network: 'none' }),
    {
      launch: inBox(),
    },
  )
  expect(result).toMatchObject({ outcome: { kind: 'passed' }, tail: 'gone\n' })
  expect(fs.readFileSync(path.join(lab.root, 'kept'), 'utf8')).toBe('kept\n')
  expect(fs.existsSync(path.join('/tmp', name))).toBe(false)
})

test('nothing of a gate outlives its time limit', async () => {
  const result = await gate(
    lab,
    shell('setsid sleep 1000 & sleep 1000', { timeoutSeconds: 1, network: 'loopback' }),
    {
      launch: inBox(),
    },
  )
  expect(result.outcome).toMatchObject({ kind: 'failed', cause: 'timeout' })
})
void os
