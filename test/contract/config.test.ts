import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { holds } from '../rig/long.ts'
import { parseProjectConfig } from '../../src/contract/config.ts'
import { verifiedIn } from '../../src/contract/verify.ts'
import type { Problem } from '../../src/contract/types.ts'

const FILE = '.codex/autoloop.project.json'
const MINIMAL = { commands: { test: ['npm', 'test'] } }

function parsed(config: unknown) {
  const result = parseProjectConfig(JSON.stringify(config), FILE)
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

function problems(config: unknown): Problem[] {
  const text = typeof config === 'string' ? config : JSON.stringify(config)
  const result = parseProjectConfig(text, FILE)
  return result.ok ? [] : result.error
}

describe('a config that is fine', () => {
  test('gets every default', () => {
    expect(parsed(MINIMAL)).toEqual({
      version: 1,
      commands: {
        test: {
          name: 'test',
          argv: ['npm', 'test'],
          cwd: '.',
          timeoutSeconds: 600,
          env: {},
          tty: false,
          parallel: false,
          network: false,
          writable: [],
          pins: [],
          evidence: false,
        },
      },
      gateProfiles: { fast: [], default: ['test'], final: ['test'] },
      defaults: {
        gateProfile: 'default',
        fastGateProfile: 'fast',
        finalGateProfile: 'final',
        maxStopIterations: 12,
        maxRepeatedFailureSignature: 3,
      },
      policy: { control: 'person', background: 'block', gateWrites: [], sandbox: 'on', gates: 'required' },
    })
  })

  test('keeps what it says, in one spelling', () => {
    const config = parsed({
      $schema: './x.json',
      version: 1,
      commands: {
        'test:unit': {
          argv: ['sh', '-c', 'npm test | tee log'],
          cwd: './packages//app/',
          timeoutSeconds: 30,
          env: { NODE_ENV: 'test' },
          tty: true,
          parallel: true,
          network: true,
          writable: ['~/.cache/tool', '/var/cache/tool'],
          pins: ['./jest.config.js', '.git/config'],
          evidence: true,
        },
        lint: ['npm', 'run', 'lint'],
      },
      gateProfiles: { fast: ['lint'], final: ['lint', 'lint', 'test:unit'], nightly: ['test:unit'] },
      defaults: { gateProfile: 'nightly', maxMinutes: 90.5, maxTokens: 5 },
      policy: {
        control: 'agent',
        background: 'allow',
        gateWrites: ['coverage/'],
        sandbox: 'off',
        gates: 'none',
      },
      notify: ['notify-send', 'loop'],
      semanticReview: { enabled: false },
    })
    expect(config.commands['test:unit']).toMatchObject({
      cwd: 'packages/app',
      pins: ['jest.config.js', '.git/config'],
      writable: ['~/.cache/tool', '/var/cache/tool'],
    })
    expect(config.gateProfiles).toEqual({
      fast: ['lint'],
      default: ['lint', 'test:unit'],
      final: ['lint', 'test:unit'],
      nightly: ['test:unit'],
    })
    expect(config.defaults).toMatchObject({ gateProfile: 'nightly', maxMinutes: 90.5, maxTokens: 5 })
    expect(config.policy.gateWrites).toEqual(['coverage/**'])
    expect(config.notify).toEqual({
      argv: ['notify-send', 'loop'],
      timeoutSeconds: 30,
      network: false,
      sandbox: 'on',
    })
    expect(config).not.toHaveProperty('semanticReview')
  })

  const both = { lint: ['l'], test: ['t'], e2e: { argv: ['e'], evidence: true } }
  test.each([
    { given: undefined, want: { fast: [], default: ['lint', 'test'], final: ['lint', 'test'] } },
    { given: { final: ['test'] }, want: { fast: [], default: ['test'], final: ['test'] } },
    { given: { default: ['test'] }, want: { fast: [], default: ['test'], final: ['test'] } },
    {
      given: { fast: ['lint'] },
      want: { fast: ['lint'], default: ['lint', 'test'], final: ['lint', 'test'] },
    },
    { given: { default: [], final: ['e2e'] }, want: { fast: [], default: [], final: ['e2e'] } },
  ])('profiles $given become $want', ({ given, want }) => {
    expect(parsed({ commands: both, ...(given && { gateProfiles: given }) }).gateProfiles).toEqual(want)
  })

  test('may ask for no gate at all, if it says so', () => {
    expect(parsed({ policy: { gates: 'none' } }).gateProfiles).toEqual({ fast: [], default: [], final: [] })
    expect(
      problems({ commands: { t: ['t'] }, gateProfiles: { final: [] }, policy: { gates: 'none' } }),
    ).toEqual([])
  })

  test('a byte order mark is no problem', () => {
    expect(problems(`\ufeff${JSON.stringify(MINIMAL)}`)).toEqual([])
  })
})

test('what of the machine is let into the box is kept as it is written', () => {
  const reach = ['unix:/run/docker.sock', '/dev/kvm', '/dev/nvidia*', '/dev/dri/card?']
  const commands = { test: { argv: ['x'], reach } }
  expect(parsed({ version: 2, commands }).commands['test']).toMatchObject({ reach })
  for (const version of [undefined, 1, '0.1'])
    expect(problems({ ...(version === undefined ? {} : { version }), commands })).toEqual([
      expect.objectContaining({
        path: 'commands.test.reach',
        allowed: expect.stringContaining('"version": 2'),
      }),
    ])
})

test.each([
  '/run/docker.sock',
  'unix:docker.sock',
  'unix:/run/*.sock',
  'unix:/run/../etc/s',
  'unix:/run/',
  '/dev',
  '/dev/',
  '/dev/*',
  '/dev/**',
  '/dev/*/card0',
  '/dev/../etc/passwd',
  '/dev/a b',
  '',
])('%j is nothing that can be let into a box', (entry) => {
  expect(problems({ version: 2, commands: { test: { argv: ['x'], reach: [entry] } } })).toEqual([
    expect.objectContaining({ path: 'commands.test.reach[0]', allowed: expect.stringContaining('unix:') }),
  ])
})

test('services and secrets are kept as they are written, and are of version 2', () => {
  const commands = {
    test: { argv: ['x'], secrets: ['NPM_TOKEN'], services: [{ argv: ['db'], ready: ['up'] }] },
  }
  expect(parsed({ version: 2, commands }).commands['test']).toMatchObject({
    secrets: ['NPM_TOKEN'],
    services: [{ argv: ['db'], ready: ['up'], timeoutSeconds: 30 }],
  })
  expect(problems({ commands }).map((one) => one.path)).toEqual([
    'commands.test.secrets',
    'commands.test.services',
  ])
  const alone = { test: { ...commands.test, network: 'none' } }
  expect(problems({ version: 2, commands: alone }).map((one) => one.path)).toEqual(['commands.test.network'])
  const wrong = { test: { argv: ['x'], secrets: ['PATH'], services: [{ argv: ['db'], reday: ['up'] }] } }
  expect(problems({ version: 2, commands: wrong }).map((one) => one.path)).toEqual([
    'commands.test.secrets[0]',
    'commands.test.services[0].ready',
    'commands.test.services[0].reday',
  ])
})

test.each([
  [{ network: 'none', reach: ['unix:/run/s'] }, 'network "none"'],
  [{ tty: true, reach: ['/dev/kvm'] }, 'tty'],
])('%j contradicts itself', (fields, allowed) => {
  expect(problems({ version: 2, commands: { test: { argv: ['x'], ...fields } } })).toEqual([
    expect.objectContaining({ path: 'commands.test.reach[0]', allowed: expect.stringContaining(allowed) }),
  ])
})

/** What a command may reach, by the version of the file and what it says. A boolean asks for no box. */
test.each([
  [undefined, undefined, false],
  [undefined, true, true],
  ['0.1', undefined, false],
  ['0.1', true, true],
  [1, undefined, false],
  [1, false, false],
  [1, true, true],
  [2, undefined, 'loopback'],
  [2, 'none', 'none'],
  [2, 'loopback', 'loopback'],
  [2, 'full', 'full'],
])('version %s, network %s: %s', (version, network, meant) => {
  const short = parsed({ version, commands: { test: ['x'] } })
  const long = parsed({ version, commands: { test: { argv: ['x'], network } } })
  expect(long.version).toBe(version === 2 ? 2 : 1)
  expect(long.commands['test']?.network).toBe(meant)
  if (network === undefined) expect(short.commands).toEqual(long.commands)
})

test.each([
  [{}, false],
  [{ network: 'none' }, false],
  [{ network: 'full' }, true],
])('a command that is kept out of the box is as in version 1: %j', (fields, network) => {
  const commands = { test: { argv: ['x'], box: false, ...fields } }
  const { commands: known, policy } = parsed({ version: 2, commands, policy: { verify: 'clean-room' } })
  expect(known['test']).toMatchObject({ box: false, network })
  expect(verifiedIn(known['test']!, policy)).toBe('in-place')
})

test('out of the box there is nothing that only a box can do', () => {
  const fields = {
    network: 'loopback',
    keeps: ['a'],
    gateWrites: ['a'],
    steps: true,
    secrets: ['TOKEN'],
    reach: ['/dev/kvm'],
    verify: 'clean-room',
  }
  const commands = { test: { argv: ['x'], box: false, ...fields } }
  expect(
    problems({ version: 2, commands })
      .map((one) => one.path)
      .toSorted((a, b) => a.localeCompare(b)),
  ).toEqual(
    Object.keys(fields)
      .map((field) => `commands.test.${field}`)
      .toSorted((a, b) => a.localeCompare(b)),
  )
  expect(
    problems({ version: 1, commands: { test: { argv: ['x'], box: false } } }).map((one) => one.path),
  ).toEqual(['commands.test.box'])
})

test('version 2 says what a command keeps and may rewrite, and how much it may write', () => {
  const given = { argv: ['x'], keeps: ['./dist/**'], gateWrites: ['**/*.snap'] }
  const { commands, limits } = parsed({ version: 2, commands: { test: given }, limits: { outputBytes: 5 } })
  expect(commands['test']).toMatchObject({ keeps: ['dist/**'], gateWrites: ['**/*.snap'] })
  expect(limits).toEqual({ outputBytes: 5 })
})

describe('a config that is wrong', () => {
  const withCommand = (more: object) => ({ commands: { test: { argv: ['npm', 'test'], ...more } } })
  const withPart = (more: object) => ({ ...MINIMAL, ...more })

  test.each<{ config: unknown; path: string; found: string; allowed: string; example?: string }>([
    { config: '{', path: FILE, found: 'not valid JSON', allowed: 'without comments' },
    { config: '[]', path: FILE, found: 'not an object', allowed: 'JSON object' },
    { config: ' '.repeat(1_000_001), path: FILE, found: '1000001', allowed: '1000000' },
    { config: withPart({ version: 3 }), path: 'version', found: '3', allowed: '1 or 2' },
    ...['none', 'loopback', 'full'].map((network) => ({
      config: withCommand({ network }),
      path: 'commands.test.network',
      found: JSON.stringify(network),
      allowed: 'in version 1: true or false',
    })),
    ...[true, false].map((network) => ({
      config: { version: 2, commands: { test: { argv: ['x'], network } } },
      path: 'commands.test.network',
      found: String(network),
      allowed: 'in version 2: "none", "loopback", "full"',
      example: network ? '"full"' : '"loopback"',
    })),
    {
      config: { version: 2, commands: { test: { argv: ['x'], network: 'local' } } },
      path: 'commands.test.network',
      found: '"local"',
      allowed: '"loopback"',
    },
    ...[{ keeps: ['dist/**'] }, { gateWrites: ['**/*.snap'] }].map((field) => ({
      config: withCommand(field),
      path: `commands.test.${Object.keys(field)[0]}`,
      found: JSON.stringify(Object.values(field)[0]),
      allowed: 'only with "version": 2',
    })),
    {
      config: withPart({ limits: { outputBytes: 1 } }),
      path: 'limits',
      found: '{"outputBytes":1}',
      allowed: 'only with "version": 2',
    },
    {
      config: { commands: { test: 'npm test' } },
      path: 'commands.test',
      found: '"npm test"',
      allowed: 'argv array',
      example: '["npm", "test"]',
    },
    {
      config: { commands: { test: ['a'] }, policy: { gateWrites: ['out/(a|b)/**'] } },
      path: 'policy.gateWrites[0]',
      found: '"out/(a|b)/**"',
      allowed: 'alternatives',
      example: '"out/@(a|b)/**"',
    },
    {
      config: { commands: { test: 'npm test | tee log' } },
      path: 'commands.test',
      found: 'tee log',
      allowed: 'argv array',
      example: '["sh", "-c", "npm test | tee log"]',
    },
    {
      config: { commands: { test: ['npm test'] } },
      path: 'commands.test',
      found: '["npm test"]',
      allowed: 'an element of its own',
      example: '["npm","test"]',
    },
    { config: { commands: { test: [] } }, path: 'commands.test', found: '[]', allowed: 'argv array' },
    {
      config: { commands: { test: ['', 'x'] } },
      path: 'commands.test',
      found: '["","x"]',
      allowed: 'program',
    },
    { config: { commands: { test: ['npm', 7] } }, path: 'commands.test[1]', found: '7', allowed: 'text' },
    { config: { commands: { test: ['npm\0'] } }, path: 'commands.test[0]', found: '\\u0000', allowed: 'NUL' },
    {
      config: { commands: { test: {} } },
      path: 'commands.test.argv',
      found: 'nothing',
      allowed: 'array of text',
    },
    {
      config: withCommand({ argv: 'npm test' }),
      path: 'commands.test.argv',
      found: '"npm test"',
      allowed: 'array of text',
      example: '["npm", "test"]',
    },
    {
      config: withCommand({ timeout: 5 }),
      path: 'commands.test.timeout',
      found: 'unknown key "timeout"',
      allowed: 'timeoutSeconds',
    },
    ...[0, -1, '600', 90_000, null].map((timeoutSeconds) => ({
      config: withCommand({ timeoutSeconds }),
      path: 'commands.test.timeoutSeconds',
      found: JSON.stringify(timeoutSeconds),
      allowed: 'at most 86400',
    })),
    {
      config: withCommand({ cwd: '/srv/app' }),
      path: 'commands.test.cwd',
      found: '/srv/app',
      allowed: 'relative',
      example: '"srv/app"',
    },
    {
      config: withCommand({ cwd: 'a/../../b' }),
      path: 'commands.test.cwd',
      found: 'a/../../b',
      allowed: 'inside the repository',
    },
    { config: withCommand({ cwd: '' }), path: 'commands.test.cwd', found: '""', allowed: 'not empty' },
    {
      config: withCommand({ pins: ['~/x'] }),
      path: 'commands.test.pins[0]',
      found: '~/x',
      allowed: 'relative',
    },
    ...['cache', '~', '~/', '/', '//', '~/../x', '/a/..', '~other/x'].map((directory) => ({
      config: withCommand({ writable: ['/ok', directory] }),
      path: 'commands.test.writable[1]',
      found: JSON.stringify(directory),
      allowed: 'below ~/',
    })),
    ...['PATH', 'CODEX_HOME', 'AUTOLOOP_GATE', 'A-B', '1A', ''].map((key) => ({
      config: withCommand({ env: { [key]: 'x' } }),
      path: /^[A-Z][\w-]+$/.test(key)
        ? `commands.test.env.${key}`
        : `commands.test.env[${JSON.stringify(key)}]`,
      found: JSON.stringify(key),
      allowed: 'not PATH',
    })),
    {
      config: withCommand({ env: { A: 1 } }),
      path: 'commands.test.env.A',
      found: '1',
      allowed: 'text as the value',
    },
    {
      config: withCommand({ tty: 'yes' }),
      path: 'commands.test.tty',
      found: '"yes"',
      allowed: 'true or false',
    },
    ...['', '-rf', 'a b', '../x', 'constructor', '__proto__', 'x'.repeat(81)].map((name) => ({
      config: `{"commands": {"test": ["t"], ${JSON.stringify(name)}: ["x"]}}`,
      path:
        /^[a-z_]+$/.test(name) && name.length < 81 ? `commands.${name}` : `commands[${JSON.stringify(name)}]`,
      found: JSON.stringify(name),
      allowed: '',
    })),
    {
      config: withPart({ gateProfiles: { final: ['test', 'lint'] } }),
      path: 'gateProfiles.final[1]',
      found: '"lint"',
      allowed: 'test',
      example: '"test"',
    },
    {
      config: withPart({ gateProfiles: { final: 'test' } }),
      path: 'gateProfiles.final',
      found: '"test"',
      allowed: 'array',
    },
    {
      config: withPart({ gateProfiles: { final: [] } }),
      path: 'gateProfiles.final',
      found: '[]',
      allowed: '"gates": "none"',
      example: '{"final":["test"]}',
    },
    {
      config: withPart({ defaults: { finalGateProfile: 'fast' } }),
      path: 'gateProfiles.fast',
      found: '[]',
      allowed: 'at least one command',
    },
    { config: {}, path: 'commands', found: 'no command', allowed: '"gates": "none"' },
    {
      config: { commands: { e2e: { argv: ['e'], evidence: true } } },
      path: 'commands',
      found: 'kept for evidence',
      allowed: 'at least one',
    },
    {
      config: withPart({ defaults: { gateProfile: 'full' } }),
      path: 'defaults.gateProfile',
      found: '"full"',
      allowed: 'fast, default, final',
      example: '"default"',
    },
    ...[0, 1.5, -3, '12', 10_001].map((value) => ({
      config: withPart({ defaults: { maxStopIterations: value } }),
      path: 'defaults.maxStopIterations',
      found: JSON.stringify(value),
      allowed: 'whole number',
    })),
    {
      config: withPart({ policy: { sandbox: false } }),
      path: 'policy.sandbox',
      found: 'false',
      allowed: '"on"',
    },
    {
      config: withPart({ policy: { gateWrites: ['/tmp/**'] } }),
      path: 'policy.gateWrites[0]',
      found: '/tmp/**',
      allowed: 'relative',
    },
    { config: withPart({ notify: 'say done' }), path: 'notify', found: '"say done"', allowed: 'argv' },
    { config: withPart({ notify: { argv: [] } }), path: 'notify.argv', found: '[]', allowed: 'array' },
    { config: withPart({ gates: {} }), path: 'gates', found: 'unknown key', allowed: 'gateProfiles' },
  ])('$config', ({ config, path, found, allowed, example }) => {
    const all = problems(config)
    const own = all.find((problem) => problem.path === path)
    expect({ all, own }).toMatchObject({ own: { path } })
    expect(own?.found).toContain(found)
    expect(own?.allowed).toContain(allowed)
    expect(own?.example).not.toBe('')
    if (example !== undefined) expect(own?.example).toBe(example)
    expect(all).toHaveLength(1)
  })

  test('is told everything at once, shape and meaning', () => {
    const all = problems({
      version: 3,
      commands: { test: 'npm test', lint: { argv: ['l'], cwd: '/x', speed: 1 } },
      gateProfiles: { final: ['tset'], fast: 7 },
      defaults: { gateProfile: 'full', maxTokens: 'lots' },
      policy: { control: 'anyone' },
      extra: true,
    })
    expect(all.map((problem) => problem.path).sort()).toEqual([
      'commands.lint.cwd',
      'commands.lint.speed',
      'commands.test',
      'defaults.gateProfile',
      'defaults.maxTokens',
      'extra',
      'gateProfiles.fast',
      'gateProfiles.final[0]',
      'policy.control',
      'version',
    ])
  })

  test('is told at most fifty things, each of them short and free of control characters', () => {
    const commands = Object.fromEntries(
      Array.from({ length: 500 }, (_, i) => [`c${i}`, `\u001b[31m\u009b${'x'.repeat(900)}`]),
    )
    const all = problems({ commands })
    expect(all).toHaveLength(50)
    expect(all.at(-1)?.found).toBe('451 more problems')
    for (const { found } of all) {
      expect(found.length).toBeLessThanOrEqual(300)
      expect(found).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
    }
  })

  test('is told in text that a terminal cannot obey, wherever the bytes were', () => {
    const bad = '\u001b[2J\u009b\u202e\n'
    const all = [
      ...problems(`{"commands": ${bad}`),
      ...problems(
        JSON.stringify({ [bad]: 1, commands: { [bad]: ['x'] }, gateProfiles: { [bad]: [bad, 'y'] } }),
      ),
      ...problems({
        commands: { test: `${bad} x` },
        defaults: { gateProfile: bad },
        policy: { gateWrites: [`/${bad}`] },
      }),
    ]
    expect(all.length).toBeGreaterThan(8)
    for (const problem of all)
      for (const text of Object.values(problem))
        expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/)
  })

  test('however deep, is a problem and not a crash', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    expect(problems(`{"commands": {"test": ${deep}}}`)[0]?.path).toBe('commands.test[0]')
    expect(problems(`{"commands": {"test": ["t"]}, "semanticReview": ${deep}}`)).toEqual([])
  })

  test('whatever the JSON, the answer is a value', () => {
    const keys = fc.constantFrom(
      'commands',
      'gateProfiles',
      'defaults',
      'policy',
      'notify',
      'final',
      'test',
      'argv',
    )
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.jsonValue({ maxDepth: 2 }),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(fc.oneof(keys, fc.string()), tie('tree'), { maxKeys: 6 }),
      ),
    }))
    holds(
      500,
      fc.property(tree, (json) => {
        const result = parseProjectConfig(JSON.stringify(json), FILE)
        if (!result.ok) expect(result.error.length).toBeGreaterThan(0)
      }),
    )
  })
})
