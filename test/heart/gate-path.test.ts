import fs from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { type World, SESSION, codes, makeWorld } from '../hostile/world.ts'
import { type Answer, message } from '../rig/installed.ts'
import { long } from '../rig/long.ts'

/*
 * A version manager puts a new directory in the place of the one in which the gates' programs were found. Everything is
 * as installed: the shim, the command line, Codex's sandbox around the gates.
 */

let world: World
let close: () => Promise<void>
const at = (...names: string[]): string => path.join(world.lab.dir, 'tools', ...names)
const system = '/usr/bin:/bin'
const withPath = (...dirs: string[]) => ({ PATH: [...dirs, system].join(':') })

/** The tool of this version says yes to a greeting that is right. */
function install(version: string): void {
  fs.mkdirSync(at(version), { recursive: true })
  fs.writeFileSync(at(version, 'mytool'), '#!/bin/sh\ngrep -qx hello src/greeting.txt\n', { mode: 0o755 })
}
const upgrade = (): void => fs.renameSync(at('v1'), at('v2'))
const allow = (version: string, ...flags: string[]): Promise<Answer> =>
  world.lab.json(['allow', '--repo', world.lab.repo, ...flags], 0, withPath(at(version)))
const amendments = (): Answer[] =>
  fs
    .readFileSync(world.ledger, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter((event) => event.type === 'amended')
const parked = { continue: false, stopReason: expect.stringContaining('parked') }
const released = { systemMessage: expect.stringContaining('released.') }
/** Two stops of finished work whose gate is gone: named to the agent, then left to the person. */
function stopTwice(): Answer {
  expect(world.stop()).toMatchObject({ decision: 'block' })
  const said = world.stop()
  expect(said).toMatchObject(parked)
  return said
}

beforeAll(async () => {
  const made = await makeWorld({
    script: () => () => [message('hello')],
    repoFiles: {
      'README.md': '# greeting\n',
      '.codex/autoloop.project.json': JSON.stringify({ commands: { t: ['mytool'] } }),
    },
  })
  world = made.world
  close = made.close
})
afterEach(() => {
  world.reset()
  fs.rmSync(at(), { recursive: true, force: true })
})
afterAll(() => close())

/** A run with finished work, frozen with `v1`; then the upgrade. */
async function trap(): Promise<void> {
  install('v1')
  await allow('v1')
  world.arm()
  world.work()
  upgrade()
}

describe('the directory of a gate’s program is renamed during a run', () => {
  test('the fix that is printed works: recorded again, accepted for the run, released', async () => {
    await trap()
    const { stopReason } = stopTwice()
    expect(stopReason).toContain(`record the PATH again: autonomous-loop allow --repo ${world.lab.repo})`)

    const shown = await allow('v2')
    expect(shown).toMatchObject({
      gate_path: `${at('v2')}:${system}`,
      open_runs: [
        {
          session_id: SESSION,
          amended: false,
          changes: [
            { id: 'gate-path', text: expect.stringContaining(`was ${at('v1')}:${system}, now ${at('v2')}:`) },
          ],
        },
      ],
    })
    expect(amendments()).toEqual([])

    const accepted = await allow('v2', '--amend')
    expect(accepted).toMatchObject({ already_approved: true, open_runs: [{ amended: true }] })
    expect(amendments()).toMatchObject([
      {
        data: {
          by: 'terminal',
          reason: expect.stringContaining('allow of'),
          changes: [{ id: 'gate-path' }],
          activation: { gatePath: `${at('v2')}:${system}` },
        },
      },
    ])
    expect((await allow('v2')).open_runs).toEqual([])
    expect(await world.state()).toMatchObject({ state: 'parked' })
    world.prompt('go on')
    expect(world.stop()).toMatchObject(released)
    expect(codes(await world.audit())).not.toContain('ledger-broken')
  })

  if (long)
    test('the command that allow prints for the run does it too', async () => {
      await trap()
      stopTwice()
      const [one] = (await allow('v2')).open_runs
      const [, ...words] = String(one.amend).split(' ')
      await world.lab.json(words)
      world.prompt('go on')
      expect(world.stop()).toMatchObject(released)
    })

  if (long)
    test('recorded before the second stop: the park shows both and the prompt that accepts it', async () => {
      await trap()
      expect(world.stop()).toMatchObject({ decision: 'block' })
      await allow('v2')
      const { stopReason } = world.stop()
      expect(stopReason).toContain('parked')
      expect(stopReason).toContain(`(${at('v1')}:`)
      const prompt = /autonomous-loop amend [0-9a-f]{12}/.exec(stopReason)?.[0] ?? ''
      expect(world.prompt(prompt).stopReason).toContain('accepted.')
      expect(amendments()).toMatchObject([{ data: { by: 'prompt', changes: [{ id: 'gate-path' }] } }])
      world.prompt('go on')
      expect(world.stop()).toMatchObject(released)
    })

  if (long)
    test('another PATH holds nobody whose own still serves', async () => {
      install('v1')
      await allow('v1')
      world.arm()
      world.work()
      install('v3')
      expect((await allow('v3')).open_runs).toHaveLength(1)
      expect(world.stop()).toMatchObject(released)
      expect(amendments()).toEqual([])
    })

  if (long)
    test('a PATH that does not have the program either is not offered', async () => {
      await trap()
      expect(world.stop()).toMatchObject({ decision: 'block' })
      await allow('elsewhere')
      const { stopReason } = world.stop()
      expect(stopReason).toContain('record the PATH again')
      expect(stopReason).not.toContain('autonomous-loop amend')
    })
})

test('what the agent puts in the way of the missing program counts for nothing', async () => {
  await trap()
  world.lab.write('bin/mytool', '#!/bin/sh\n')
  world.agent(`chmod +x bin/mytool; mkdir -p '${at('own')}'; cp bin/mytool '${at('own')}'`)
  const { home, repo, cliPath } = world.lab
  const marks = 'PATH="$PWD/bin:$PATH"'
  for (const attempt of [
    `${marks} '${cliPath}' allow --repo . --amend`,
    `${marks} '${cliPath}' amend 123456789012`,
  ])
    expect(() => world.agent(`${attempt} 2>&1`)).toThrow('person-only')
  // The marks taken off, in the sandbox where agents live: the home takes nothing.
  // A pipe, because node cannot write to a socket there.
  const allowed = `env -u CODEX_SANDBOX_NETWORK_DISABLED '${cliPath}' allow --repo . --amend | cat`
  const words = ['sandbox', '-P', ':workspace', '-C', repo, '--', 'sh', '-c', allowed]
  const env = withPath(path.join(repo, 'bin'), at('own'), path.dirname(process.execPath))
  const tried = await world.lab.codex(words, { env })
  expect(JSON.parse(tried.stdout)).toMatchObject({ ok: false, error_code: 'home-unwritable' })
  const [file = '', ...more] = fs.readdirSync(path.join(home, 'approved'))
  expect(more).toEqual([])
  const approval = JSON.parse(fs.readFileSync(path.join(home, 'approved', file), 'utf8'))
  expect(approval.gatePath).toBe(`${at('v1')}:${system}`)

  // A prompt of a sub-agent is nobody's word, and a digest that was guessed accepts nothing.
  await allow('v2')
  const [, digest] = /amend ([0-9a-f]{12})/.exec((await allow('v2')).open_runs[0].amend) ?? []
  world.hook('user-prompt-submit', { prompt: `autonomous-loop amend ${digest}`, agent_id: 'child' })
  expect(() => world.agent(`'${cliPath}' amend ${digest} 2>&1`)).toThrow('person-only')
  world.prompt('autonomous-loop amend 123456789012')
  expect(amendments()).toEqual([])
  expect(await world.state()).not.toMatchObject({ state: 'released' })
})

if (long)
  test('a person whose PATH leads into the workspace records nothing of it', async () => {
    await trap()
    world.lab.write('bin/mytool', '#!/bin/sh\n')
    fs.chmodSync(path.join(world.lab.repo, 'bin/mytool'), 0o755)
    const env = withPath(path.join(world.lab.repo, 'bin'))
    const answer = await world.lab.json(['allow', '--repo', world.lab.repo, '--amend'], 0, env)
    expect(answer.gate_path).toBe(system)
    world.prompt('go on')
    expect(world.stop()).toMatchObject({
      decision: 'block',
      reason: expect.stringContaining('could not run'),
    })
  })
