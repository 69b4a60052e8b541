import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { filledArgv } from '../../src/agents/placeholders.ts'
import { type Lab, gatePath, makeLab, noLauncher, said, sh, watch } from './rig.ts'
import { sampleOf } from '../rig/long.ts'

let lab: Lab
beforeEach(() => {
  lab = makeLab(`it's "odd" $HOME`)
})
afterEach(() => lab.remove())

test('placeholders are filled within one argument, whatever the value holds', async () => {
  const argv = [
    'node',
    '-e',
    'console.log(JSON.stringify(process.argv.slice(1)))',
    '--',
    '{prompt_file}',
    '--in={workspace}',
    '{result_file}',
    '{role}/{item}/{attempt}/{turn}',
    '{other} {} {{item}} ${item}',
  ]
  expect(await watch(lab.agent({ argv }), lab.turn).outcome).toMatchObject({ kind: 'finished' })
  expect(JSON.parse(said(lab))).toEqual([
    lab.turn.promptFile,
    `--in=${lab.workspace}`,
    path.join(lab.scratch, 'result.json'),
    'work/001/1/1',
    '{other} {} {001} $001',
  ])
})

test('a value that looks like a placeholder is not filled again', () => {
  const turn = { ...lab.turn, workspace: '/w/{item} $& $1', item: '{role}' }
  expect(filledArgv(['{workspace}', '{item}'], turn)).toEqual(['/w/{item} $& $1', '{role}'])
})

describe.each(sampleOf(['on', 'off'] as const, 2))('sandbox %s', (sandbox) => {
  const envOf = async (more: object = {}, vars: Record<string, string> = {}) => {
    const agent = lab.agent(
      { argv: ['node', '-p', 'JSON.stringify({ ...process.env, cwd: process.cwd() })'], sandbox, ...more },
      { vars: { HOME: lab.at('vars-home'), ...vars } },
    )
    expect(await watch(agent, lab.turn).outcome).toMatchObject({ kind: 'finished' })
    return JSON.parse(said(lab)) as Record<string, string>
  }

  test('what stands in its environment, and nothing else', async () => {
    const outer = {
      CODEX_HOME: '/outer',
      CODEX_SESSION_ID: 'outer',
      CODEX_THREAD_ID: 'outer',
      CODEX_API_KEY: 'outer',
      AUTONOMOUS_LOOP_HOME: '/outer',
      NODE_OPTIONS: '--no-warnings',
      GIT_DIR: '/outer',
      LD_PRELOAD: '',
      OTHER_TOKEN: 'secret-of-the-person',
      TMPDIR: '/var/tmp',
      LANG: 'C.UTF-8',
      https_proxy: 'http://proxy.example',
    }
    const env = await envOf({ env: { MODEL: 'm', AUTONOMOUS_LOOP_ATTEMPT: '9', CODEX_X: 'y' } }, outer)
    const { AUTOLOOP_GATE: mark, ...rest } = env
    expect(mark).toMatch(/^batch-.*:[0-9a-f]{24}$/)
    expect(rest).toEqual({
      cwd: lab.workspace,
      HOME: lab.at('vars-home'),
      LANG: 'C.UTF-8',
      MODEL: 'm',
      PATH: gatePath,
      TMPDIR: path.join(lab.scratch, 'tmp'),
      https_proxy: 'http://proxy.example',
      PWD: lab.workspace,
      CI: '1',
      TERM: 'dumb',
      PYTHONDONTWRITEBYTECODE: '1',
      UV_NO_CACHE: '1',
      ...(sandbox === 'on' && { GIT_DISCOVERY_ACROSS_FILESYSTEM: '1' }),
      AUTONOMOUS_LOOP_ROLE: 'work',
      AUTONOMOUS_LOOP_ITEM: '001',
      AUTONOMOUS_LOOP_ATTEMPT: '1',
      AUTONOMOUS_LOOP_TURN: '1',
      AUTONOMOUS_LOOP_WORKSPACE: lab.workspace,
      AUTONOMOUS_LOOP_PROMPT_FILE: lab.turn.promptFile,
      AUTONOMOUS_LOOP_RESULT_FILE: path.join(lab.scratch, 'result.json'),
      AUTONOMOUS_LOOP_SCHEMA_FILE: path.join(path.dirname(lab.turn.promptFile), 'turn-1.schema.json'),
    })
  })

  test('it has no input and none of our descriptors', async () => {
    const fd = fs.openSync(lab.turn.promptFile, 'r')
    const agent = lab.agent({ ...sh("cat; ls -l /proc/self/fd | sed -n 's/.*-> //p'"), sandbox })
    await watch(agent, lab.turn).outcome
    fs.closeSync(fd)
    const leadTo = said(lab).trim().split('\n')
    expect(leadTo.length).toBeGreaterThan(3)
    expect(
      leadTo.filter((place) => !/^(?:\/dev\/null|pipe:.*|\/proc\/.*|.*\/fifo( \(deleted\))?)$/.test(place)),
    ).toEqual([])
  })

  test('a secret that it is given is not in its log', async () => {
    const key = 'k3y-of-the-person'
    const agent = lab.agent(
      { ...sh('test "$KEY" = k3y-of-the-person && echo "$KEY" && echo same'), secrets: ['KEY'], sandbox },
      { vars: { HOME: lab.at('vars-home'), KEY: key } },
    )
    expect(await watch(agent, lab.turn).outcome).toMatchObject({ kind: 'finished' })
    expect(said(lab)).toBe('***\nsame\n')
  })
})

test('the answer of the turn before is not the answer of this one, its temp directory stays', async () => {
  const agent = lab.agent({
    ...sh(
      'test -e "$TMPDIR/kept" && exit 0; touch "$TMPDIR/kept"; echo \'{"status":"blocked","summary":"x"}\' > "$AUTONOMOUS_LOOP_RESULT_FILE"',
    ),
  })
  expect(await watch(agent, lab.turn).outcome).toMatchObject({ answer: { status: 'blocked' } })
  expect(await watch(agent, { ...lab.turn, turn: 2 }).outcome).toMatchObject({
    answer: { status: 'complete' },
  })
})

test('a log holds the beginning, and no more than its bound', async () => {
  const agent = lab.agent({ ...sh('echo first; head -c 40000000 /dev/zero; echo last'), sandbox: 'off' })
  expect(await watch(agent, lab.turn).outcome).toMatchObject({ kind: 'finished' })
  const { size } = fs.statSync(path.join(lab.turn.dir, 'turn-1.log'))
  expect(size).toBeGreaterThan(16 << 20)
  expect(size).toBeLessThan((16 << 20) + 200)
  expect(said(lab).startsWith('first\n')).toBe(true)
  expect(said(lab).trimEnd().endsWith('bytes]')).toBe(true)
})

test('a log that cannot be written does not keep the agent from its work', async () => {
  fs.mkdirSync(path.join(lab.turn.dir, 'turn-1.log'))
  expect(await watch(lab.agent(sh('echo hello; echo x > f')), lab.turn).outcome).toMatchObject({
    kind: 'finished',
  })
  expect(fs.existsSync(path.join(lab.workspace, 'f'))).toBe(true)
})

test.each([
  ['a program that is not on the PATH', { argv: ['no-such-agent'] }, 'gate-missing'],
  ['a file that is not there', { argv: ['./agent.sh'] }, 'gate-missing'],
  ['a secret that nobody has', { argv: ['true'], secrets: ['NO_SUCH_KEY'] }, 'gate-secret'],
])('%s: it could not start', async (_name, what, code) => {
  expect(await watch(lab.agent(what, { launch: noLauncher }), lab.turn).outcome).toMatchObject({
    kind: 'could-not-start',
    why: { code },
  })
})

test.each([
  ['scratch', 'scratch'],
  ['logs', 'dir'],
] as const)('no place for its %s: it could not start', async (_name, field) => {
  fs.writeFileSync(lab.at('file'), '')
  const turn = { ...lab.turn, [field]: lab.at('file/below') }
  expect(await watch(lab.agent({}), turn).outcome).toMatchObject({
    kind: 'could-not-start',
    why: { code: 'agent-place' },
  })
})

test('a box that does not come up says so', async () => {
  const agent = lab.agent(
    {},
    {
      launch: ({ env }) => ({
        ok: true,
        value: { argv: ['/bin/sh', '-c', 'echo no room >&2; exit 1'], env, sandboxed: true },
      }),
    },
  )
  expect(await watch(agent, lab.turn).outcome).toMatchObject({
    kind: 'could-not-start',
    why: { code: 'agent-not-started', message: expect.stringContaining('no room') },
  })
})
