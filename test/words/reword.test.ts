import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type World, gateScript, makeWorld } from '../faults/world.ts'
import { buildProgram, reword } from './reworded.ts'
import { sampleOf } from '../rig/long.ts'

let dir: string
beforeAll(() => {
  dir = fs.mkdtempSync(path.join(os.homedir(), '.autoloop-reword-'))
})
afterAll(() => fs.rmSync(dir, { recursive: true, force: true }))

test('sentences become others; kinds, escapes and code stay', () => {
  expect(
    reword(
      "const a = 'it is done' // it's so\nswitch (b) { case 'could-not-run': return `no ${f('x y', {c: `z`})} \\n`}",
    ),
  ).toBe(
    "const a = 'ju jt epof' // it's so\nswitch (b) { case 'could-not-run': return `op ${f('y z', {c: `a`})} \\n`}",
  )
})

test('with every sentence said otherwise, explain, report, audit and status find the same facts', async () => {
  const [plain, other] = [await buildProgram(dir, false), await buildProgram(dir, true)]
  expect(other.changed).toBeGreaterThan(10)
  const [before, after] = [await story(plain), await story(other)]
  expect(after.facts).toEqual(before.facts)
  // And it was said otherwise: of the sentences none is left.
  expect(after.said.filter((text) => before.said.includes(text))).toEqual([])
  expect(before.said.length).toBeGreaterThan(10)
}, 300_000)

/** Lines of the gate, before and after it was changed, and what it prints: they are quoted, not ours. */
const quoted = [...gateScript.split('\n'), 'exit 0', 'CHECK: src/work.txt is not right']

interface Story {
  /** What the views answer, without their sentences, times and random ids. */
  readonly facts: unknown
  /** Every line of ours in the reasons that were given to Codex. */
  readonly said: readonly string[]
}

/** A session that is blocked, shown a changed gate, parked over it, amended, told to wait, halted, resumed and released. */
async function story(program: Awaited<ReturnType<typeof buildProgram>>): Promise<Story> {
  const world = makeWorld({ files: program.hook })
  try {
    const answers: string[] = []
    const cli = (...args: string[]): unknown => json(program.cli, world, args)
    // A command costs a start of Node: the gate asks the one that takes a verdict apart.
    const views = sampleOf(['status', 'explain', 'audit'], 3, 1)
    const look = (): unknown =>
      Object.fromEntries(views.map((view) => [view, cli(view, '--cwd', world.repo)]))
    const stop = async (message = 'Done.'): Promise<void> => {
      const called = await world.call('stop', {
        more: { stop_hook_active: false, last_assistant_message: message },
      })
      answers.push(called.text)
    }
    const say = (prompt: string): Promise<unknown> =>
      world.call('user-prompt-submit', { more: { prompt, turn_id: prompt } })

    await world.call('session-start', { more: { source: 'startup' } })
    await say('$autonomous-loop Write the work file')
    await stop()
    const seen: unknown[] = [look()]
    world.write('src/work.txt', 'wrong')
    await stop()
    seen.push(look())
    world.write('check.sh', 'exit 0\n')
    await stop()
    seen.push(look())
    await stop()
    seen.push(look())
    const digest = /"amend_digest": ?"([0-9a-f]{12})"/.exec(JSON.stringify(seen.at(-1)))?.[1] ?? 'none'
    cli('amend', digest, '--session-id', world.session)
    seen.push(look())
    await say('go on')
    const wish = cli(
      'request',
      'wait',
      '--session-id',
      world.session,
      '--cwd',
      world.repo,
      '--reason',
      'which colour?',
    )
    await stop(`I wait. ${(wish as { wait_token: string }).wait_token}`)
    seen.push(look())
    await say('blue')
    await stop()
    seen.push(look(), cli('report', '--cwd', world.repo, '--json'))
    return {
      facts: facts(seen),
      said: answers
        .flatMap((text) => text.split('\n'))
        .filter((line) => !quoted.includes(line.replace(/^[-+] /, '')))
        .filter((line) => / /.test(line.replaceAll(/[[`"].*?[\]`"]/g, ''))),
    }
  } finally {
    world.remove()
  }
}

function json(cli: string, world: World, args: readonly string[]): unknown {
  const ran = spawnSync(process.execPath, [cli, ...args, '--json'], {
    cwd: world.dir,
    env: { ...world.context.env.vars, CODEX_HOME: world.codexHome, AUTONOMOUS_LOOP_HOME: world.home },
    encoding: 'utf8',
  })
  return JSON.parse(ran.stdout) as unknown
}

/** What held a run as often stands by how long it did, which no two plays have in common. */
function inAnyOrder(held: unknown): unknown {
  return (facts(held) as unknown[]).map((one) => JSON.stringify(one)).sort()
}

/** Only what is no sentence and the same in every play. */
function facts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(facts)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .filter(
          ([key]) =>
            !/_at$|^at$|_ms$|^duration|since$|hash$|^head$|digest$|^text$|^live|^heart|^tail$|^log$|_file$/.test(
              key,
            ),
        )
        .map(([key, one]) => [key, key === 'held' ? inAnyOrder(one) : facts(one)]),
    )
  if (typeof value !== 'string') return value
  return /[ \n]/.test(value) ? '(words)' : /[0-9a-f]{8,}|\//.test(value) ? '(id or path)' : value
}
