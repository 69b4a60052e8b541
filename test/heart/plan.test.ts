import { describe, expect, test } from '@jest/globals'
import {
  type ModelItem,
  type PlanStep,
  blocks,
  codeMode,
  codeModeCommand,
  execCommand,
  functionCall,
  inOrder,
  message,
  onlyRun,
  updatePlan,
  withInstalled,
} from '../rig/installed.ts'
import { long, sampleOf } from '../rig/long.ts'

const config = '[tools.update_plan]\nenabled = true\n'
const planOf = (beta: PlanStep['status']): PlanStep[] => [
  { step: 'Alpha', status: 'completed' },
  { step: 'Write Bravo', status: beta },
]
const codeModePlan = (plan: readonly PlanStep[]): ModelItem =>
  codeMode(`await tools.update_plan(${JSON.stringify({ plan })}); text("ok")`)
const work = 'mkdir -p src && printf hello > src/greeting.txt'

const tools = [
  ['classic tools', 'gpt-5.5', execCommand, updatePlan],
  ['code mode', 'gpt-6-sol', codeModeCommand, codeModePlan],
] as const

describe.each(sampleOf(tools, 2, 1))('%s', (_name, model, run, plan) => {
  test('an incomplete plan blocks by name, a completed one does not', async () => {
    await withInstalled(
      {
        model,
        config,
        script: ({ enableCommand }) =>
          inOrder(
            [run(enableCommand)],
            [plan(planOf('in_progress'))],
            [run(work)],
            [message('Done.')],
            [plan(planOf('completed'))],
            [message('Done.')],
          ),
      },
      async (lab) => {
        await lab.codex(['exec', 'write the greeting'])
        expect(blocks(lab)).toHaveLength(1)
        expect(blocks(lab)[0]).toContain('Write Bravo')
        expect(blocks(lab)[0]).not.toContain('Alpha')
        expect(await onlyRun(lab)).toMatchObject({ state: 'released' })
      },
    )
  })

  if (long)
    test('without the plan tool none is required', async () => {
      await withInstalled(
        {
          model,
          script: ({ enableCommand }) => inOrder([run(enableCommand)], [run(work)], [message('Done.')]),
        },
        async (lab) => {
          await lab.codex(['exec', 'write the greeting'])
          expect(blocks(lab)).toEqual([])
          expect(await onlyRun(lab)).toMatchObject({ state: 'released' })
        },
      )
    })
})

if (long)
  test("a sub-agent's plan changes nothing", async () => {
    let root: unknown
    const turns = new Map<unknown, number>()
    await withInstalled(
      {
        model: 'gpt-5.4',
        config,
        script:
          ({ enableCommand }) =>
          (request) => {
            const thread = (request.body['client_metadata'] as { thread_id?: string } | undefined)?.thread_id
            root ??= thread
            const turn = (turns.get(thread) ?? 0) + 1
            turns.set(thread, turn)
            if (thread !== root)
              return turn === 1
                ? [updatePlan([{ step: 'Child step', status: 'pending' }])]
                : [message('child done')]
            const rootSteps: ModelItem[][] = [
              [execCommand(enableCommand)],
              [execCommand(work)],
              [functionCall('spawn_agent', { message: 'make a plan' }, { namespace: 'multi_agent_v1' })],
              [waitFor(request.body)],
            ]
            return rootSteps[turn - 1] ?? [message('Done.')]
          },
      },
      async (lab) => {
        await lab.codex(['exec', 'write the greeting'])
        expect(turns.size).toBe(2)
        expect(blocks(lab)).toEqual([])
        expect(await onlyRun(lab)).toMatchObject({ state: 'released' })
      },
    )
  })

function waitFor(body: Readonly<Record<string, unknown>>): ModelItem {
  const text = JSON.stringify(body['input'])
  const id = /agent_id\\*":\\*"([0-9a-f-]{36})/.exec(text)?.[1]
  return functionCall(
    'wait_agent',
    { targets: [id], ids: [id], timeout_ms: 20_000 },
    { namespace: 'multi_agent_v1' },
  )
}
