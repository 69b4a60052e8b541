import { describe, expect, test } from '@jest/globals'
import { type BuildInput, buildContract } from '../../src/contract/build.ts'
import { parseProjectConfig } from '../../src/contract/config.ts'
import { hashContract } from '../../src/contract/hash.ts'
import { type RefineOptions, hasImplicitTask, refineContract } from '../../src/contract/refine.ts'
import { parseTasks } from '../../src/contract/tasks.ts'
import type { Contract, ProjectConfig, Task } from '../../src/contract/types.ts'

const config = configOf({
  commands: { lint: ['l'], test: ['t'], e2e: { argv: ['e'], evidence: true }, spare: ['s'] },
  gateProfiles: { fast: ['lint'], final: ['lint', 'test'], all: ['e2e', 'lint', 'test'], weak: ['lint'] },
  defaults: { maxStopIterations: 10, maxMinutes: 60 },
})

function configOf(json: unknown): ProjectConfig {
  const result = parseProjectConfig(JSON.stringify(json), 'config')
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

function tasksOf(...tasks: object[]): Task[] {
  const result = parseTasks([
    JSON.stringify(tasks.map((task) => ({ title: 'x', evidence: [CHANGED], ...task }))),
  ])
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}
const CHANGED = { kind: 'pathChanged', glob: 'src/**' }

const build = (more: Partial<BuildInput> = {}) =>
  buildContract({ contractId: 'c1', objective: 'Add a flag', tasks: [], config, weaker: 'refuse', ...more })

function built(more: Partial<BuildInput> = {}): Contract {
  const result = build(more)
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

const refine = (contract: Contract, tasks: Task[], more: Partial<RefineOptions> = {}) =>
  refineContract(contract, tasks, { replaceImplicit: true, config, weaker: 'refuse', ...more })

describe('buildContract', () => {
  test('without tasks asks for any change', () => {
    expect(built({ objective: '  Add a flag\n' })).toEqual({
      version: 1,
      contractId: 'c1',
      objective: 'Add a flag',
      mode: 'enforced',
      gateProfile: 'default',
      tasks: [
        {
          id: 'T1',
          title: 'Add a flag',
          required: true,
          dependsOn: [],
          evidence: [{ kind: 'pathChanged', glob: '**/*' }],
        },
      ],
      limits: { maxStopIterations: 10, maxRepeatedFailureSignature: 3, maxMinutes: 60 },
      policy: config.policy,
    })
  })

  test('shortens a long objective for the title only, and cuts no character in half', () => {
    const objective = `${'x'.repeat(78)}😀 and\n  more`
    const contract = built({ objective })
    expect(contract.objective).toBe(objective)
    expect(contract.tasks[0]?.title).toBe(`${'x'.repeat(78)}…`)
  })

  test('takes tasks as values or as texts', () => {
    const tasks = tasksOf(
      { id: 'A' },
      { id: 'B', dependsOn: ['A'], evidence: [{ kind: 'commandRef', name: 'e2e' }] },
    )
    expect(built({ tasks }).tasks).toEqual(tasks)
    expect(built({ taskTexts: tasks.map((task) => JSON.stringify(task)) }).tasks).toEqual(tasks)
    expect(built({ taskTexts: [] }).tasks).toEqual(built().tasks)
  })

  test.each<{ more: Partial<BuildInput>; path: string; found: string; allowed: string }>([
    { more: { objective: ' \n' }, path: 'objective', found: '""', allowed: '1 to 100000' },
    { more: { objective: 'x'.repeat(100_001) }, path: 'objective', found: '100001', allowed: '100000' },
    { more: { config: null }, path: 'config', found: 'no approved', allowed: 'a person has approved' },
    {
      more: { tasks: tasksOf({ id: 'A', dependsOn: ['B'] }) },
      path: 'tasks[0].dependsOn[0]',
      found: '"B"',
      allowed: 'there is no other task',
    },
    {
      more: { tasks: tasksOf({ id: 'A', required: false }) },
      path: 'tasks',
      found: 'only optional',
      allowed: 'at least one',
    },
    ...['nope', 'spare'].map((name) => ({
      more: { tasks: tasksOf({ id: 'A', evidence: [CHANGED, { kind: 'commandRef', name }] }) },
      path: 'tasks[0].evidence[1].name',
      found: `"${name}"`,
      allowed: 'one of lint, test, e2e',
    })),
    { more: { gateProfile: 'none' }, path: 'gateProfile', found: '"none"', allowed: 'fast, default, final' },
    {
      more: { gateProfile: 'constructor' },
      path: 'gateProfile',
      found: '"constructor"',
      allowed: 'fast, default',
    },
    {
      more: { gateProfile: 'weak' },
      path: 'gateProfile',
      found: 'leaves out test',
      allowed: 'only a person',
    },
    {
      more: { gateProfile: 'fast' },
      path: 'gateProfile',
      found: 'leaves out test',
      allowed: 'only a person',
    },
    { more: { maxStopIterations: 11 }, path: 'maxStopIterations', found: '11', allowed: 'only a person' },
    ...[0, -1, 1.5, Number.NaN, 10_001].map((maxStopIterations) => ({
      more: { maxStopIterations, weaker: 'allow' as const },
      path: 'maxStopIterations',
      found: String(maxStopIterations),
      allowed: '1 to 10000',
    })),
    {
      more: { config: { ...config, gateProfiles: { fast: ['lint'], default: [], final: [] } } },
      path: 'config.gateProfiles.final',
      found: '[]',
      allowed: '"gates": "none"',
    },
  ])('refuses $path: $found', ({ more, path, found, allowed }) => {
    const result = build(more)
    const all = result.ok ? [] : result.error
    expect(all).toMatchObject([{ path }])
    expect(all[0]?.found).toContain(found)
    expect(all[0]?.allowed).toContain(allowed)
    expect(all[0]?.example).not.toBe('')
  })

  test.each<Partial<BuildInput>>([
    { gateProfile: 'all', maxStopIterations: 1 },
    { gateProfile: null, maxStopIterations: null },
    { gateProfile: 'final', maxStopIterations: 10 },
    { gateProfile: 'fast', maxStopIterations: 10_000, weaker: 'allow' },
    { config: configOf({ policy: { gates: 'none' } }) },
  ])('accepts %j', (more) => {
    const want = { gateProfile: more.gateProfile ?? 'default' }
    expect(built(more)).toMatchObject(
      more.maxStopIterations ? { ...want, limits: { maxStopIterations: more.maxStopIterations } } : want,
    )
  })

  test('says everything at once, from the shape of a task to the limits', () => {
    const result = build({
      objective: '',
      gateProfile: 'weak',
      maxStopIterations: 99,
      taskTexts: [
        JSON.stringify({
          id: 'A',
          title: 'a',
          dependsOn: ['B', 'X'],
          evidence: [{ kind: 'commandRef', name: 'no' }],
        }),
        JSON.stringify({
          id: 'B',
          title: 'b',
          dependsOn: ['A'],
          evidence: [{ kind: 'pathChanged', glob: '/src' }],
        }),
      ],
    })
    expect(result.ok ? [] : result.error.map((problem) => problem.path)).toEqual([
      'objective',
      'tasks[1].evidence[0].glob',
      'tasks[0].dependsOn[1]',
      'tasks[1].dependsOn',
      'tasks[0].evidence[0].name',
      'gateProfile',
      'maxStopIterations',
    ])
  })
})

describe('refineContract', () => {
  const implicit = built()

  test.each([
    { replaceImplicit: true, want: ['T1', 'T2'] },
    { replaceImplicit: false, want: ['T0', 'T1', 'T2'] },
  ])('with an implicit T1, replaceImplicit $replaceImplicit: $want', ({ replaceImplicit, want }) => {
    const result = refine(implicit, tasksOf({ id: 'T1' }, { id: 'T2', dependsOn: ['T1'] }), {
      replaceImplicit,
    })
    expect(result.ok && result.value.tasks.map((task) => task.id)).toEqual(want)
    if (result.ok) {
      expect({ ...result.value, tasks: [] }).toEqual({ ...implicit, tasks: [] })
      expect(hasImplicitTask(result.value)).toBe(false)
    }
  })

  test('without tasks leaves the implicit one alone', () => {
    const result = refine(implicit, [], { maxStopIterations: 5, replaceImplicit: true })
    expect(result).toEqual({
      ok: true,
      value: { ...implicit, limits: { ...implicit.limits, maxStopIterations: 5 } },
    })
  })

  test('adds to tasks that were asked for, and never takes one away', () => {
    const contract = built({ tasks: tasksOf({ id: 'A' }) })
    const result = refine(contract, tasksOf({ id: 'B', dependsOn: ['A'] }, { id: 'C', required: false }))
    expect(result).toEqual({
      ok: true,
      value: {
        ...contract,
        tasks: [...contract.tasks, ...tasksOf({ id: 'B', dependsOn: ['A'] }, { id: 'C', required: false })],
      },
    })
  })

  const open = built({ tasks: tasksOf({ id: 'A' }), gateProfile: 'all', maxStopIterations: 6 })
  test.each<{
    contract?: Contract
    tasks: Task[]
    more?: Partial<RefineOptions>
    path: string
    found: string
  }>([
    { tasks: tasksOf({ id: 'A' }), path: 'tasks[0].id', found: 'already has' },
    {
      contract: implicit,
      tasks: tasksOf({ id: 'T0' }),
      more: { replaceImplicit: false },
      path: 'tasks[0].id',
      found: 'already has',
    },
    { tasks: tasksOf({ id: 'B', dependsOn: ['Z'] }), path: 'tasks[0].dependsOn[0]', found: '"Z"' },
    {
      contract: implicit,
      tasks: tasksOf({ id: 'B', dependsOn: ['T1'] }),
      path: 'tasks[0].dependsOn[0]',
      found: '"T1"',
    },
    {
      tasks: tasksOf({ id: 'B', evidence: [{ kind: 'commandRef', name: 'spare' }] }),
      path: 'tasks[0].evidence[0].name',
      found: 'in no profile',
    },
    {
      contract: implicit,
      tasks: tasksOf({ id: 'B', required: false }),
      path: 'tasks',
      found: 'only optional',
    },
    { tasks: [], more: { gateProfile: 'final' }, path: 'gateProfile', found: 'leaves out e2e' },
    { tasks: [], more: { maxStopIterations: 7 }, path: 'maxStopIterations', found: '7' },
    {
      tasks: [],
      more: { config: null, maxStopIterations: 2 },
      path: 'config',
      found: 'without approved commands',
    },
    {
      tasks: tasksOf(...Array.from({ length: 200 }, (_, index) => ({ id: `B${index}` }))),
      path: 'tasks',
      found: '201 tasks',
    },
  ])('refuses $path: $found', ({ contract = open, tasks, more = {}, path, found }) => {
    const result = refine(contract, tasks, more)
    expect(result.ok ? [] : result.error).toMatchObject([{ path }])
    expect(result.ok ? '' : result.error[0]?.found).toContain(found)
  })

  test('lets a person loosen what an agent may not', () => {
    const result = refine(open, [], { weaker: 'allow', gateProfile: 'weak', maxStopIterations: 50 })
    expect(result).toMatchObject({
      ok: true,
      value: { gateProfile: 'weak', limits: { maxStopIterations: 50 } },
    })
  })

  test('says everything at once', () => {
    const result = refine(open, [], {
      gateProfile: 'weak',
      taskTexts: ['{', JSON.stringify([{ id: 'A', title: '', evidence: [CHANGED], dependsOn: ['Z'] }])],
    })
    expect(result.ok ? [] : result.error.map((problem) => problem.path)).toEqual([
      '--task-json[0]',
      'tasks[0].title',
      'tasks[0].id',
      'tasks[0].dependsOn[0]',
      'gateProfile',
    ])
  })
})

describe('hasImplicitTask', () => {
  test.each<[string, Contract, boolean]>([
    ['none given', built(), true],
    ['a task of its own', built({ tasks: tasksOf({ id: 'T1' }) }), false],
    ['read back from the ledger', JSON.parse(JSON.stringify(built())) as Contract, true],
  ])('%s: %s', (_name, contract, want) => {
    expect(hasImplicitTask(contract)).toBe(want)
  })
})

describe('hashContract', () => {
  const contract = built()
  test('does not depend on the order of keys', () => {
    const shuffled = Object.fromEntries(Object.entries(contract).toReversed()) as unknown as Contract
    expect(hashContract(shuffled)).toBe(hashContract(contract))
    expect(hashContract(contract)).toMatch(/^[0-9a-f]{64}$/)
  })
  test.each<Partial<Contract>>([
    { objective: 'Add a flag.' },
    { gateProfile: 'all' },
    { tasks: [] },
    { limits: { ...contract.limits, maxStopIterations: 11 } },
    { policy: { ...contract.policy, sandbox: 'off' } },
  ])('changes with %j', (change) => {
    expect(hashContract({ ...contract, ...change })).not.toBe(hashContract(contract))
  })
})
