import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Network } from '../../src/contract/network.ts'
import { command } from '../gates/rig.ts'
import { type BoxLab, makeBoxLab, peopleHere } from './lab.ts'
import type { Job } from './job.ts'

describe.each(peopleHere)('%s', (_name, uid) => {
  let lab: BoxLab
  beforeAll(() => {
    lab = makeBoxLab(uid)
  })
  afterAll(() => lab.remove())

  const run = (argv: readonly string[], network: Network, place: Job['place'] = 'box') =>
    lab.run({ place, person: false, command: command('gate', argv, { network, timeoutSeconds: 120 }) })
  const node = (script: string, network: Network = 'loopback', place: Job['place'] = 'box') =>
    run(['node', '-e', script], network, place)
  const talk = (where: string): string => `const net = require('net')
    const server = net.createServer((one) => one.end('hello')).on('error', (error) => { console.log(error.code); process.exit(7) })
    server.listen(${where}, () => net.connect(server.address().port ?? server.address(), ...[${where}].slice(1))
      .on('data', (data) => { console.log(String(data)); server.close() }))`

  test.each(["0, '127.0.0.1'", "0, '::1'", "0, 'localhost'", "process.cwd() + '/s'", "'/tmp/s'"])(
    'a server listens on %s and answers its own process',
    (where) => {
      expect(node(talk(where))).toMatchObject({
        outcome: { kind: 'passed' },
        tail: 'hello\n',
        box: { rung: 'box', network: 'loopback' },
      })
    },
  )

  test('without loopback nothing listens, and without overlays no unix socket does', () => {
    expect(node(talk("0, '127.0.0.1'"), 'none')).toMatchObject({
      outcome: { kind: 'failed', exitCode: 7 },
      tail: 'EPERM\n',
    })
    expect(node(talk("'/tmp/s'"), 'loopback', 'box-no-unix')).toMatchObject({
      outcome: { kind: 'failed' },
      box: { rung: 'box-no-unix', network: 'loopback' },
    })
    expect(node(talk("0, '127.0.0.1'"), 'loopback', 'box-no-unix').outcome).toEqual({ kind: 'passed' })
  })

  test('children of Node have every kind of stream', () => {
    const script = `const { spawn, spawnSync, fork } = require('child_process')
      const out = spawnSync(process.execPath, ['-e', 'console.log(process.argv[1])', 'pipe'], { encoding: 'utf8' }).stdout.trim()
      spawnSync(process.execPath, ['-e', 'console.log("inherit")'], { stdio: 'inherit' })
      const ignored = spawnSync(process.execPath, ['-e', 'console.log(1)'], { stdio: 'ignore' }).status
      spawn(process.execPath, ['-e', 'process.send("ipc")'], { stdio: ['pipe', 'pipe', 'pipe', 'ipc'] })
        .on('message', (said) => console.log(out, ignored, said))`
    expect(node(script)).toMatchObject({ outcome: { kind: 'passed' }, tail: 'inherit\npipe 0 ipc\n' })
  })

  test('node --test tells of its tests, and jest has workers', () => {
    fs.mkdirSync(path.join(lab.dir, 'repo/t'), { recursive: true })
    for (const name of ['a', 'b'])
      fs.writeFileSync(
        path.join(lab.dir, `repo/t/${name}.test.cjs`),
        `const test = globalThis.test ?? require('node:test').test; test('works in ${name}', () => {})`,
      )
    const own = run(['node', '--test', 't/a.test.cjs', 't/b.test.cjs'], 'loopback')
    expect(own.outcome).toEqual({ kind: 'passed' })
    expect(own.tail).toMatch(/works in a[^]*works in b/)
    const jest = path.join(lab.packages(), 'jest/bin/jest.js')
    const config = { testRegex: 'test.cjs$', moduleFileExtensions: ['cjs', 'js'], roots: ['<rootDir>/t'] }
    const flags = ['--config', JSON.stringify(config), '--rootDir', '.', '--maxWorkers=2', '--no-cache']
    const others = run(['node', jest, ...flags], 'loopback')
    expect(others.tail).toMatch(/Tests: +2 passed/)
    expect(others.outcome).toEqual({ kind: 'passed' })
  }, 60_000)

  test('what it writes in the workspace stays; the temp directory is its own', () => {
    const name = `/tmp/autoloop-kept-${process.pid}-${uid}`
    fs.writeFileSync(`${name}-mine`, '')
    const script = `test ! -e ${name}-mine && echo kept > kept && echo gone > ${name} && cat ${name}`
    const result = run(['sh', '-c', script], 'loopback')
    fs.rmSync(`${name}-mine`)
    expect(result).toMatchObject({ outcome: { kind: 'passed' }, tail: 'gone\n' })
    expect(fs.readFileSync(path.join(lab.dir, 'repo/kept'), 'utf8')).toBe('kept\n')
    expect(fs.existsSync(name)).toBe(false)
  })

  test('nothing outlives the time limit', () => {
    const argv = ['sh', '-c', 'setsid sleep 1001 & sleep 1001']
    const limited = command('gate', argv, { network: 'loopback', timeoutSeconds: 1 })
    const result = lab.run({ place: 'box', person: false, command: limited })
    expect(result.outcome).toMatchObject({ kind: 'failed', cause: 'timeout' })
  })
})
