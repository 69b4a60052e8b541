import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { isObject, parseJson } from '../../src/base/json.ts'
import { findCodexProcess } from '../../src/codex/processes.ts'
import { renderAnswer } from '../../src/codex/answer.ts'
import { parsePayload } from '../../src/codex/payload.ts'
import type { HookAnswer, HookPayload } from '../../src/codex/types.ts'
import { sealed } from '../../src/control/spooled-request.ts'
import { onPostToolUse } from '../../src/hooks/post-tool-use.ts'
import { onSessionStart } from '../../src/hooks/session-start.ts'
import { onStop } from '../../src/hooks/stop.ts'
import { onSubagent } from '../../src/hooks/subagent.ts'
import { onUserPromptSubmit } from '../../src/hooks/user-prompt-submit.ts'
import { readSession } from '../../src/ledger/store.ts'
import { type World, arm, makeWorld, shownRequest, spoolRoot } from '../faults/world.ts'
import { figure, long } from '../rig/long.ts'
import { projectRoot } from '../rig/root.ts'
import { holds } from '../rig/long.ts'
import { mutatedBytes, mutatedText, text, value } from './arbitrary.ts'

let world: World
beforeEach(() => {
  world = makeWorld()
})
afterEach(() => world.remove())

/** What the entry does with a payload, without its process. */
async function handle(raw: string): Promise<{ event: HookPayload['event']; answer: HookAnswer } | null> {
  const payload = parsePayload(raw)
  if (!payload.ok) return null
  const event = payload.value
  const { context } = world
  const around = {
    parentPid: process.pid,
    raw,
    deadline: Date.now() + 60_000,
    codex: findCodexProcess(process.pid),
    unguard: () => undefined,
  }
  switch (event.event) {
    case 'Stop':
      return { event: event.event, answer: await onStop(context, event, around) }
    case 'SessionStart':
      return { event: event.event, answer: await onSessionStart(context, event, process.pid) }
    case 'UserPromptSubmit':
      return { event: event.event, answer: await onUserPromptSubmit(context, event) }
    case 'PostToolUse':
      return { event: event.event, answer: await onPostToolUse(context, event) }
    case 'SubagentStart':
    case 'SubagentStop':
      return { event: event.event, answer: await onSubagent(context, event, process.pid) }
    default:
      return null
  }
}

const right = (event: string): Record<string, unknown> => ({
  session_id: world.session,
  turn_id: 't',
  transcript_path: path.join(world.dir, 'transcript.jsonl'),
  cwd: world.repo,
  hook_event_name: event,
  model: 'm',
  stop_hook_active: false,
  last_assistant_message: 'Done. AUTOLOOP_CLAIM:0123456789abcdef0123456789abcdef',
  agent_id: event.startsWith('Subagent') ? 'child' : null,
  source: 'startup',
  prompt: 'autonomous-loop status',
  tool_name: 'update_plan',
  tool_input: { plan: [{ step: 'a', status: 'completed' }] },
})

function expectAnswer(done: Awaited<ReturnType<typeof handle>>): void {
  if (!done) return
  const rendered = renderAnswer(done.answer, done.event)
  if (rendered !== '') expect(typeof JSON.parse(rendered)).toBe('object')
  expect(rendered).not.toContain('released.')
}

/** Lone surrogates cannot be handed to the system. */
const isText = (one: string): boolean => Buffer.from(one).toString() === one

test('handlers: any payload gets an answer of its event, and nothing is released', async () => {
  await arm(world)
  const restore = world.snapshot()
  const events = [
    'Stop',
    'SessionStart',
    'UserPromptSubmit',
    'PostToolUse',
    'SubagentStart',
    'SubagentStop',
  ].map((event) => mutatedText(right(event)))
  await holds(
    { short: 12, long: 1_000 },
    fc.asyncProperty(fc.oneof(...events), async (raw) => {
      restore()
      expectAnswer(await handle(raw))
    }),
  )
}, 1_200_000)

/** As the session itself would leave it, where it is an object: sealed, and its id in the transcript. */
function ownRequest(content: string): string {
  const json = parseJson(content, 'content')
  if (!json.ok || !isObject(json.value)) return content
  const { requestId: _, ...rest } = json.value
  const request = sealed(rest)
  shownRequest(world, request.requestId)
  return JSON.stringify(request)
}

test('handlers: whatever lies in the spool is carried out or refused by name, once', async () => {
  await arm(world)
  fs.mkdirSync(spoolRoot(world), { recursive: true, mode: 0o700 })
  const restore = world.snapshot()
  const request = {
    v: 1,
    action: 'enable',
    sessionId: world.session,
    root: world.repo,
    objective: 'o',
    taskTexts: ['{"id":"N","title":"n","evidence":[{"kind":"pathExists","path":"n"}]}'],
    gateProfile: null,
    maxStopIterations: null,
    baseline: null,
    salt: 'a'.repeat(32),
  }
  const wait = {
    v: 1,
    action: 'wait',
    sessionId: world.session,
    reason: 'r',
    token: 'c'.repeat(32),
  }
  const name = fc
    .oneof(text, fc.constant('1.json'))
    .filter((one) => /^[^/\0]{1,100}$/.test(one) && !/^\.\.?$/.test(one) && isText(one))
  await holds(
    { short: 10, long: 600 },
    fc.asyncProperty(
      fc.array(fc.tuple(name, fc.oneof(text, mutatedText(request), mutatedText(wait)), fc.boolean()), {
        minLength: 1,
        maxLength: 3,
      }),
      async (files) => {
        restore()
        for (const [one, content, own] of files)
          fs.writeFileSync(path.join(spoolRoot(world), one), own ? ownRequest(content) : content)
        expectAnswer(await handle(JSON.stringify(right('Stop'))))
        expect(fs.readdirSync(spoolRoot(world)).filter((one) => !one.startsWith('.'))).toEqual([])
        const session = readSession(world.home, world.session)
        // An agent's request only ever adds: the first task and the run are what they were.
        expect(session).toMatchObject({
          ok: true,
          value: { state: { runs: [{ status: expect.stringMatching(/active|parked/) as unknown }] } },
        })
      },
    ),
  )
}, 1_200_000)

test('handlers: whatever lies in the home, an open run is not let go', async () => {
  await arm(world)
  fs.writeFileSync(path.join(world.dir, 'transcript.jsonl'), '{}\n')
  world.machine(600)
  await world.call('session-start')
  const restore = world.snapshot()
  const baselines = fs.readdirSync(world.paths.dir).filter((name) => name.startsWith('baseline-'))
  const approval = fs.readdirSync(world.all.approved)[0] ?? ''
  const files = [
    world.paths.ledger,
    world.paths.marker,
    ...baselines.map((name) => path.join(world.paths.dir, name)),
    path.join(world.all.live, world.session),
    path.join(world.all.approved, approval),
    world.all.machine,
    path.join(world.repo, '.codex/autoloop.project.json'),
  ]
  const damaged = fc.oneof(
    ...files.map((file) => mutatedBytes(fs.readFileSync(file)).map((bytes) => [file, bytes] as const)),
  )
  await holds(
    { short: 12, long: 1_000 },
    fc.asyncProperty(damaged, async ([file, bytes]) => {
      restore()
      fs.writeFileSync(file, bytes)
      const done = await handle(JSON.stringify(right('Stop')))
      expectAnswer(done)
      // The work is not done: it is held, whatever was damaged.
      expect(done?.answer.kind).toMatch(/block|end/)
    }),
  )
}, 1_200_000)

test('the command line: any words end with an answer and a code, never with a mistake of ours', async () => {
  const words = fc.array(
    fc
      .oneof(
        text,
        fc.constantFrom(
          'request',
          'enable',
          'wait',
          'pause',
          'status',
          'check',
          'cleanup',
          'allow',
          'amend',
          'hook',
          'stop',
          'doctor',
          '--cwd',
          '--session-id',
          '--task-json',
          '--json',
          '--objective',
          '--check',
          '--repo',
          '--max-stop-iterations',
          '.',
          '{}',
          '--',
        ),
      )
      .filter((one) => !one.includes('\0') && one.length < 1_000),
    { maxLength: 6 },
  )
  const codes: Record<string, number> = {}
  holds(
    { short: 4, long: 150 },
    fc.property(words, value, (argv, input) => {
      // `bootstrap` and the like would start Codex; they are not in the words.
      const done = spawnSync(process.execPath, [path.join(projectRoot, 'bin/autonomous-loop.js'), ...argv], {
        cwd: world.repo,
        env: { ...world.context.env.vars, AUTONOMOUS_LOOP_HOME: world.home },
        input: JSON.stringify(input) ?? '',
        encoding: 'utf8',
        timeout: 60_000,
      })
      if (/dist\/cli/.test(done.stderr) && /ERR_MODULE_NOT_FOUND/.test(done.stderr)) return
      codes[String(done.status)] = (codes[String(done.status)] ?? 0) + 1
      expect({ argv, status: done.status, stderr: done.stderr }).toEqual({
        argv,
        status: done.status === 3 || done.status === null ? 'a code' : done.status,
        stderr: expect.any(String) as unknown,
      })
    }),
  )
  if (long) figure('fuzz: codes of the command line', codes)
}, 1_200_000)
