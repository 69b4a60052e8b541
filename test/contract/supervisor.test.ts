import { describe, expect, test } from '@jest/globals'
import { parseProjectConfig } from '../../src/contract/config.ts'
import { supervisorOf } from '../../src/contract/supervisor/settings.ts'
import { parseWholeConfig } from '../../src/contract/whole-config.ts'

const whole = (supervisor: unknown, version = 2) =>
  parseWholeConfig(JSON.stringify({ version, commands: { test: ['npm', 'test'] }, supervisor }), 'config')

/** `path: found` of every problem. */
function found(supervisor: unknown, version?: number): string[] {
  const config = whole(supervisor, version)
  return config.ok ? [] : config.error.map((one) => `${one.path}: ${one.found}`)
}

function settings(supervisor: object) {
  const config = whole(supervisor)
  if (!config.ok) throw new Error(JSON.stringify(config.error))
  return supervisorOf(config.value)
}

test('without a word every field has its default', () => {
  const defaults = {
    agents: {},
    roles: { work: [], plan: [], planReview: [], review: [] },
    escalate: null,
    jobs: 1,
    gateJobs: null,
    target: null,
    protect: [],
    review: { rounds: 3 },
    limits: {
      attempts: 5,
      turns: 12,
      spawns: 40,
      spawnsPerDay: 400,
      noProgress: 3,
      agentFailures: 3,
      parkedInARow: 5,
      silentMinutes: 10,
      turnMinutes: 60,
    },
    backoff: { baseSeconds: 10, maxSeconds: 300 },
    onQuota: 'wait',
    on: {},
  }
  expect(supervisorOf({})).toEqual(defaults)
  expect(settings({})).toEqual(defaults)
})

test('what is given stands, and the rest of each object has its default', () => {
  expect(
    settings({
      agents: {
        codex: { adapter: 'codex', model: 'gpt-6-sol', effort: 'high' },
        mine: { adapter: 'command', argv: ['./agent.sh', '{prompt_file}'], sandbox: 'off' },
      },
      roles: { review: ['codex'] },
      escalate: { effort: 'xhigh' },
      limits: { attempts: 2, itemTokens: 5_000_000, silentMinutes: 0.5 },
      backoff: { maxSeconds: 20 },
      protect: ['./deploy/'],
      target: 'release/2.x',
      on: { parked: { argv: ['notify-send', 'parked'] } },
    }),
  ).toMatchObject({
    agents: {
      codex: { adapter: 'codex', model: 'gpt-6-sol', effort: 'high' },
      mine: { sandbox: 'off', network: 'full', writable: [], secrets: [] },
    },
    roles: { work: ['codex', 'mine'], plan: [], review: ['codex'] },
    escalate: { afterFailures: 2, effort: 'xhigh' },
    limits: { attempts: 2, turns: 12, itemTokens: 5_000_000, silentMinutes: 0.5 },
    backoff: { baseSeconds: 10, maxSeconds: 20 },
    protect: ['deploy/**'],
    target: 'release/2.x',
    on: { parked: { argv: ['notify-send', 'parked'], timeoutSeconds: 60, network: false, sandbox: 'on' } },
  })
})

describe('all problems at once, each at its place', () => {
  test.each<[string, unknown, string[]]>([
    ['no object', 3, ['supervisor: 3']],
    ['a list', [], ['supervisor: []']],
    [
      'unknown keys',
      { job: 2, limits: { attempt: 1 }, on: { park: {} } },
      [
        'supervisor.limits.attempt: unknown key "attempt"',
        'supervisor.on.park: unknown key "park"',
        'supervisor.job: unknown key "job"',
      ],
    ],
    [
      'an adapter',
      { agents: { a: { adapter: 'cursor' }, b: {} } },
      ['supervisor.agents.a.adapter: "cursor"', 'supervisor.agents.b.adapter: nothing'],
    ],
    [
      'fields of another adapter',
      { agents: { a: { adapter: 'gemini', argv: ['x'], effort: 'high' } } },
      ['supervisor.agents.a.argv: unknown key "argv"', 'supervisor.agents.a.effort: unknown key "effort"'],
    ],
    [
      'a command without argv',
      { agents: { a: { adapter: 'command' } } },
      ['supervisor.agents.a.argv: nothing'],
    ],
    [
      'a command in one text',
      { agents: { a: { adapter: 'command', argv: ['npm test'] } } },
      ['supervisor.agents.a.argv: ["npm test"]'],
    ],
    [
      'what would undo the sandbox',
      { agents: { a: { adapter: 'command', argv: ['x'], writable: ['/'], secrets: ['PATH'] } } },
      ['supervisor.agents.a.writable[0]: "/"', 'supervisor.agents.a.secrets[0]: "PATH"'],
    ],
    [
      'roles',
      { agents: { a: { adapter: 'codex' } }, roles: { work: [], review: ['a', 'b'] } },
      ['supervisor.roles.work: []', 'supervisor.roles.review[1]: "b"'],
    ],
    [
      'numbers',
      { jobs: 0, gateJobs: 1.5, limits: { attempts: 0, batchTokens: -1, turnMinutes: '5' } },
      [
        'supervisor.jobs: 0',
        'supervisor.gateJobs: 1.5',
        'supervisor.limits.attempts: 0',
        'supervisor.limits.turnMinutes: "5"',
        'supervisor.limits.batchTokens: -1',
      ],
    ],
    [
      'words',
      { onQuota: 'stop', protect: ['/etc/**'], escalate: { effort: '-x' } },
      ['supervisor.escalate.effort: "-x"', 'supervisor.protect[0]: "/etc/**"', 'supervisor.onQuota: "stop"'],
    ],
    ['a hook without argv', { on: { parked: { network: true } } }, ['supervisor.on.parked.argv: nothing']],
  ])('%s', (_what, supervisor, expected) => {
    expect(found(supervisor)).toEqual(expected)
  })

  test.each(['-x', '../x', 'a b', 'a..b', 'a.lock', '/a', 'a/', 'a~1', '@{-1}', ''])(
    'no branch: %j',
    (target) => {
      expect(found({ target })).toEqual([`supervisor.target: ${JSON.stringify(target)}`])
    },
  )

  test.each(['main', 'release/2.x', 'feature/a-b_c', 'v1.0'])('a branch: %s', (target) => {
    expect(found({ target })).toEqual([])
  })

  test('only with version 2', () => {
    expect(found({}, 1)).toEqual(['supervisor: {}'])
  })

  test('next to those of the rest of the file', () => {
    const config = parseWholeConfig(
      '{"version": 2, "commands": {"t": []}, "supervisor": {"jobs": 0}}',
      'config',
    )
    expect(config).toMatchObject({ error: [{ path: 'commands.t' }, { path: 'supervisor.jobs' }] })
  })
})

test('a hook takes the file as it is: what it cannot use must not stop it', () => {
  const text = JSON.stringify({
    version: 2,
    commands: { t: ['true'] },
    supervisor: { of: 'a later version' },
  })
  expect(parseProjectConfig(text, 'config')).toMatchObject({
    value: { supervisor: { of: 'a later version' } },
  })
  expect(parseWholeConfig(text, 'config').ok).toBe(false)
})
