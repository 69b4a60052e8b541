import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { holds } from '../rig/long.ts'
import { MAX_LINE_BYTES } from '../../src/codex/transcript/lines.ts'
import { sessionFromTranscript } from '../../src/codex/transcript/meta.ts'
import { MAX_SEARCH_BYTES, lastPlan, searchPlan } from '../../src/codex/transcript/plan.ts'
import { execCommand, functionCall, inOrder, message, updatePlan, withLab } from '../rig/codex.ts'

let dir = ''
let count = 0
beforeAll(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'transcript-'))
})
afterAll(() => fs.rmSync(dir, { recursive: true }))

const at = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString()
const line = (second: number, payload: unknown, type = 'response_item') =>
  `${JSON.stringify({ timestamp: at(second), type, payload })}\n`
const plan = (second: number, step: string, status = 'pending') =>
  line(second, {
    type: 'function_call',
    name: 'update_plan',
    arguments: JSON.stringify({ plan: [{ step, status }] }),
  })
const talk = (second: number, bytes = 10) => line(second, { type: 'message', text: 'x'.repeat(bytes) })

function file(...parts: readonly (string | Buffer)[]): string {
  count += 1
  const name = path.join(dir, `t${count}.jsonl`)
  fs.writeFileSync(name, '')
  for (const part of parts) fs.appendFileSync(name, part)
  return name
}
const stepOf = (name: string, options = {}) => lastPlan(name, options)?.plan[0]?.step

describe('the last plan', () => {
  test.each([
    ['the newest of several', [plan(1, 'old'), talk(2), plan(3, 'new'), talk(4)], 'new'],
    ['in the first line', [plan(1, 'only')], 'only'],
    ['in a last line without newline', [talk(1), plan(2, 'torn').trimEnd()], 'torn'],
    ['none', [talk(1)], undefined],
    ['none in an empty file', [], undefined],
    ['half a line is passed over', [plan(1, 'whole'), plan(2, 'half').slice(0, -9)], 'whole'],
    ['far from the end', [plan(1, 'far'), talk(2, 3_500_000), talk(3, 1_000_000), talk(4, 3_000_000)], 'far'],
    [
      'behind a line longer than memory allows',
      [plan(1, 'far'), talk(2, MAX_LINE_BYTES * 2), talk(3)],
      'far',
    ],
    [
      'mentioned by others only',
      [
        plan(1, 'real'),
        line(2, { type: 'function_call', name: 'exec_command', arguments: '{"cmd":"update_plan"}' }),
        line(3, { type: 'custom_tool_call', name: 'update_plan', input: 'x' }),
        line(4, { type: 'function_call', name: 'update_plan', arguments: '{"plan":7}' }),
        line(5, { type: 'function_call', name: 'update_plan', arguments: 'not json' }),
        line(6, { type: 'function_call', name: 'update_plan', arguments: null }),
        line(7, { type: 'function_call', name: 'update_plan', arguments: '{"plan":[]}' }, 'event_msg'),
        '"update_plan"\n[]\nnull\n',
      ],
      'real',
    ],
  ])('%s', (_name, parts, step) => {
    expect(stepOf(file(...parts))).toBe(step)
  })

  test('has its time, and odd items are not lost', () => {
    const odd = line(5, {
      type: 'function_call',
      name: 'update_plan',
      arguments: JSON.stringify({ plan: [{ step: 'a', status: 'completed' }, null, { step: 7 }] }),
    })
    expect(lastPlan(file(odd))).toEqual({
      plan: [
        { step: 'a', status: 'completed' },
        { step: '', status: '' },
        { step: '', status: '' },
      ],
      at: Date.parse(at(5)),
    })
  })

  test('before `since` there is none', () => {
    const name = file(plan(10, 'old'), talk(20, 2_000_000), talk(30, 2_000_000))
    expect(stepOf(name, { since: Date.parse(at(10)) })).toBe('old')
    expect(stepOf(name, { since: Date.parse(at(11)) })).toBe(undefined)
    expect(searchPlan(name, { since: Date.parse(at(40)) })).toMatchObject({ ok: true, value: { cut: false } })
  })

  test('a second search reads only what is new', () => {
    const name = file(plan(1, 'one'), talk(2))
    const first = searchPlan(name)
    const from = first.ok ? first.value.offset : -1
    expect(from).toBe(fs.statSync(name).size)
    expect(searchPlan(name, { from })).toMatchObject({ value: { found: null, offset: from } })
    const torn = plan(3, 'two')
    fs.appendFileSync(name, torn.slice(0, 20))
    expect(searchPlan(name, { from })).toMatchObject({ value: { found: null, offset: from } })
    fs.appendFileSync(name, torn.slice(20))
    expect(searchPlan(name, { from })).toMatchObject({
      value: { found: { plan: [{ step: 'two' }] }, offset: from + torn.length, cut: false },
    })
    fs.writeFileSync(name, plan(4, 'replaced'))
    expect(stepOf(name, { from })).toBe('replaced')
  })

  test('is looked for in the last 64 MB only, and the search says so', () => {
    const name = file(plan(1, 'far'))
    const handle = fs.openSync(name, 'r+')
    // Sparse: zeros without a newline cost no disk.
    fs.ftruncateSync(handle, MAX_SEARCH_BYTES * 4)
    fs.closeSync(handle)
    fs.appendFileSync(name, `\n${talk(2)}`)
    expect(searchPlan(name)).toMatchObject({ ok: true, value: { found: null, cut: true } })
    fs.appendFileSync(name, plan(3, 'near'))
    expect(stepOf(name)).toBe('near')
  })

  test('is that of the last whole plan line, for any mix of lines', () => {
    const part = fc.oneof(
      fc.nat(9).map((n) => plan(n, `s${n}`)),
      fc.nat({ max: 700_000 }).map((n) => talk(1, n)),
      fc.string().map((text) => `${text}\n`),
    )
    holds(
      40,
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const last = parts.findLast((each) => each.includes('"name":"update_plan"'))
        expect(stepOf(file(...parts))).toBe(last && /step\\":\\"(s\d)/.exec(last)?.[1])
      }),
    )
  })
})

describe('what is no transcript', () => {
  test.each([
    ['missing', 'missing', () => path.join(dir, 'none')],
    ['a FIFO', 'not-regular', () => fifo()],
    ['a directory', 'not-regular', () => dir],
    ['a link', 'not-regular', () => link()],
  ])('%s', (_name, code, make) => {
    const name = make()
    expect(searchPlan(name)).toMatchObject({ ok: false, error: { code } })
    expect(lastPlan(name)).toBe(null)
    expect(sessionFromTranscript(name)).toBe(null)
  })
})

function fifo(): string {
  const name = path.join(dir, 'fifo')
  execFileSync('mkfifo', [name])
  return name
}
function link(): string {
  const name = path.join(dir, 'link')
  fs.symlinkSync(file(plan(1, 'x')), name)
  return name
}

describe('the first line', () => {
  const meta = (payload: unknown) => line(0, payload, 'session_meta')
  const plain = {
    threadId: 'a',
    sessionId: 'a',
    subAgent: false,
    parentId: null,
    cwd: null,
    cliVersion: null,
  }
  test.each([
    [
      'a root',
      meta({ id: 'a', cwd: '/r', cli_version: '0.125.0', source: 'exec' }),
      { ...plain, cwd: '/r', cliVersion: '0.125.0' },
    ],
    [
      'long instructions',
      meta({ id: 'a', session_id: 'r', base_instructions: 'x'.repeat(500_000) }) + talk(1),
      { ...plain, sessionId: 'r' },
    ],
    [
      'a sub-agent',
      meta({ id: 'a', source: { subagent: { thread_spawn: { parent_thread_id: 'p', depth: 1 } } } }),
      { ...plain, subAgent: true, parentId: 'p' },
    ],
    ['a reviewer', meta({ id: 'a', source: { subagent: 'review' } }), { ...plain, subAgent: true }],
    ['marked as one', meta({ id: 'a', thread_source: 'subagent' }), { ...plain, subAgent: true }],
    ['an empty file', '', null],
    ['another first line', talk(1), null],
    ['half a line', meta({ id: 'a' }).trimEnd(), null],
    ['no id', meta({ id: 7 }), null],
    ['no payload', meta(null), null],
    ['no JSON', 'hello\n', null],
    ['no end within the limit', 'x'.repeat(5_000_000), null],
  ])('%s', (_name, text, expected) => {
    expect(sessionFromTranscript(file(text))).toEqual(expected)
  })
})

describe.each([
  ['0.169', '[tools.update_plan]\nenabled = true\n', { namespace: 'multi_agent_v1' }],
  ['0.125', '', {}],
] as const)('a transcript of the real codex %s', (version, config, extra) => {
  test('has the plan, and tells the sub-agent from the root', async () => {
    const steps = (status: 'completed' | 'in_progress') => [
      { step: 'Alpha', status: 'completed' as const },
      { step: 'Bravo', status },
    ]
    const script = inOrder(
      [updatePlan(steps('in_progress'))],
      [updatePlan(steps('completed'))],
      [execCommand('echo \'"update_plan"\'')],
      [functionCall('spawn_agent', { message: 'help' }, extra)],
      [message('Done.')],
    )
    await withLab({ version, config, script }, async (lab) => {
      const began = Date.now() - 1000
      await lab.codex(['exec', 'go'])
      const sessions = path.join(lab.codexHome, 'sessions')
      const files = fs
        .readdirSync(sessions, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.jsonl'))
        .map((name) => path.join(sessions, name))
      const metas = files.map((name) => ({ name, meta: sessionFromTranscript(name) }))
      const root = metas.find(({ meta }) => meta?.subAgent === false)
      const child = metas.find(({ meta }) => meta?.subAgent === true)
      expect(root?.meta).toMatchObject({ parentId: null, cwd: lab.repo, cliVersion: `${version}.0` })
      expect(child?.meta).toMatchObject({ parentId: root?.meta?.threadId })
      expect(root?.name).toContain(root?.meta?.sessionId)
      expect(lastPlan(root?.name ?? '', { since: began })?.plan).toEqual(steps('completed'))
      expect(lastPlan(root?.name ?? '', { since: Date.now() + 60_000 })).toBe(null)
      expect(lastPlan(child?.name ?? '')).toBe(null)
    })
  })
})
