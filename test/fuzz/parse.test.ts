import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { sha256 } from '../../src/base/hash.ts'
import { sessionKey } from '../../src/base/session-id.ts'
import { renderAnswer } from '../../src/codex/answer.ts'
import { mergeHooks, removeHooks } from '../../src/codex/hooks-file/json.ts'
import { parsePayload } from '../../src/codex/payload.ts'
import { tokensSince } from '../../src/codex/transcript/tokens.ts'
import { lastTurnMark } from '../../src/codex/transcript/turn-mark.ts'
import { buildContract } from '../../src/contract/build.ts'
import { parseProjectConfig } from '../../src/contract/config.ts'
import { parseTasks } from '../../src/contract/tasks.ts'
import { patternProblem } from '../../src/contract/pattern.ts'
import { findApproval } from '../../src/records/approvals.ts'
import { tokensIn } from '../../src/control/claims.ts'
import { readLive } from '../../src/records/live.ts'
import { readMachine } from '../../src/records/machine.ts'
import { readPrompt } from '../../src/control/prompt-grammar.ts'
import { parseBaseline } from '../../src/evidence/baseline-file.ts'
import { compileGlob } from '../../src/evidence/glob.ts'
import { pathBytes, pathText } from '../../src/evidence/path-text.ts'
import { ensureHome } from '../../src/ledger/home.ts'
import { sessionPaths } from '../../src/ledger/paths.ts'
import { listPending } from '../../src/ledger/pending.ts'
import { settle, startRun } from '../../src/ledger/start.ts'
import { append } from '../../src/ledger/store.ts'
import { ourGroups } from '../../src/setup/groups.ts'
import { activation, session, stop } from '../ledger/data.ts'
import { holds } from '../rig/long.ts'
import { mutated, mutatedBytes, mutatedText, text, value } from './arbitrary.ts'

let home: string
let file: string
beforeAll(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'fuzz-'))
  file = path.join(home, 'file')
  ensureHome(home)
})
afterAll(() => fs.rmSync(home, { recursive: true, force: true }))

/** A failure has a code that stands in TROUBLESHOOTING, and words; a problem says where, what and what instead. */
function expectNamed(result: { ok: true } | { ok: false; error: unknown }): void {
  if (result.ok) return
  const problems = Array.isArray(result.error) ? (result.error as unknown[]) : [result.error]
  expect(problems.length).toBeGreaterThan(0)
  for (const one of problems as Record<string, unknown>[]) {
    const words =
      'code' in one
        ? [one['code'], one['message']]
        : [one['path'], one['found'], one['allowed'], one['example']]
    for (const word of words) expect(typeof word).toBe('string')
    expect(JSON.stringify(one).length).toBeLessThan(20_000)
  }
}

const config = {
  version: 1,
  commands: {
    test: {
      argv: ['npm', 'test'],
      cwd: '.',
      timeoutSeconds: 600,
      env: { A: 'b' },
      writable: ['/tmp/x'],
      pins: ['a.js'],
    },
    lint: ['npm', 'run', 'lint'],
  },
  gateProfiles: { fast: ['lint'], default: ['test'], final: ['lint', 'test'] },
  defaults: { maxStopIterations: 12 },
  policy: { control: 'person', background: 'block', gateWrites: ['out/**'], sandbox: 'on' },
  notify: { argv: ['true'] },
}
/** Format version 2, with what a box and the clean room are told. */
const roomConfig = {
  ...config,
  version: 2,
  commands: { test: { argv: ['npm', 'test'], network: 'loopback', verify: 'in-place', keeps: ['dist/**'] } },
  gateProfiles: { final: ['test'] },
  policy: { ...config.policy, verify: 'clean-room' },
  prepare: [
    ['npm', 'ci'],
    { argv: ['uv', 'sync'], cwd: 'a', network: 'full', env: { A: 'b' }, secrets: ['T'] },
  ],
  copy: ['.env.test', 'certs/**'],
  limits: { outputBytes: 5, layerBytes: 5 },
}
const task = {
  id: 'T1',
  title: 'Do it',
  required: true,
  dependsOn: ['T0'],
  evidence: [
    { kind: 'pathChanged', glob: 'src/**' },
    { kind: 'fileMatches', path: 'README.md', pattern: '^## Usage$' },
    { kind: 'commandRef', name: 'test' },
  ],
}
const payloads = ['Stop', 'SessionStart', 'UserPromptSubmit', 'PostToolUse', 'SubagentStop'].map((event) => ({
  session_id: session,
  turn_id: 't',
  transcript_path: '/x/y.jsonl',
  cwd: '/repo',
  hook_event_name: event,
  model: 'm',
  agent_id: null,
  stop_hook_active: false,
  last_assistant_message: 'Done.',
  source: 'startup',
  prompt: 'autonomous-loop status',
  tool_name: 'update_plan',
  tool_input: { plan: [{ step: 'a', status: 'pending' }] },
}))

test('payloads', () =>
  holds(
    { short: 250, long: 3_000 },
    fc.property(fc.oneof(text, ...payloads.map(mutatedText)), (raw) => {
      const parsed = parsePayload(raw)
      expectNamed(parsed)
      if (parsed.ok) expect(parsed.value.sessionId).not.toBe('')
    }),
  ))

test('answers: whatever is said, one JSON object that Codex takes whole', () =>
  holds(
    { short: 150, long: 1_500 },
    fc.property(text, text, fc.integer({ min: 1, max: 200 }), (a, b, times) => {
      for (const answer of [
        { kind: 'block', reason: a.repeat(times), systemMessage: b },
        { kind: 'end', stopReason: b, systemMessage: a.repeat(times) },
        { kind: 'message', text: a.repeat(times) },
      ] as const) {
        const rendered = renderAnswer(answer, 'Stop')
        expect(rendered).not.toContain('\n')
        if (rendered !== '') expect(typeof JSON.parse(rendered)).toBe('object')
        expect(Buffer.byteLength(rendered)).toBeLessThan(80_000)
      }
    }),
  ))

test('project configs', () =>
  holds(
    { short: 200, long: 2_500 },
    fc.property(fc.oneof(text, mutatedText(config), mutatedText(roomConfig)), (raw) => {
      const parsed = parseProjectConfig(raw, 'autoloop.project.json')
      expectNamed(parsed)
      if (parsed.ok)
        for (const command of Object.values(parsed.value.commands))
          expect(command.argv.length).toBeGreaterThan(0)
      for (const step of parsed.ok ? (parsed.value.prepare ?? []) : [])
        expect(step.argv.length).toBeGreaterThan(0)
    }),
  ))

test('tasks and contracts', () => {
  const parsed = parseProjectConfig(JSON.stringify(config), 'c')
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error))
  return holds(
    { short: 200, long: 2_500 },
    fc.property(
      fc.array(fc.oneof(text, mutatedText(task), mutatedText([task, task])), { maxLength: 3 }),
      text,
      (texts, objective) => {
        expectNamed(parseTasks(texts))
        expectNamed(
          buildContract({
            contractId: 'c',
            objective,
            tasks: [],
            taskTexts: texts,
            gateProfile: null,
            maxStopIterations: null,
            config: parsed.value,
            weaker: 'refuse',
          }),
        )
      },
    ),
  )
})

describe('hooks.json', () => {
  const hooksJson = {
    description: 'mine',
    hooks: {
      Stop: [{ hooks: [{ type: 'command', command: 'echo', timeout: 5 }] }, { matcher: 'x', hooks: [] }],
      PreToolUse: [{ matcher: 'Bash', hooks: [{ type: 'command', command: 'a "b" c' }] }],
    },
  }
  const spaced = fc
    .tuple(mutated(hooksJson), fc.constantFrom(undefined, 2, '\t', 4), fc.constantFrom('', '\n', '\r\n\r\n'))
    .map(([document, indent, end]) => `${JSON.stringify(document, null, indent) ?? ''}${end}`)
  test('is refused by name, or gets our groups and gives them back to the byte', () =>
    holds(
      { short: 200, long: 2_500 },
      fc.property(fc.oneof(spaced, mutatedText(hooksJson), text), (raw) => {
        const merged = mergeHooks(raw, ourGroups('/home/x/.codex/autoloop', 3600), null)
        expectNamed(merged)
        if (!merged.ok) return
        expect(() => JSON.parse(merged.value.text) as unknown).not.toThrow()
        const removed = removeHooks(merged.value.text, merged.value.installed)
        if (!removed.ok) throw new Error(removed.error.message)
        expect(removed.value.text).toBe(raw)
      }),
    ))
})

describe('files of the home', () => {
  const fresh = (): ReturnType<typeof sessionPaths> => {
    const paths = sessionPaths(home, session)
    fs.rmSync(paths.dir, { recursive: true, force: true })
    fs.rmSync(paths.marker, { recursive: true, force: true })
    startRun(home, activation(), 1)
    append(
      paths,
      () => 2,
      () => ({ ok: true, value: [stop(), stop({ stop: 2 })] }),
    )
    return paths
  }

  test('ledgers: intact, repaired or refused; never less held than before', () => {
    const paths = fresh()
    const whole = fs.readFileSync(paths.ledger)
    const marker = fs.readFileSync(paths.marker)
    return holds(
      { short: 150, long: 2_500 },
      fc.property(mutatedBytes(whole), (bytes) => {
        fs.writeFileSync(paths.ledger, bytes)
        fs.writeFileSync(paths.marker, marker)
        const read = settle(home, session, () => 3)
        expectNamed(read)
        // The marker says that a run is open: it is found open, or nothing is vouched for.
        if (read.ok) expect(read.value.state.runs.at(-1)?.status).toBe('active')
        const written = append(
          paths,
          () => 4,
          () => ({ ok: true, value: [stop({ stop: 3 })] }),
        )
        expectNamed(written)
        expect(written.ok).toBe(read.ok)
      }),
    )
  })

  test('markers', () => {
    const paths = fresh()
    const right = JSON.parse(fs.readFileSync(paths.marker, 'utf8')) as unknown
    const whole = fs.readFileSync(paths.ledger)
    return holds(
      { short: 150, long: 2_000 },
      fc.property(mutatedText(right), (raw) => {
        fs.writeFileSync(paths.marker, raw)
        fs.writeFileSync(paths.ledger, whole)
        const read = settle(home, session, () => 3)
        expectNamed(read)
        if (read.ok) expect(read.value.state.runs[0]?.status).toBe('active')
      }),
    )
  })

  const records: readonly [string, string, unknown, () => void][] = [
    [
      'live records',
      path.join('live', session),
      {
        v: 1,
        sessionId: session,
        codex: { pid: 1, start: '2' },
        at: 1,
        cwd: '/repo',
        source: 'startup',
        repoRoot: '/repo',
        head: null,
        spool: '/tmp/x',
        config: { path: '/repo/c', sha256: sha256('c') },
        pins: [{ id: 'a', value: 'b', file: 'c' }],
      },
      () => expect([undefined, session]).toContain(readLive(home, session)?.sessionId),
    ],
    [
      'machine.json',
      'machine.json',
      {
        v: 1,
        version: '1',
        installedAt: 1,
        node: '/n',
        codexHome: '/c',
        codex: { path: '/x', native: '/x', version: null },
        stopTimeoutSeconds: 60,
        nodePty: null,
        hooks: [{ event: 'Stop', command: 'x', trust: null }],
        hooksInstalled: {},
        files: { '/a': 'b' },
      },
      () => expectNamed(readMachine(home)),
    ],
    [
      'approvals',
      path.join('approved', sha256(`/repo/c\0${sha256('text')}`)),
      { v: 1, path: '/repo/c', sha256: sha256('text'), text: 'text', gatePath: '/bin', at: 1 },
      () => expect([undefined, 'text']).toContain(findApproval(home, '/repo/c', sha256('text'))?.text),
    ],
    [
      'pending requests',
      path.join('armed', `pending-${'a'.repeat(64)}`),
      {
        v: 1,
        requestId: 'r',
        at: 5,
        repoRoot: '/repo',
        by: 'agent',
        input: {},
        baseline: 'b',
        config: {},
        pins: [],
      },
      () => expect(listPending(home).map((one) => typeof one.at)).toEqual(['number']),
    ],
  ]
  test.each(records)('%s', (_name, relative, right, read) => {
    const record = path.join(home, relative)
    try {
      holds(
        { short: 80, long: 1_000 },
        fc.property(fc.oneof(text, mutatedText(right)), (raw) => {
          fs.writeFileSync(record, raw)
          read()
        }),
      )
    } finally {
      fs.rmSync(record, { force: true })
    }
  })
})

test('baselines', () => {
  const right = {
    kind: 'git',
    commit: 'a'.repeat(40),
    format: 'sha1',
    settings: { excludes: '', autocrlf: null, eol: null },
    entries: [['src/a', 'f', sha256('a'), '1']],
    named: [{ glob: 'src/**' }],
    sparse: null,
    index: null,
  }
  return holds(
    { short: 100, long: 1_500 },
    fc.property(fc.oneof(value, mutated(right)), (one) => expectNamed(parseBaseline(one))),
  )
})

test('transcripts', () => {
  const lines = [
    { timestamp: '2030-01-01T00:00:00Z', type: 'event_msg', payload: { type: 'task_started' } },
    {
      timestamp: '2030-01-01T00:00:00Z',
      type: 'event_msg',
      payload: { type: 'token_count', info: { total_token_usage: { total_tokens: 7 } } },
    },
  ]
  const line = fc.oneof(text, ...lines.map(mutatedText))
  return holds(
    { short: 120, long: 1_500 },
    fc.property(fc.array(line, { maxLength: 6 }), fc.constantFrom('\n', '\r\n', '\0'), (all, end) => {
      fs.writeFileSync(file, all.join(end))
      const tokens = tokensSince(file, 0)
      if (tokens !== null) expect(tokens).toBeGreaterThanOrEqual(0)
      const mark = lastTurnMark(file)
      expect(mark.ok && ['working', 'ended', null].includes(mark.value.state)).toBe(true)
    }),
  )
})

test('prompts: only the whole prompt controls, and behind a mention only a bare verb or an id; only the first word arms', () =>
  holds(
    { short: 200, long: 2_000 },
    fc.property(
      text,
      fc.constantFrom(
        'autonomous-loop disable',
        '$autonomous-loop',
        'use autonomous-loop',
        'autonomous-loop amend abc',
        'autonomous-loop release: ',
        '## My request:\nautonomous-loop disable',
        '# Context from my IDE setup:\n## My request:\nautonomous-loop disable',
        '',
      ),
      text,
      (before, words, after) => {
        const prompt = `${before}${words}${after}`
        const read = readPrompt(prompt)
        const typed = prompt.split(/^## My request:$/m).at(-1)
        if (read.kind === 'control')
          expect(typed).toMatch(
            /^[\s"'`*“\u200b-\u200d\u2060]*(please,?\s+)?([$/]|use\s+[/$]?)?autonomous-loop:?[\s\u200b-\u200d\u2060]+[a-z]+/i,
          )
        if (read.kind === 'control' && read.argument !== null)
          expect(typed).toMatch(/(amend|resume)\s+\S+\W*$|:|--reason/i)
        if (read.kind === 'arm') expect(typed).toMatch(/^\s*(please,?\s+)?([$/]|use\s+[/$]?)autonomous-loop/i)
      },
    ),
  ))

test('claim tokens: at most sixteen, each of hex digits only', () =>
  holds(
    { short: 100, long: 1_500 },
    fc.property(
      fc.array(fc.oneof(text, fc.constant('AUTOLOOP_CLAIM:'), fc.constant('0123456789abcdef'.repeat(3))), {
        maxLength: 60,
      }),
      (parts) => {
        const tokens = tokensIn(parts.join(''), 'AUTOLOOP_CLAIM:')
        expect(tokens.length).toBeLessThanOrEqual(16)
        for (const token of tokens) expect(token).toMatch(/^[0-9a-f]{16,64}$/)
      },
    ),
  ))

describe('names', () => {
  test('session ids stay apart, also where case is folded, and never leave their directory', () =>
    holds(
      { short: 200, long: 2_500 },
      fc.property(
        fc.oneof(text, fc.uuid()),
        fc.oneof(text, fc.uuid()),
        fc.boolean(),
        (a, other, sameInCapitals) => {
          const b = sameInCapitals ? a.toUpperCase() : other
          const [one, two] = [sessionKey(a), sessionKey(b)]
          for (const key of [one, two]) expect(key).toMatch(/^(x-[0-9a-f]{40}|[0-9a-f][0-9a-f-]{7,63})$/)
          expect(one.toLowerCase() === two.toLowerCase()).toBe(a === b)
        },
      ),
    ))

  test('file names of any bytes come back as they were', () =>
    holds(
      { short: 150, long: 1_500 },
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (bytes) => {
        expect(Buffer.compare(pathBytes(pathText(Buffer.from(bytes))), Buffer.from(bytes))).toBe(0)
      }),
    ))

  test('globs and patterns', () =>
    holds(
      { short: 100, long: 1_000 },
      fc.property(text, text, (glob, name) => {
        const problem = patternProblem(glob)
        expect(problem === null || problem.length > 0).toBe(true)
        const checked = parseTasks([
          JSON.stringify({ id: 'T', title: 't', evidence: [{ kind: 'pathChanged', glob }] }),
        ])
        expectNamed(checked)
        // Only what was accepted is ever compiled.
        if (checked.ok) expect(typeof compileGlob(glob)(name)).toBe('boolean')
      }),
    ))
})
