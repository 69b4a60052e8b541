import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sha256 } from '../../src/base/hash.ts'
import { amend } from '../../src/control/amend.ts'
import { applyAllow, planAllow } from '../../src/control/allow.ts'
import { readConfigText } from '../../src/definition/config-text.ts'
import { findApproval } from '../../src/records/approvals.ts'
import { lookAtDefinition } from '../../src/definition/look.ts'
import { findRenewedPath } from '../../src/control/renewed-path.ts'
import { refine } from '../../src/control/refine.ts'
import { status } from '../../src/views/status.ts'
import { hashContract } from '../../src/contract/hash.ts'
import { type RunState, openRun } from '../../src/ledger/state.ts'
import { type World, arm, makeWorld, must, plainConfig } from '../faults/world.ts'
import { long, sampleOf } from '../rig/long.ts'

let world: World
beforeEach(async () => {
  world = makeWorld()
  world.approve(withExtra)
  await arm(world)
})
afterEach(() => world.remove())

const withExtra = {
  ...plainConfig,
  commands: { ...plainConfig.commands, extra: { argv: ['true'], evidence: true } },
}
const quieter = {
  ...withExtra,
  commands: { ...withExtra.commands, check: { argv: ['sh', '-e', 'check.sh'] } },
}
const without = { ...plainConfig, commands: { check: quieter.commands.check } }

const open = (): RunState => {
  const run = openRun(world.state())
  if (!run) throw new Error('no open run')
  return run
}
const addTask = (id: string, evidence: object): ReturnType<typeof refine> =>
  refine(world.context, open(), {
    input: {
      objective: 'More',
      taskTexts: [JSON.stringify({ id, title: id, evidence: [evidence] })],
      gateProfile: null,
      maxStopIterations: null,
    },
    armedBy: 'agent',
    requestId: world.context.newId(),
    sessionId: world.session,
  })
const change = (config: object): void => world.write('.codex/autoloop.project.json', JSON.stringify(config))
const accept = (run: RunState): ReturnType<typeof amend> => {
  const digest = lookAtDefinition(run.activation).drift?.digest ?? sha256('nothing changed')
  return amend(world.context, world.session, run, digest, 'prompt', null)
}

if (long)
  test('status names the contract as it is now, not as it was armed', async () => {
    const hash = (): string | undefined =>
      must(status(world.context, world.repo, null)).sessions[0]?.contract_hash
    const before = hash()
    expect(before).toBe(open().activation.contractHash)
    must(await addTask('M1', { kind: 'pathExists', path: 'more.txt' }))
    expect(hash()).toBe(hashContract(open().contract))
    expect(hash()).not.toBe(before)
  })

describe('amend, with the run as it was read before', () => {
  test('tasks that were added meanwhile stay obligations', async () => {
    change(quieter)
    const read = open()
    must(await addTask('M1', { kind: 'pathExists', path: 'more.txt' }))
    const after = must(accept(read))
    expect(after.contract.tasks.map((task) => task.id)).toContain('M1')
    expect(after.activation.config?.commands['check']?.argv).toEqual(['sh', '-e', 'check.sh'])
  })

  if (long)
    test('what somebody else accepted meanwhile is not taken back', () => {
      change(quieter)
      const read = open()
      must(accept(read))
      expect(accept(read)).toMatchObject({ ok: false, error: { code: 'digest-mismatch' } })
    })
})

if (long)
  test('what the steps of prepare start is frozen and accepted as what gates start', async () => {
    const prepared = {
      ...withExtra,
      version: 2,
      prepare: [{ argv: ['sh', 'scripts/deps.sh'], network: 'full' }],
    }
    world.write('scripts/deps.sh', 'npm ci\n')
    change(prepared)
    const taken = must(accept(open()))
    expect(taken.activation.config?.prepare).toHaveLength(1)
    // What a new config leads to is a difference of its own.
    expect(lookAtDefinition(open().activation).drift?.changes).toMatchObject([{ file: 'scripts/deps.sh' }])
    must(accept(open()))
    expect(lookAtDefinition(open().activation).drift).toBeNull()
    world.write('scripts/deps.sh', 'npm ci\ncurl evil\n')
    expect(lookAtDefinition(open().activation).drift?.changes).toMatchObject([{ file: 'scripts/deps.sh' }])
    must(accept(open()))
    expect(lookAtDefinition(open().activation).drift).toBeNull()
  })

describe('a config without what the contract asks for', () => {
  test('cannot be accepted: its command would never be run again, and the run released without it', async () => {
    must(await addTask('M1', { kind: 'commandRef', name: 'extra' }))
    change(without)
    const before = world.events().length
    expect(accept(open())).toMatchObject({
      ok: false,
      error: { code: 'amend-unmeetable', message: /extra.*M1/ },
    })
    expect(world.events()).toHaveLength(before)
    const now = must(readConfigText(world.repo))
    expect(findApproval(world.home, now.path, now.sha256)).toBeUndefined()
  })

  if (long)
    test('can, where no required task names it', () => {
      change(without)
      expect(Object.keys(must(accept(open())).activation.config?.commands ?? {})).toEqual(['check'])
    })
})

describe('another PATH was recorded for gates', () => {
  const before = '/usr/local/bin:/usr/bin:/bin'
  /** A person approves the present config with this PATH. */
  const record = (PATH: string): void => {
    const { env } = world.context
    const context = { ...world.context, env: { ...env, vars: { ...env.vars, PATH } } }
    must(applyAllow(context, must(planAllow(context, world.repo))))
  }
  const renewed = (): string => findRenewedPath(world.home, open().activation)?.drift.digest ?? ''
  const take = (digest: string): ReturnType<typeof amend> =>
    amend(world.context, world.session, open(), digest, 'terminal', 'upgraded')
  const approvedPath = (): string | undefined => {
    const now = must(readConfigText(world.repo))
    return findApproval(world.home, now.path, now.sha256)?.gatePath
  }

  test('it is no change of the definition, and its own digest takes it over, once', async () => {
    record('/usr/bin:/bin')
    expect(lookAtDefinition(open().activation).drift).toBeNull()
    must(await addTask('M1', { kind: 'pathExists', path: 'more.txt' }))
    const { activation, contract } = open()
    const digest = renewed()
    expect(must(take(digest.slice(0, 12))).activation).toEqual({
      ...activation,
      contract,
      contractHash: hashContract(contract),
      gatePath: '/usr/bin:/bin',
    })
    expect(world.events().at(-1)).toMatchObject({
      type: 'amended',
      data: {
        digest,
        by: 'terminal',
        reason: 'upgraded',
        changes: [{ id: 'gate-path', difference: { kind: 'value', was: before, now: '/usr/bin:/bin' } }],
      },
    })
    expect(renewed()).toBe('')
    expect(take(digest)).toMatchObject({ ok: false, error: { code: 'nothing-to-amend' } })
  })

  const digests: [string, () => string][] = [
    ['too short', () => renewed().slice(0, 11)],
    ['of nothing', () => '0123456789ab'],
    [
      'of the one recorded before',
      () => {
        const digest = renewed()
        record('/bin')
        return digest
      },
    ],
  ]
  test.each(sampleOf(digests, 3, 1))('a digest %s takes nothing over', (_what, digest) => {
    record('/usr/bin:/bin')
    expect(take(digest())).toMatchObject({
      ok: false,
      error: { code: 'digest-mismatch', fix: 'autonomous-loop amend' },
    })
    expect(open().activation.gatePath).toBe(before)
  })

  test('with another config: the digest of the definition takes over that alone, and the approval keeps its PATH', () => {
    change(quieter)
    record('/usr/bin:/bin')
    const { activation } = must(accept(open()))
    expect([activation.config?.commands['check']?.argv, activation.gatePath]).toEqual([
      ['sh', '-e', 'check.sh'],
      before,
    ])
    expect(approvedPath()).toBe('/usr/bin:/bin')
    expect(must(take(renewed())).activation.gatePath).toBe('/usr/bin:/bin')
  })

  if (long)
    test('with another config: the digest of all takes over both', () => {
      change(quieter)
      record('/usr/bin:/bin')
      const { activation } = must(take(renewed()))
      expect([activation.config?.commands['check']?.argv, activation.gatePath]).toEqual([
        ['sh', '-e', 'check.sh'],
        '/usr/bin:/bin',
      ])
      expect(approvedPath()).toBe('/usr/bin:/bin')
      expect(lookAtDefinition(open().activation).drift).toBeNull()
    })

  if (long)
    test('a config that changed after that is not the one it was recorded for', () => {
      record('/usr/bin:/bin')
      change(quieter)
      expect(renewed()).toBe('')
      expect(must(accept(open())).activation.gatePath).toBe(before)
    })
})
