import { describe, expect, test } from '@jest/globals'
import { parseProjectConfig } from '../../src/contract/config.ts'
import { layerBytes, prepareCommand } from '../../src/contract/prepare.ts'
import type { Problem, ProjectConfig } from '../../src/contract/types.ts'
import { usesCleanRoom, verifiedIn } from '../../src/contract/verify.ts'

const commands = { test: ['npm', 'test'] }

function read(more: object) {
  return parseProjectConfig(JSON.stringify({ version: 2, commands, ...more }), 'config')
}

function parsed(more: object): ProjectConfig {
  const result = read(more)
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

function problems(more: object): readonly Problem[] {
  const result = read(more)
  return result.ok ? [] : result.error
}

describe('a config that speaks of the clean room', () => {
  test('without a word of it has none of its fields, and its gates are verified in place', () => {
    for (const version of [1, 2]) {
      const config = parsed({ version })
      expect(config).not.toHaveProperty('prepare')
      expect(config).not.toHaveProperty('copy')
      expect(config.policy).not.toHaveProperty('verify')
      expect(config.commands['test']).not.toHaveProperty('verify')
      expect(verifiedIn(config.commands['test']!, config.policy)).toBe('in-place')
      expect(usesCleanRoom(config)).toBe(false)
    }
  })

  test('gives a step of prepare every default, short or long', () => {
    const step = {
      argv: ['make', 'deps'],
      cwd: '.',
      timeoutSeconds: 1800,
      env: {},
      writable: [],
      network: 'none',
    }
    expect(parsed({ prepare: [['make', 'deps'], { argv: ['make', 'deps'] }] }).prepare).toEqual([step, step])
  })

  test('keeps what it says, in one spelling', () => {
    const step = {
      argv: ['npm', 'ci'],
      cwd: './web//',
      network: 'full',
      env: { A: 'b' },
      secrets: ['NPM_TOKEN'],
      timeoutSeconds: 60,
      writable: ['~/.cache/tool'],
    }
    const config = parsed({
      prepare: [step],
      copy: ['./.env.test', 'config/secrets/'],
      limits: { layerBytes: 7 },
      policy: { verify: 'clean-room' },
    })
    expect(config.prepare).toEqual([{ ...step, cwd: 'web' }])
    expect(config.copy).toEqual(['.env.test', 'config/secrets/**'])
    expect(config.policy.verify).toBe('clean-room')
    expect(layerBytes(config)).toBe(7)
    expect(layerBytes(parsed({}))).toBe(20 * 1024 ** 3)
  })

  test('makes a command of a step, which is one gate and is named by its place', () => {
    const [step] = parsed({
      prepare: [{ argv: ['npm', 'ci'], network: 'full', secrets: ['TOKEN'] }],
    }).prepare!
    expect(prepareCommand(step!, 0)).toMatchObject({
      name: 'prepare[0]',
      argv: ['npm', 'ci'],
      network: 'full',
      secrets: ['TOKEN'],
      steps: false,
      evidence: false,
    })
  })

  test.each([
    { policy: undefined, own: undefined, place: 'in-place' },
    { policy: 'in-place', own: undefined, place: 'in-place' },
    { policy: 'clean-room', own: undefined, place: 'clean-room' },
    { policy: 'clean-room', own: 'in-place', place: 'in-place' },
    { policy: 'in-place', own: 'clean-room', place: 'clean-room' },
    { policy: undefined, own: 'clean-room', place: 'clean-room' },
  ])(
    'policy $policy, command $own: $place, and the other gate as the policy says',
    ({ policy, own, place }) => {
      const config = parsed({
        commands: { ...commands, e2e: { argv: ['e2e'], ...(own && { verify: own }) } },
        ...(policy && { policy: { verify: policy } }),
      })
      expect(verifiedIn(config.commands['e2e']!, config.policy)).toBe(place)
      expect(verifiedIn(config.commands['test']!, config.policy)).toBe(policy ?? 'in-place')
      expect(usesCleanRoom(config)).toBe([policy, place].includes('clean-room'))
    },
  )
})

test.each<{ config: object; path: string; found: string; allowed: string; example?: string }>([
  {
    config: { prepare: ['npm ci'] },
    path: 'prepare[0]',
    found: '"npm ci"',
    allowed: 'an argv array',
    example: '["npm", "ci"]',
  },
  {
    config: { prepare: { argv: ['x'] } },
    path: 'prepare',
    found: '{"argv":["x"]}',
    allowed: 'array of steps',
  },
  {
    config: { prepare: [['npm ci']] },
    path: 'prepare[0]',
    found: '["npm ci"]',
    allowed: 'an element of its own',
    example: '["npm","ci"]',
  },
  {
    config: { prepare: [{ network: 'full' }] },
    path: 'prepare[0].argv',
    found: 'nothing',
    allowed: 'array of text',
  },
  ...[true, false, 'host'].map((network) => ({
    config: { prepare: [{ argv: ['x'], network }] },
    path: 'prepare[0].network',
    found: JSON.stringify(network),
    allowed: '"none", "loopback" or "full"',
  })),
  ...['steps', 'tty', 'parallel', 'keeps', 'pins', 'evidence', 'verify', 'reach', 'services', 'name'].map(
    (field) => ({
      config: { prepare: [{ argv: ['x'], [field]: true }] },
      path: `prepare[0].${field}`,
      found: `unknown key "${field}"`,
      allowed: 'argv, cwd, timeoutSeconds',
    }),
  ),
  {
    config: { prepare: [{ argv: ['x'], env: { PATH: '/x' } }] },
    path: 'prepare[0].env.PATH',
    found: '"PATH"',
    allowed: 'not PATH',
  },
  {
    config: { prepare: [{ argv: ['x'], secrets: ['CODEX_HOME'] }] },
    path: 'prepare[0].secrets[0]',
    found: '"CODEX_HOME"',
    allowed: 'not PATH',
  },
  {
    config: { prepare: [{ argv: ['x'], cwd: '../y' }] },
    path: 'prepare[0].cwd',
    found: '../y',
    allowed: 'inside',
  },
  {
    config: { prepare: [{ argv: ['x'], writable: ['~'] }] },
    path: 'prepare[0].writable[0]',
    found: '~',
    allowed: '~/',
  },
  ...['*', '**', '**/*', '.*', './**'].map((glob) => ({
    config: { copy: [glob] },
    path: 'copy[0]',
    found: JSON.stringify(glob),
    allowed: 'not everything that git ignores',
    example: '".env.test"',
  })),
  ...['../.env', '/etc/passwd', '.git/config', '!x', '~/.netrc'].map((glob) => ({
    config: { copy: ['.env', glob] },
    path: 'copy[1]',
    found: JSON.stringify(glob),
    allowed: '',
  })),
  { config: { copy: '.env' }, path: 'copy', found: '".env"', allowed: 'array of globs' },
  { config: { limits: { layerBytes: 0 } }, path: 'limits.layerBytes', found: '0', allowed: 'above 0' },
  {
    config: { policy: { verify: 'room' } },
    path: 'policy.verify',
    found: '"room"',
    allowed: '"clean-room" or "in-place"',
  },
  {
    config: { commands: { test: { argv: ['x'], verify: true } } },
    path: 'commands.test.verify',
    found: 'true',
    allowed: '"clean-room" or "in-place"',
  },
  {
    config: { policy: { verify: 'clean-room', sandbox: 'off' } },
    path: 'policy.verify',
    found: '"clean-room"',
    allowed: 'a part of the box',
    example: '"in-place"',
  },
  {
    config: { policy: { sandbox: 'off' }, commands: { test: { argv: ['x'], verify: 'clean-room' } } },
    path: 'commands.test.verify',
    found: '"clean-room"',
    allowed: 'a part of the box',
  },
])('$config: $path', ({ config, path, found, allowed, example }) => {
  const [problem, ...more] = problems(config)
  expect(more).toEqual([])
  expect(problem).toMatchObject({
    path,
    found: expect.stringContaining(found),
    allowed: expect.stringContaining(allowed),
    ...(example === undefined ? {} : { example }),
  })
})

test.each([
  [{ prepare: [['npm', 'ci']] }, 'prepare'],
  [{ copy: ['.env.test'] }, 'copy'],
  [{ policy: { verify: 'in-place' } }, 'policy.verify'],
  [{ commands: { 'a b': ['x'], test: { argv: ['x'], verify: 'clean-room' } } }, 'commands.test.verify'],
])('%j needs version 2', (more, path) => {
  for (const version of [undefined, 1, '0.1'])
    expect(problems({ ...more, version })).toContainEqual(
      expect.objectContaining({ path, allowed: expect.stringContaining('only with "version": 2') }),
    )
})

describe('tests of the start', () => {
  const test1 = (more: object, policy: object = { verify: 'clean-room' }) => ({
    commands: { test: { argv: ['npm', 'test'], tests: 'start', ...more } },
    policy,
  })

  test('are asked for by the word of a command, in the clean room', () => {
    expect(parsed(test1({})).commands['test']).toMatchObject({ tests: 'start' })
    expect(parsed(test1({ verify: 'clean-room' }, {})).commands['test']).toMatchObject({ tests: 'start' })
    expect(parsed({}).commands['test']).not.toHaveProperty('tests')
  })

  test.each([
    [test1({}, {})],
    [test1({ verify: 'in-place' })],
    [test1({ box: false, network: 'none' })],
    [test1({}, { verify: 'in-place' })],
  ])('are refused where the gate is verified in place: %j', (config) => {
    expect(problems(config)).toMatchObject([
      { path: 'commands.test.tests', found: '"start"', allowed: expect.stringContaining('clean-room') },
    ])
  })

  test('have no other word, and none in version 1', () => {
    expect(problems(test1({ tests: 'work' }))).toMatchObject([{ path: 'commands.test.tests' }])
    expect(problems({ ...test1({}), version: 1 }).map((one) => one.path)).toContain('commands.test.tests')
  })
})
