import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { self } from '../../src/base/process-id.ts'
import { childrenAtWork, lostAfterMs } from '../../src/hooks/children.ts'
import type { Child } from '../../src/ledger/state.ts'
import {
  type ModelAnswer,
  type ModelItem,
  blocks,
  execCommand,
  functionCall,
  message,
  onlyRun,
  withInstalled,
} from '../rig/installed.ts'
import { long, sampleOf } from '../rig/long.ts'
import { freshRun } from '../verdict/make.ts'

const work = 'mkdir -p src && printf hello > src/greeting.txt'
type Body = Readonly<Record<string, unknown>>
const threadOf = (body: Body): string =>
  (body['client_metadata'] as { thread_id?: string } | undefined)?.thread_id ?? ''
const childIn = (body: Body): string =>
  /agent_id\\*":\\*"([0-9a-f-]{36})/.exec(JSON.stringify(body['input']))?.[1] ?? ''
const collab = (name: string, args: object): ModelItem =>
  functionCall(name, args, { namespace: 'multi_agent_v1' })
const spawn = collab('spawn_agent', { message: 'a part of the work' })
const waitFor = (id: string): ModelItem =>
  collab('wait_agent', { targets: [id], ids: [id], timeout_ms: 20_000 })

/** Runs a root and one child; `blocked` resolves when the root's request shows a block. */
async function family(
  model: string,
  rootSteps: (child: string) => readonly (readonly ModelItem[])[],
  child: (turn: number, blocked: Promise<void>) => ModelAnswer | Promise<ModelAnswer>,
): Promise<{ run: Awaited<ReturnType<typeof onlyRun>>; blocks: string[]; child: string; ledger: string }> {
  let root: string | undefined
  let childId = ''
  const turns = new Map<string, number>()
  let sayBlocked: () => void = () => undefined
  let sayAsked: () => void = () => undefined
  const asked = new Promise<void>((resolve) => (sayAsked = resolve))
  const blocked = new Promise<void>((resolve) => (sayBlocked = resolve))
  return withInstalled(
    {
      model,
      script:
        ({ enableCommand }) =>
        async (request) => {
          const thread = threadOf(request.body)
          root ??= thread
          const turn = (turns.get(thread) ?? 0) + 1
          turns.set(thread, turn)
          if (thread !== root) {
            childId = thread
            sayAsked()
            return child(turn, blocked)
          }
          if (JSON.stringify(request.body['input']).includes('still at work')) sayBlocked()
          // From the step after the spawn on, the child is at work.
          if (turn > 2) await asked
          const steps = [[execCommand(enableCommand)], ...rootSteps(childIn(request.body) || childId)]
          return steps[turn - 1] ?? [message('Done.')]
        },
    },
    async (lab) => {
      await lab.codex(['exec', '-s', 'danger-full-access', 'write the greeting'])
      const one = await onlyRun(lab)
      const ledger = path.join(lab.home, 'sessions', one.session_id, 'ledger.jsonl')
      return { run: one, blocks: blocks(lab), child: childId, ledger: fs.readFileSync(ledger, 'utf8') }
    },
  )
}

describe('a root whose child works', () => {
  test('is blocked by the name of the child, and released when the child is done', async () => {
    const seen = await family(
      'gpt-5.4',
      (id) => [[spawn], [execCommand(work)], [message('Done?')], [waitFor(id)], [message('Done.')]],
      async (_turn, blocked) => {
        await blocked
        return [message('child done')]
      },
    )
    expect(seen.blocks).toHaveLength(1)
    expect(seen.blocks[0]).toContain(`a sub-agent is still at work: ${seen.child}`)
    expect(seen.run).toMatchObject({ state: 'released', iteration: 1 })
    expect(seen.ledger).toContain('"what":"started"')
    expect(seen.ledger).toContain('"what":"stopped"')
  })

  if (long)
    test('is blocked as well when a child that had ended was given more to do', async () => {
      const seen = await family(
        'gpt-5.4',
        (id) => [
          [spawn],
          [waitFor(id)],
          [execCommand(work)],
          [collab('send_input', { target: id, id, message: 'once more' })],
          [message('Done?')],
          [waitFor(id)],
          [message('Done.')],
        ],
        async (turn, blocked) => {
          if (turn > 1) await blocked
          return [message(`child done ${turn}`)]
        },
      )
      expect(seen.blocks).toHaveLength(1)
      expect(seen.blocks[0]).toContain(seen.child)
      expect(seen.run).toMatchObject({ state: 'released', iteration: 1 })
    })

  const ends = [
    [
      'failed at the model',
      (id: string) => [waitFor(id)],
      () => ({ status: 400, body: { error: { message: 'no' } } }),
    ],
    [
      'was closed at work',
      (id: string) => [collab('close_agent', { target: id, id })],
      () => [execCommand('sleep 30')],
    ],
  ] as const
  test.each(sampleOf(ends, 2))(
    'is not held by a child that %s, although no hook tells of its end',
    async (_what, end, child) => {
      const seen = await family('gpt-5.4', (id) => [[spawn], end(id), [execCommand(work)]], child)
      expect(seen.child).not.toBe('')
      expect(seen.blocks).toEqual([])
      expect(seen.run).toMatchObject({ state: 'released' })
      expect(seen.ledger).toContain('"what":"started"')
      expect(seen.ledger).not.toContain('"what":"stopped"')
    },
  )
})

describe('what counts as work', () => {
  const now = 1_800_000_000_000
  const mark = (type: string, at: number): string =>
    `${JSON.stringify({ timestamp: new Date(at).toISOString(), type: 'event_msg', payload: { type } })}\n`
  const started = mark('task_started', now - 1000)
  /** Transcript text, when it was last written, and what the ledger says of the child. */
  const rows: [string, string | null, number, Partial<Child>, boolean][] = [
    ['begun', started, now, {}, true],
    ['ended', started + mark('task_complete', now), now, {}, false],
    ['aborted', started + mark('turn_aborted', now), now, {}, false],
    ['begun again', mark('task_complete', now - 2000) + started, now, { stoppedAt: now - 1500 }, true],
    ['its hook said that it ends', started, now, { stoppedAt: now - 500 }, false],
    ['no transcript yet', null, now, {}, true],
    ['silent for too long', started, now - lostAfterMs - 1, { startedAt: now - lostAfterMs - 1 }, false],
    ['long at it, and it writes', started, now - 1000, { startedAt: now - 9 * lostAfterMs }, true],
    ['its Codex is gone', started, now, { codex: { pid: 4_000_000, start: '1' } }, false],
    [
      'words about task_complete are no end',
      `${started}${JSON.stringify({ type: 'response_item', payload: { type: 'task_complete', text: '"event_msg"' } })}\n`,
      now,
      {},
      true,
    ],
  ]
  test.each(rows)('%s', (_what, transcript, writtenAt, more, expected) => {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'children-'))
    try {
      const file = path.join(dir, 'rollout.jsonl')
      if (transcript !== null) {
        fs.writeFileSync(file, transcript)
        fs.utimesSync(file, writtenAt / 1000, writtenAt / 1000)
      }
      const child: Child = {
        id: 'a-child',
        agentType: 'default',
        transcript: file,
        codex: self(),
        startedAt: now - 1000,
        stoppedAt: null,
        ...more,
      }
      expect(childrenAtWork({ ...freshRun, children: [child] }, now)).toEqual(
        expected ? [{ id: 'a-child', agentType: 'default' }] : [],
      )
    } finally {
      fs.rmSync(dir, { recursive: true })
    }
  })
})
