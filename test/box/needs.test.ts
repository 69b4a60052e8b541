import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Command } from '../../src/contract/types.ts'
import { command } from '../gates/rig.ts'
import { projectRoot } from '../rig/root.ts'
import { type BoxLab, makeBoxLab, ordinary, peopleHere } from './lab.ts'
import type { Job } from './job.ts'

const SERVER = `const http = require('http')
console.log('listening in ' + process.env.AUTOLOOP_SERVICE_DIR)
http.createServer((_, answer) => answer.end('hello')).listen(8123, '127.0.0.1')`
const ASK = `require('http').get('http://127.0.0.1:8123', (answer) => answer.pipe(process.stdout)).on('error', () => process.exit(1))`
const server = { argv: ['node', '-e', SERVER], ready: ['node', '-e', ASK], timeoutSeconds: 30 }

describe.each(peopleHere)('%s', (_name, uid) => {
  let lab: BoxLab
  beforeAll(() => {
    lab = makeBoxLab(uid)
  })
  afterAll(() => lab.remove())

  const run = (argv: readonly string[], fields: Partial<Command>, job: Partial<Job> = {}) =>
    lab.run({
      place: 'box',
      person: false,
      command: command('gate', argv, { network: 'loopback', timeoutSeconds: 60, ...fields }),
      ...job,
    })

  test('a service is ready before the command begins, and the exit code is that of the command', () => {
    const asked = run(['node', '-e', ASK], { services: [server] })
    expect(asked).toMatchObject({ outcome: { kind: 'passed' }, tail: 'hello' })
    const stop = ['sh', '-c', 'echo stopped > stopped; kill $(cat "$AUTOLOOP_SERVICE_DIR/pid")']
    const argv = ['sh', '-c', 'echo $$ > "$AUTOLOOP_SERVICE_DIR/pid"; exec node -e "$0"', SERVER]
    const failed = run(['sh', '-c', 'exit 5'], { services: [{ ...server, argv, stop }] })
    expect(failed.outcome).toEqual({ kind: 'failed', exitCode: 5, signal: null, cause: 'exit' })
    expect(failed.tail).toMatch(/^\[sh\] listening in \/tmp\/autoloop-services-\w+\n$/)
    expect(fs.readFileSync(path.join(lab.dir, 'repo/stopped'), 'utf8')).toBe('stopped\n')
  })

  test.each([
    ['ends', ['sh', '-c', 'echo no room; exit 3'], 'ended with 3 before it was ready: no room'],
    ['is missing', ['autoloop-none'], /ended with 127 before it was ready: .*not found/],
    ['is never ready', ['sh', '-c', 'echo waiting; exec sleep 1000'], 'was not ready after 1 s: waiting'],
  ])('a service that %s: the command does not begin', (_how, argv, why) => {
    const result = run(['sh', '-c', 'touch begun'], {
      services: [{ argv, ready: ['false'], timeoutSeconds: 1 }],
    })
    expect(result.outcome).toMatchObject({
      kind: 'could-not-run',
      why: typeof why === 'string' ? expect.stringContaining(why) : expect.stringMatching(why),
    })
    expect(fs.existsSync(path.join(lab.dir, 'repo/begun'))).toBe(false)
  })

  test('a secret goes to the gate, and its value to nobody else', () => {
    const value = `s"cr et-${process.pid}`
    const script = `const value = process.env.NPM_TOKEN
      for (const part of [value.slice(0, 5), value.slice(5)]) { process.stdout.write(part); require('child_process').spawnSync('true') }
      console.log('', encodeURIComponent(value), JSON.stringify(value), Buffer.from(value).toString('base64'), value.length)`
    const given = run(
      ['node', '-e', script],
      { secrets: ['NPM_TOKEN'] },
      { vars: { NPM_TOKEN: value, OTHER: 'x' } },
    )
    expect(given).toMatchObject({
      outcome: { kind: 'passed' },
      tail: expect.stringMatching(/^\*\*\* \*\*\* "\*\*\*" \*\*\*=* \d+\n$/),
    })
    expect(fs.readFileSync(given.logFile ?? '', 'utf8')).toBe(given.tail)
    const without = run(['sh', '-c', 'echo "${NPM_TOKEN-none}"'], {}, { vars: { NPM_TOKEN: value } })
    expect(without.tail).toBe('none\n')
  })

  test.each([{}, { NPM_TOKEN: '' }, { NPM_TOKEN: 'short' }])('with %j the gate does not run', (vars) => {
    expect(run(['true'], { secrets: ['NPM_TOKEN'] }, { vars }).outcome).toMatchObject({
      kind: 'could-not-run',
      why: expect.stringContaining('NPM_TOKEN'),
    })
  })

  test('HOME is read as it is, and nothing that is written there stays', () => {
    const config = path.join(lab.dir, 'user/.config')
    fs.mkdirSync(config, { recursive: true })
    fs.writeFileSync(path.join(config, 'x'), 'mine\n')
    if (uid !== null) for (const file of [config, path.join(config, 'x')]) fs.chownSync(file, uid, uid)
    // The disk of the box is thrown away, but Codex's sandbox inside still says what may be written.
    const script =
      'cat ~/.config/x; (echo gone > ~/.config/y && cat ~/.config/y) 2>&1; echo changed 2>/dev/null >> ~/.config/x; true'
    const result = run(['sh', '-c', script], {})
    expect(result.outcome).toEqual({ kind: 'passed' })
    expect(result.tail).toMatch(/^mine\n/)
    expect(fs.readdirSync(config)).toEqual(['x'])
    expect(fs.readFileSync(path.join(config, 'x'), 'utf8')).toBe('mine\n')
  })

  test('a terminal of its own, and no other', () => {
    const pty = path.join(lab.dir, 'node-pty')
    fs.cpSync(path.join(projectRoot, 'node_modules/node-pty'), pty, { recursive: true })
    const script =
      'test -t 0 && test -t 1 && test -t 2 && echo three; (: </dev/tty) 2>/dev/null || echo no other'
    const result = run(['sh', '-c', script], { tty: true }, { pty })
    expect(result).toMatchObject({ outcome: { kind: 'passed' }, tail: 'three\r\nno other\r\n' })
  })
})

/** Where the programs of PostgreSQL are, or null: Debian keeps them off the PATH. */
function postgresPrograms(): string | null {
  const found = spawnSync('sh', ['-c', 'command -v initdb || ls /usr/lib/postgresql/*/bin/initdb'], {
    encoding: 'utf8',
  })
  const [file = ''] = found.stdout.split('\n')
  return found.status === 0 && spawnSync('pg_isready', ['--version']).status === 0
    ? path.dirname(fs.realpathSync(file))
    : null
}

test('PostgreSQL as a service', () => {
  const bin = postgresPrograms()
  if (bin === null) {
    process.stderr.write('PostgreSQL was not tried as a service: initdb or pg_isready is not here\n')
    expect(fs.existsSync('/usr/lib/postgresql') && fs.existsSync('/usr/bin/pg_isready')).toBe(false)
    return
  }
  // It refuses to run as root.
  const lab = makeBoxLab(process.getuid?.() === 0 ? ordinary : null)
  const start = `${bin}/initdb -D "$AUTOLOOP_SERVICE_DIR/data" -U app -A trust && exec ${bin}/postgres -D "$AUTOLOOP_SERVICE_DIR/data" -k "$AUTOLOOP_SERVICE_DIR" -p 5439`
  const services = [
    { argv: ['sh', '-c', start], ready: ['pg_isready', '-h', '127.0.0.1', '-p', '5439'], timeoutSeconds: 60 },
  ]
  const argv = ['psql', '-h', '127.0.0.1', '-p', '5439', '-U', 'app', '-tAc', 'select 40 + 2', 'postgres']
  const what = command('gate', argv, { network: 'loopback', services })
  const result = lab.run({ place: 'box', person: false, command: what })
  lab.remove()
  expect(result).toMatchObject({ outcome: { kind: 'passed' }, tail: '42\n' })
}, 120_000)
