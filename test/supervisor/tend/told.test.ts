import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { readHooks } from '../../../src/supervisor/tell/hook-journal.ts'
import { long } from '../../rig/long.ts'
import { processesOf } from '../../rig/processes.ts'
import { ledgerOf, recordOf } from '../kill/batch.ts'
import { type Site, item, makeSite } from '../rig.ts'
import { answer } from '../asked.ts'

/* Being told of a batch: `notify`, and hooks for people. */

let site: Site
afterEach(() => {
  for (const pid of processesOf(site.dir)) process.kill(pid, 'SIGKILL')
  site.remove()
})

const WORDS = 'words of the agent'

/** A hook that writes down what it was given, after what it does first. */
function hook(name: string, first = '', last = 'true') {
  const keep = (what: string): string => `${what} >> '${site.at('agent', name)}'`
  return {
    argv: [
      '/bin/sh',
      '-c',
      `${first}\n${keep('cat')}\n${keep('env')}\necho ${name} >> '${site.at('agent/order')}'\n${last}`,
    ],
    sandbox: 'off',
  }
}

async function begun(
  items: Readonly<Record<string, string>>,
  config: () => Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  site = makeSite({ items, supervisor: more })
  const file = path.join(site.repo, '.codex/autoloop.project.json')
  const text = JSON.parse(fs.readFileSync(file, 'utf8')) as { readonly supervisor: object }
  const { on, ...others } = config()
  fs.writeFileSync(
    file,
    JSON.stringify({
      ...text,
      ...others,
      supervisor: { ...text.supervisor, ...(on === undefined ? {} : { on }) },
    }),
  )
  site.git('commit', '-qam', 'config')
  await answer(site, 0, 'allow')
}

/** The JSON objects that it was given, and its variables. */
function given(name: string): { readonly objects: readonly Record<string, unknown>[]; readonly env: string } {
  const lines = read(name).split('\n')
  return {
    objects: lines
      .filter((one) => one.startsWith('{'))
      .map((one) => JSON.parse(one) as Record<string, unknown>),
    env: lines.filter((one) => !one.startsWith('{')).join('\n'),
  }
}
const read = (name: string): string => {
  const file = site.at('agent', name)
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : ''
}
const order = (): string[] => read('order').split('\n').slice(0, -1)

/** Until it is so; the time of the test is the limit. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20))
}

test('hooks run in the order of the events, the agent begins after attemptStart, and what they do changes no verdict', async () => {
  await begun({ '001-a.md': item(), '002-b.md': item({ front: 'after: [001]\n' }) }, () => ({
    notify: hook('notify'),
    on: {
      attemptStart: hook('attemptStart', 'sleep 0.3'),
      attemptEnd: hook('attemptEnd', 'sleep 0.3'),
      parked: hook('parked', '', 'echo loud; exit 3'),
    },
  }))
  const says = (name: string) => ({ sh: `echo ${name} >> '${site.at('agent/order')}'` })
  site.script({
    '001': [{ steps: [says('agent'), { write: 'src/b.txt', text: 'b' }] }],
    '002': [{ steps: [says('agent')], answer: { status: 'blocked', summary: WORDS } }],
  })
  const ran = await site.cli(['run'])
  const { batch } = recordOf(site).state.opened
  expect(ran.code).toBe(5)
  // Its failure is said, and nothing else comes of it.
  expect(ran.stderr.split('\n').filter((one) => one.startsWith('hook '))).toEqual([
    expect.stringMatching(/^hook parked of 002: it ended with exit code 3; \/.*hook-parked\.log$/),
    expect.stringMatching(/^hook parked: it ended with exit code 3; \/.*hook-parked\.log$/),
  ])
  const parked = order().filter((one) => one !== 'notify')
  expect(parked.slice(0, 2)).toEqual(['attemptStart', 'agent'])
  expect(parked.toSorted()).toEqual([
    'agent',
    'agent',
    'attemptEnd',
    'attemptEnd',
    'attemptStart',
    'attemptStart',
    'parked',
    'parked',
  ])
  // Of each item, and the batch last.
  expect(parked.slice(-3)).toEqual(['attemptEnd', 'parked', 'parked'])
  expect(given('attemptStart').objects).toMatchObject([
    { event: 'attemptStart', batch, item: '001', attempt: 1, agent: 'fake', repo_root: site.repo },
    { event: 'attemptStart', batch, item: '002', attempt: 1 },
  ])
  expect(given('attemptEnd').objects).toMatchObject([
    { item: '001', attempt: 1, outcome: 'done', counted: false },
    { item: '002', attempt: 1, outcome: 'parked' },
  ])
  expect(given('parked').objects).toMatchObject([
    { item: '002', code: 'blocked', why: WORDS },
    { item: null, code: 'items' },
  ])
  expect(given('parked').env).toContain('AUTOLOOP_STATE=blocked')
  await until(() => order().includes('notify'))
  expect(given('notify').objects).toEqual([
    {
      event: 'parked',
      batch,
      code: 'items',
      repo_root: site.repo,
      counts: { items: 2, done: 1, parked: 1, dropped: 0, open: 0 },
      parked: [{ id: '002', code: 'blocked' }],
      until: null,
      branch: `autonomous-loop/${batch}`,
      next: 'autonomous-loop retry --all',
      cli: path.join(site.home, 'bin/autonomous-loop'),
    },
  ])
  expect(given('notify').env).toContain(`AUTOLOOP_OBJECTIVE=batch ${batch}: 1 of 2 done, 1 parked\n`)
  for (const name of ['attemptStart', 'attemptEnd', 'parked', 'notify'])
    expect(given(name).env).not.toContain(WORDS)
  const journal = readHooks({ dir: path.dirname(ledgerOf(site).file) })
  expect(journal.begun.size).toBe(6)
  expect(journal.ended.map(({ code }) => `${code}`).toSorted()).toEqual(['0', '0', '0', '0', '3', '3'])
  // Tried again by hand, for how it stands now.
  expect(await answer(site, 0, 'notify', '--batch')).toMatchObject({ event: 'parked' })
  expect(given('notify').objects).toHaveLength(2)
  expect(await answer(site, 2, 'notify')).toMatchObject({ ok: false })
})

test('a hook that was begun is never begun again after a kill, and what no hook was begun for is told later', async () => {
  await begun({ '001-a.md': item() }, () => ({
    on: {
      attemptStart: hook('attemptStart', `until [ -e '${site.at('go')}' ]; do sleep 0.05; done`),
      attemptEnd: hook('attemptEnd'),
      completed: {
        // In the box it writes nothing of the person's.
        argv: [
          '/bin/sh',
          '-c',
          "cat; touch src/mine || echo closed; touch here-'$AUTOLOOP_EVENT' && echo no",
        ],
      },
    },
  }))
  site.script({ '001': [{ steps: [{ write: 'src/b.txt', text: 'b' }] }] })
  const running = site.start(['run', '--json'])
  await running.event((one) => one.type === 'worktree-ready')
  const dir = (): string => path.dirname(ledgerOf(site).file)
  await until(() => readHooks({ dir: dir() }).begun.size === 1)
  expect(site.starts()).toEqual([])
  running.child.kill('SIGKILL')
  await running.done
  const ran = await site.cli(['run', '--json'])
  expect(ran.code).toBe(0)
  // What was killed in the middle of the first one was left, and the next run ended it.
  expect(order()).toEqual(['attemptEnd'])
  const { begun: seqs, ended } = readHooks({ dir: dir() })
  const { events } = recordOf(site)
  const types = [...seqs].map((key) => events[Number(key.split(' ')[0]) - 1]?.type)
  expect(types).toEqual(['attempt-opened', 'attempt-ended', 'rested'])
  expect(ended.map(({ hook: name, why }) => [name, why])).toEqual([
    ['attemptEnd', null],
    ['completed', expect.stringContaining('exit code') as unknown],
  ])
  const log = fs.readFileSync(path.join(dir(), 'hook-completed.log'), 'utf8')
  expect(log).toContain('"event":"completed"')
  expect(log).toContain('closed')
  expect(site.git('status', '--porcelain')).toBe('')
})

// It waits for two runs and more.
if (long)
  test('run --continuous tells once for each rest, Ctrl-C of nothing, and a hook that hangs ends with it', async () => {
    await begun({ '001-a.md': item() }, () => ({
      notify: hook('notify'),
      on: { attemptEnd: hook('attemptEnd', `[ ! -e '${site.at('hang')}' ] || sleep 600`) },
    }))
    site.script({
      '001': [{ steps: [{ write: 'src/b.txt', text: 'b' }] }],
      '002': [{ steps: [{ write: 'src/c.txt', text: 'c' }] }],
    })
    const running = site.start(['run', '--continuous', '--every', '1s', '--json'])
    await running.event((one) => one.type === 'rested')
    await until(() => given('notify').objects.length === 1)
    fs.writeFileSync(site.at('hang'), '')
    site.write('.codex/backlog/002-b.md', item())
    expect(await site.cli(['accept', '002'])).toMatchObject({ code: 0 })
    await until(() => recordOf(site).events.filter((one) => one.type === 'attempt-ended').length === 2)
    await until(() => readHooks({ dir: path.dirname(ledgerOf(site).file) }).begun.size === 2)
    running.child.kill('SIGINT')
    const ran = await running.done
    expect(ran.code).toBe(130)
    expect(processesOf(site.dir)).toEqual([])
    expect(order().filter((one) => one === 'attemptEnd')).toHaveLength(1)
  })
