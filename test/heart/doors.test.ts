import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Installed, equip, greetingProject, inOrder, message, withLab } from '../rig/installed.ts'
import { addCommand } from '../rig/transcript.ts'
import { sampleOf } from '../rig/long.ts'

/*
 * Broken input at every door: a clear message, exit 1 (2 for wrong flags), nothing half written, no stack trace.
 * One lab for the whole table; every row puts back what it broke.
 */

let lab: Installed
let finish: () => void
let closed: Promise<unknown>

beforeAll(async () => {
  await new Promise<void>((ready, failed) => {
    closed = withLab({ repoFiles: greetingProject, script: inOrder([message('hello')]) }, async (made) => {
      lab = equip(made)
      await lab.json(['bootstrap', '--trust'])
      await lab.json(['install-repo', '--repo', lab.repo])
      await new Promise<void>((resolve) => {
        finish = resolve
        ready()
      })
    }).catch(failed)
  })
})
afterAll(async () => {
  finish()
  await closed
})

const session = '01a1f757-0000-7000-8000-000000000001'
const enable = (task: string) => [
  'request',
  'enable',
  '--cwd',
  lab.repo,
  '--session-id',
  session,
  '--objective',
  'x',
  '--task-json',
  task,
]

interface Door {
  readonly name: string
  /** File below the lab and what stands in it. */
  readonly file?: () => string
  readonly text?: string
  readonly args: () => string[]
  readonly code: number
  readonly says: RegExp
}

const doors: readonly Door[] = [
  {
    name: 'hooks.json that is no JSON',
    file: () => path.join(lab.codexHome, 'hooks.json'),
    text: '{"hooks": {',
    args: () => ['bootstrap'],
    code: 1,
    says: /hooks\.json/,
  },
  {
    name: 'hooks.json with a key that Codex refuses',
    file: () => path.join(lab.codexHome, 'hooks.json'),
    text: '{"$schema": "x", "hooks": {}}',
    args: () => ['bootstrap'],
    code: 1,
    says: /\$schema/,
  },
  {
    name: 'a config that is no JSON',
    file: () => path.join(lab.repo, '.codex/autoloop.project.json'),
    text: '{"version": 1,',
    args: () => ['allow', '--repo', lab.repo],
    code: 1,
    says: /not valid JSON/,
  },
  {
    name: 'a config with many mistakes: all in one answer',
    file: () => path.join(lab.repo, '.codex/autoloop.project.json'),
    text: '{"version": 2, "commands": {"test": "npm test"}, "gateProfiles": {"final": ["tset"]}, "polcy": {}}',
    args: () => ['allow', '--repo', lab.repo],
    code: 1,
    says: /version[\s\S]*commands\.test[\s\S]*(polcy|tset)[\s\S]*(polcy|tset)/,
  },
  { name: 'task JSON that is none', args: () => enable('{"id":'), code: 1, says: /--task-json|task/ },
  {
    name: 'a task with unknown evidence',
    args: () => enable('{"id":"T1","title":"t","evidence":[{"kind":"pathChaned","glob":"src/**"}]}'),
    code: 1,
    says: /pathChanged/,
  },
  {
    name: 'machine.json that is cut short',
    file: () => path.join(lab.home, 'machine.json'),
    text: '{"v":1',
    args: () => ['doctor'],
    code: 1,
    says: /machine_config[\s\S]*autonomous-loop bootstrap/,
  },
  {
    name: 'a marker that holds something else',
    file: () => path.join(lab.home, 'armed', session),
    text: '{"started":"perhaps"}',
    args: () => enable('{"id":"T1","title":"t","evidence":[{"kind":"pathExists","path":"x"}]}'),
    code: 1,
    says: /armed/,
  },
  {
    name: 'a flag that does not exist',
    args: () => ['status', '--sesion-id', 'x'],
    code: 2,
    says: /sesion-id/,
  },
  { name: 'a command that does not exist', args: () => ['stauts'], code: 2, says: /stauts/ },
]

test.each(sampleOf(doors, 3))('$name', async ({ file, text, args, code, says }) => {
  const broken = file?.()
  const before = broken && fs.existsSync(broken) ? fs.readFileSync(broken, 'utf8') : null
  if (broken && text !== undefined) fs.writeFileSync(broken, text)
  try {
    const result = await lab.cli(args())
    const said = result.stdout + result.stderr
    expect({ code: result.code, said }).toEqual({ code, said: expect.stringMatching(says) })
    expect(said).not.toMatch(/\n\s+at .+:\d+:\d+/)
    if (broken) expect(fs.readFileSync(broken, 'utf8')).toBe(text)
  } finally {
    if (broken && before === null) fs.rmSync(broken, { force: true })
    else if (broken && before !== null) fs.writeFileSync(broken, before)
  }
})

const payload = (more: object) =>
  JSON.stringify({
    session_id: session,
    turn_id: 't',
    transcript_path: null,
    cwd: lab.repo,
    hook_event_name: 'Stop',
    model: 'm',
    permission_mode: 'default',
    stop_hook_active: false,
    last_assistant_message: 'Done.',
    ...more,
  })
const stop = (input: string) => {
  const ran = spawnSync(path.join(lab.home, 'bin', 'hook'), ['stop'], {
    cwd: lab.repo,
    env: lab.env(),
    input,
    encoding: 'utf8',
  })
  return { status: ran.status, stdout: ran.stdout, stderr: ran.stderr }
}

test('a payload that cannot be read: an unarmed session sees nothing, an armed one is not let go silently', async () => {
  expect(stop('not json')).toEqual({ status: 0, stdout: '', stderr: '' })
  await lab.json(enable('{"id":"T1","title":"t","evidence":[{"kind":"pathExists","path":"x"}]}'))
  const cut = payload({}).slice(0, -20)
  const answer = stop(cut)
  expect(answer).toMatchObject({ status: 0, stderr: '' })
  expect(JSON.parse(answer.stdout)).toMatchObject({
    continue: false,
    stopReason: expect.stringContaining('failed closed'),
  })
  expect(JSON.parse(stop(payload({})).stdout)).toMatchObject({
    decision: 'block',
    reason: expect.stringContaining('T1'),
  })
  await lab.json(['request', 'disable', '--cwd', lab.repo, '--session-id', session])
})

const spooled = [
  ['no JSON', '{"v":1,', 'not valid JSON'],
  ['an action that is not for agents', '{"v":1,"action":"release"}', 'only enable and wait'],
  [
    'a request of another session',
    JSON.stringify({
      v: 1,
      action: 'wait',
      requestId: 'a'.repeat(32),
      sessionId: 'other',
      reason: 'r',
      token: 'b'.repeat(32),
    }),
    'another session',
  ],
] as const

test.each(sampleOf(spooled, 3, 1))(
  'a spool file with %s is refused by name, once, where a request was made',
  (_name, text, why) => {
    const spool = path.join('/tmp', `autoloop-${process.getuid?.() ?? 0}`, session)
    fs.mkdirSync(spool, { recursive: true, mode: 0o700 })
    try {
      const transcript_path = path.join(lab.dir, 'rollout.jsonl')
      addCommand(transcript_path, 'autonomous-loop request enable --objective x > /dev/null', '')
      fs.writeFileSync(path.join(spool, '000-x.json'), text)
      const first = stop(payload({ transcript_path }))
      expect(JSON.parse(first.stdout)).toMatchObject({
        decision: 'block',
        reason: expect.stringContaining(why),
      })
      expect(fs.existsSync(spool)).toBe(false)
      expect(stop(payload({ transcript_path }))).toEqual({ status: 0, stdout: '', stderr: '' })

      // A session that asked for nothing is neither held nor told.
      fs.mkdirSync(spool, { mode: 0o700 })
      fs.writeFileSync(path.join(spool, '000-x.json'), text)
      expect(stop(payload({}))).toEqual({ status: 0, stdout: '', stderr: '' })
      expect(fs.existsSync(spool)).toBe(false)
    } finally {
      fs.rmSync(spool, { recursive: true, force: true })
    }
  },
)
