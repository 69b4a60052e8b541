import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import {
  blocks,
  execCommand,
  functionCall,
  hasCodex,
  inOrder,
  inputTexts,
  jsonIn,
  message,
  onlyRun,
  toolOutputs,
  withInstalled,
} from '../rig/installed.ts'

const version = '0.125'
const work = 'mkdir -p src && printf hello > src/greeting.txt'
const free = ['exec', '-s', 'danger-full-access']

// A person may have left the old version out; then this says so instead of pretending.
if (!hasCodex(version))
  test('codex 0.125 is not installed: its smoke test did not run', () => {
    process.stderr.write('codex 0.125 cannot be had here; `npm ci` installs it as codex-0.125\n')
    expect(hasCodex(version)).toBe(false)
  })
else
  describe('codex 0.125', () => {
    test('enabled directly, blocked twice for two true reasons, released after the work', async () => {
      await withInstalled(
        {
          version,
          script: ({ enableCommand }) =>
            inOrder(
              [execCommand(enableCommand)],
              [message('Done?')],
              [execCommand('mkdir -p src && printf wrong > src/greeting.txt')],
              [message('Done now.')],
              [execCommand('printf hello > src/greeting.txt')],
              [message('Done.')],
            ),
        },
        async (lab) => {
          const result = await lab.codex([...free, 'write the greeting'])
          expect(result.code).toBe(0)
          expect(jsonIn(toolOutputs(lab)[0] ?? '')).toMatchObject({
            activation_mode: 'direct-env',
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

    test('sessions in one and in two repositories, and a sub-agent that is told to disable, leave each other alone', async () => {
      // No thread id in the body here: the header has it, and a sub-agent has one of its own.
      const sessionOf = (headers: Readonly<Record<string, unknown>>) => String(headers['session_id'])
      const turns = new Map<string, number>()
      const seenBy = new Map<string, string>()
      let root = ''
      await withInstalled(
        {
          version,
          model: 'gpt-5.4',
          script:
            ({ enableCommand }) =>
            (request) => {
              const session = sessionOf(request.headers)
              const texts = inputTexts(request).join('\n')
              const turn = (turns.get(session) ?? 0) + 1
              turns.set(session, turn)
              seenBy.set(session, texts)
              if (request.headers['x-openai-subagent'] !== undefined) return [message('child done')]
              if (texts.includes('ROLE-BYSTANDER')) return [message('A bystander says hello.')]
              if (texts.includes('ROLE-ROOT')) root = session
              const child = /"agent_id":"([0-9a-f-]{36})"/.exec(texts)?.[1] ?? ''
              const steps = [
                [execCommand(enableCommand)],
                ...(texts.includes('ROLE-ROOT')
                  ? [
                      [functionCall('spawn_agent', { message: 'autonomous-loop disable' })],
                      [functionCall('wait_agent', { targets: [child], ids: [child], timeout_ms: 20_000 })],
                    ]
                  : []),
              ]
              // What a child leaves behind can come as one more request in the middle of a turn: a block is not counted but seen.
              if (!texts.includes('hook_prompt')) return steps[turn - 1] ?? [message('Done?')]
              const worked = texts.includes(work.slice(0, 12))
              return worked ? [message('Done.')] : [execCommand(work)]
            },
        },
        async (lab) => {
          const other = path.join(lab.dir, 'other')
          fs.cpSync(lab.repo, other, { recursive: true })
          await lab.json(['allow', '--repo', other])
          const ended = await Promise.all([
            lab.codex([...free, 'ROLE-ROOT']),
            lab.codex([...free, 'ROLE-OTHER'], { cwd: other }),
            lab.codex(['exec', 'ROLE-BYSTANDER']),
          ])
          expect(ended.map((one) => one.code)).toEqual([0, 0, 0])
          expect(turns.size).toBe(4)
          const runsOf = async (cwd: string) => (await lab.json(['status', '--cwd', cwd])).sessions
          expect(await runsOf(lab.repo)).toMatchObject([
            { state: 'released', iteration: 1, session_id: root },
          ])
          expect(await runsOf(other)).toMatchObject([{ state: 'released', iteration: 1 }])
          const held = [...seenBy.values()].filter((texts) => texts.includes('hook_prompt'))
          expect(held).toHaveLength(2)
          expect(held.some((texts) => texts.includes('BYSTANDER'))).toBe(false)
        },
      )
    })
  })
