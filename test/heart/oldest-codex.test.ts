import { describe, expect, test } from '@jest/globals'
import {
  type ModelItem,
  blocks,
  execCommand,
  functionCall,
  inOrder,
  inputTexts,
  jsonIn,
  message,
  oldestCodex,
  onlyRun,
  toolOutputs,
  updatePlan,
  withInstalled,
} from '../rig/installed.ts'
import { long } from '../rig/long.ts'

const version = oldestCodex
const work = 'mkdir -p src && printf hello > src/greeting.txt'
const hello = 'printf hello > src/greeting.txt'

// The other heart tests run on the current Codex; here the main paths run on the oldest one that is supported.
describe(`codex ${version}`, () => {
  test('enabled from inside the sandbox, blocked twice for two true reasons, released after the work', async () => {
    await withInstalled(
      {
        version,
        script: ({ enableCommand }) =>
          inOrder(
            [execCommand(enableCommand)],
            [message('Done?')],
            [execCommand('mkdir -p src && printf wrong > src/greeting.txt')],
            [message('Done now.')],
            [execCommand(hello)],
            [message('Done.')],
          ),
      },
      async (lab) => {
        const result = await lab.codex(['exec', 'write the greeting'])
        expect(result.code).toBe(0)
        expect(jsonIn(toolOutputs(lab)[0] ?? '')).toMatchObject({
          activation_mode: 'spooled',
          enforced: 'proven',
        })
        const reasons = blocks(lab)
        expect(reasons).toHaveLength(2)
        expect(reasons[0]).toContain('T1')
        expect(reasons[0]).not.toContain('GREETING-CHECK')
        expect(reasons[1]).toContain('GREETING-CHECK expected hello, got wrong')
        expect(await onlyRun(lab)).toMatchObject({ state: 'released', iteration: 2 })
        expect((await lab.cli(['status', '--cwd', lab.repo, '--check'])).code).toBe(0)
      },
    )
  })

  if (long)
    test('armed by a prompt; an unfinished plan holds; a prompt that controls costs no request', async () => {
      await withInstalled(
        {
          version,
          config: '[tools.update_plan]\nenabled = true\n',
          script: () =>
            inOrder(
              [updatePlan([{ step: 'Write Bravo', status: 'in_progress' }])],
              [execCommand(work)],
              [message('Done?')],
              [updatePlan([{ step: 'Write Bravo', status: 'completed' }])],
              [message('Done.')],
            ),
        },
        async (lab) => {
          await lab.codex(['exec', '$autonomous-loop write the greeting'])
          expect(blocks(lab)).toHaveLength(1)
          expect(blocks(lab)[0]).toContain('Write Bravo')
          expect(await onlyRun(lab)).toMatchObject({ state: 'released', armed_by: 'prompt' })
          const asked = lab.requests.length
          const paused = await lab.codex(['exec', 'resume', '--last', 'autonomous-loop status'])
          expect(paused.code).toBe(0)
          expect(lab.requests).toHaveLength(asked)
        },
      )
    })

  if (long)
    test('a sub-agent that is told to disable, and a bystander in the same repository, change nothing', async () => {
      const threadOf = (body: Readonly<Record<string, unknown>>): string =>
        (body['client_metadata'] as { thread_id?: string } | undefined)?.thread_id ?? ''
      const turns = new Map<string, number>()
      let root: string | undefined
      await withInstalled(
        {
          version,
          model: 'gpt-5.4',
          script:
            ({ enableCommand }) =>
            (request) => {
              const thread = threadOf(request.body)
              const texts = inputTexts(request).join('\n')
              if (texts.includes('ROLE-BYSTANDER')) return [message('A bystander says hello.')]
              if (texts.includes('ROLE-ROOT')) root ??= thread
              const turn = (turns.get(thread) ?? 0) + 1
              turns.set(thread, turn)
              if (thread !== root) return [message('child done')]
              const child = { message: 'autonomous-loop disable' }
              const steps: ModelItem[][] = [
                [execCommand(enableCommand)],
                [functionCall('spawn_agent', child, { namespace: 'multi_agent_v1' })],
                [waitFor(request.body)],
                [message('Done?')],
                [execCommand(work)],
              ]
              return steps[turn - 1] ?? [message('Done.')]
            },
        },
        async (lab) => {
          const [held, free] = await Promise.all([
            lab.codex(['exec', 'ROLE-ROOT']),
            lab.codex(['exec', 'ROLE-BYSTANDER']),
          ])
          expect([held.code, free.code]).toEqual([0, 0])
          expect(free.stderr).not.toMatch(/hook: Stop (Blocked|Stopped|Failed)/)
          expect(turns.size).toBe(2)
          expect(await onlyRun(lab)).toMatchObject({ state: 'released', iteration: 1, session_id: root })
        },
      )
    })
})

function waitFor(body: Readonly<Record<string, unknown>>): ModelItem {
  const id = /agent_id\\*":\\*"([0-9a-f-]{36})/.exec(JSON.stringify(body['input']))?.[1]
  return functionCall(
    'wait_agent',
    { targets: [id], ids: [id], timeout_ms: 20_000 },
    { namespace: 'multi_agent_v1' },
  )
}
