import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { tokensSince } from '../../src/codex/transcript/tokens.ts'
import { lastTurnMark } from '../../src/codex/transcript/turn-mark.ts'
import { parsePayload } from '../../src/codex/payload.ts'
import { parseProjectConfig } from '../../src/contract/config.ts'
import { matchPattern, patternProblem } from '../../src/contract/pattern.ts'
import { parseTasks } from '../../src/contract/tasks.ts'
import { compileGlob } from '../../src/evidence/glob.ts'
import { sessionPaths } from '../../src/ledger/paths.ts'
import { type World, arm, makeWorld } from '../faults/world.ts'
import { figure, long, sampleOf } from '../rig/long.ts'

let dir: string
beforeAll(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'bounds-'))
})
afterAll(() => fs.rmSync(dir, { recursive: true, force: true }))

const million = 1_000_000

describe('sizes', () => {
  test('a payload of 100 MB is refused by name', () => {
    const raw = JSON.stringify({ session_id: 's', last_assistant_message: 'x'.repeat(100 * million) })
    expect(parsePayload(raw)).toMatchObject({ ok: false, error: { code: 'payload-too-large' } })
  })

  test('a transcript of 1 GB costs what its end costs', () => {
    const file = path.join(dir, 'transcript.jsonl')
    const total = JSON.stringify({
      timestamp: '2030-01-01T00:00:00.000Z',
      type: 'event_msg',
      payload: { type: 'token_count', info: { total_token_usage: { total_tokens: 7 } } },
    })
    fs.writeFileSync(file, '')
    // A hole of a gigabyte: one line without an end, then a real one.
    fs.truncateSync(file, 2 ** 30)
    const before = process.memoryUsage().rss
    expect(tokensSince(file, 0)).toBeNull()
    expect(lastTurnMark(file)).toMatchObject({ ok: true, value: { state: null } })
    fs.appendFileSync(file, `\n${total}\n`)
    expect(tokensSince(file, Date.parse('2029-01-01'))).toBe(0)
    const grown = process.memoryUsage().rss - before
    figure('transcript of 1 GB', { grownBytes: grown })
    expect(grown).toBeLessThan(300 * 2 ** 20)
  })

  test('a config of 100,000 lines is read or refused, in words that fit on a screen', () => {
    const commands = Object.fromEntries(Array.from({ length: 33_000 }, (_, index) => [`c${index}`, ['true']]))
    const text = JSON.stringify({ version: 1, commands }, null, 1)
    expect(text.split('\n').length).toBeGreaterThan(99_000)
    const parsed = parseProjectConfig(text, 'c')
    if (parsed.ok) expect(Object.keys(parsed.value.commands)).toHaveLength(33_000)
    else expect(JSON.stringify(parsed.error).length).toBeLessThan(20_000)
    const wrong = JSON.stringify({
      version: 1,
      commands: Object.fromEntries(
        Object.keys(commands)
          .slice(0, 20_000)
          .map((name) => [name, 1]),
      ),
    })
    const many = parseProjectConfig(wrong, 'c')
    expect(many.ok).toBe(false)
    if (!many.ok) expect(JSON.stringify(many.error).length).toBeLessThan(50_000)
  })

  test('ten thousand tasks, and one task with ten thousand evidences', () => {
    const evidence = { kind: 'pathExists', path: 'a' }
    const tasks = Array.from({ length: 10_000 }, (_, index) => ({
      id: `T${index}`,
      title: 't',
      evidence: [evidence],
    }))
    for (const text of [
      JSON.stringify(tasks).slice(0, 200_000),
      JSON.stringify({ id: 'T', title: 't', evidence: tasks.map(() => evidence).slice(0, 5_000) }),
    ])
      expect(parseTasks([text]).ok).toBe(false)
  })
})

/** Patterns that take a backtracking engine for ever, with a text that makes each do so. */
const bombs: readonly [string, string][] = [
  ['(a+)+$', `${'a'.repeat(60)}!`],
  ['^(a|aa)+$', `${'a'.repeat(80)}!`],
  ['(.*)*x', 'y'.repeat(50)],
  ['(x+x+)+y', 'x'.repeat(60)],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(80)],
  ['(?=(a+))\\1+$', `${'a'.repeat(100_000)}b`],
  ['(\\w|\\d)+\\1{5}#', 'a1'.repeat(40)],
  ['(?<!(a+)+b)c', `${'a'.repeat(50)}c`.repeat(50)],
  ['.*.*.*.*.*=.*', 'a'.repeat(20_000)],
  [`${'a?'.repeat(60)}${'a'.repeat(60)}`, 'a'.repeat(60)],
  [`${'('.repeat(400)}a${')*'.repeat(400)}b`, 'a'.repeat(500)],
]

test.each(bombs)('fileMatches with %j ends', (pattern, text) => {
  if (patternProblem(pattern) !== null) return
  const matched = matchPattern(pattern, text, 200)
  if (!matched.ok) expect(matched.error.code).toMatch(/^pattern-(timeout|too-complex)$/)
})

test.each([
  '{a,b}'.repeat(12),
  '**/'.repeat(60) + 'x',
  '*a'.repeat(40),
  '+(a|b|+(c|d))',
  '@(a|@(b|@(c)))*',
  '[!a-z]*'.repeat(20),
  '{1..9999999}',
])('the glob %j is refused or ends', (glob) => {
  const parsed = parseTasks([
    JSON.stringify({ id: 'T', title: 't', evidence: [{ kind: 'pathChanged', glob }] }),
  ])
  if (!parsed.ok) return expect(parsed.error.length).toBeGreaterThan(0)
  const [evidence] = parsed.value[0]?.evidence ?? []
  const accepted = evidence && 'glob' in evidence ? (evidence.glob ?? '') : ''
  return expect(typeof compileGlob(accepted)(`${'a/'.repeat(40)}${'a'.repeat(200)}`)).toBe('boolean')
})

describe('end to end, shim and bundle', () => {
  let world: World
  beforeAll(() => {
    world = makeWorld()
  })
  afterAll(() => world.remove())

  const upper = '0199AAAA-BBBB-7CCC-8DDD-EEEEEEEEEEEE'
  const ids: readonly string[] = [
    '0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee',
    upper,
    '../x',
    '../../../../../../etc/passwd',
    'A',
    'a',
    'aaaaaaaa',
    'AAAAAAAA',
    '.',
    '..',
    '-rf',
    'a\nb',
    'a b',
    'a"b\\',
    'ä\u0301',
    'x-0000000000000000000000000000000000000000',
    'pending-0000000000000000000000000000000000000000000000000000000000000000',
    'disable-a',
    'f'.repeat(64),
    'f'.repeat(65),
    'f'.repeat(300),
    '$(touch pwned)',
    '*',
  ]

  test('session ids that look alike, lead elsewhere or mean something to a shell stay apart', async () => {
    const armed = sampleOf(ids, 5, 1)
    for (const session of armed) {
      const other = ids.filter((one) => one !== session)
      await arm(world, session)
      for (const one of other.slice(0, long ? 6 : 2)) {
        const stop = await world.call('stop', { session: one })
        expect([session, one, stop.kind]).toEqual([session, one, 'nothing'])
      }
      const stop = await world.call('stop', { session })
      expect([session, stop.kind]).toEqual([session, 'block'])
      const closed = await world.call('user-prompt-submit', {
        session,
        more: { prompt: 'autonomous-loop disable' },
      })
      expect([session, closed.kind, world.state(session).runs.map((run) => run.status)]).toEqual([
        session,
        'end',
        ['disabled'],
      ])
      expect(fs.readdirSync(world.all.armed)).toEqual([])
    }
    // Each has a directory of its own, and nothing was made anywhere else.
    const dirs = new Set(ids.map((id) => sessionPaths(world.home, id).dir))
    expect(dirs.size).toBe(ids.length)
    expect(fs.readdirSync(world.all.sessions).length).toBe(armed.length)
    expect(fs.readdirSync(world.repo).sort()).toEqual(['.codex', '.git', 'README.md', 'check.sh'])
  }, 300_000)

  test('an empty id is refused, and holds nobody', async () => {
    const stop = await world.call('stop', { session: '' })
    expect(stop).toMatchObject({ kind: 'nothing', code: 0 })
  })

  test('a message of 100 MB: held, not let go', async () => {
    await arm(world)
    const stop = await world.call('stop', { more: { last_assistant_message: 'x'.repeat(100 * million) } })
    expect(stop).toMatchObject({ kind: 'end', code: 0 })
    expect(world.state().runs[0]?.status).toBe('active')
    expect(await world.call('stop')).toMatchObject({ kind: 'block' })
  }, 120_000)
})
