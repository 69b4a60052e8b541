import { expect, test } from '@jest/globals'
import { ok } from '../../src/base/result.ts'
import { readEvents } from '../../src/ledger/ledger-file.ts'
import { sessionPaths } from '../../src/ledger/paths.ts'
import { startRun } from '../../src/ledger/start.ts'
import { append, readSession } from '../../src/ledger/store.ts'
import { activation, bundle, session, start, stop, tempDir } from './world.ts'

test('many processes append, some are killed: nothing that was acknowledged is lost, nothing stands twice', async () => {
  const home = tempDir()
  const appender = bundle('appender')
  startRun(home, activation(), 1)
  const children = ['a', 'b', 'c', 'd', 'killed-1', 'killed-2'].map((name) => ({
    name,
    child: start(appender, [home, name, '25']),
  }))
  for (const { name, child } of children)
    // Somewhere in the middle: it has begun, and nobody chose the moment.
    if (name.startsWith('killed')) void child.line.then(() => child.process.kill('SIGKILL'))

  const disabled = await Promise.all(children.map(({ child }) => child.line)).then(() =>
    append(sessionPaths(home, session), Date.now, () =>
      ok([{ type: 'closed', data: { how: 'disabled', by: 'terminal', reason: null } }]),
    ),
  )
  expect(disabled).toMatchObject({ ok: true, value: { state: { runs: [{ status: 'disabled' }] } } })

  const acknowledged = new Map<string, number>()
  for (const { name, child } of children) {
    const ended = await child.ended
    expect(ended.err).toBe('')
    acknowledged.set(name, ended.out.split('\n').length - 1)
  }
  const read = readEvents(sessionPaths(home, session).ledger)
  if (!read.ok) throw new Error(read.error.message)
  expect(read.value.chain.state).not.toBe('broken')
  for (const { name } of children) {
    const rounds = read.value.events.flatMap((event) =>
      event.type === 'session' && event.data.source === name ? [Number(event.data.cwd)] : [],
    )
    expect(rounds).toEqual(rounds.map((_, index) => index))
    const said = acknowledged.get(name) ?? 0
    if (name.startsWith('killed')) expect([said, said + 1]).toContain(rounds.length)
    else expect([said, rounds.length]).toEqual([25, 25])
  }
})

test('of runs started at the same moment one begins, the others are told of it', async () => {
  const home = tempDir()
  const starter = bundle('starter')
  const children = ['run-1', 'run-2', 'run-3', 'run-4'].map((runId) => start(starter, [home, runId]))
  for (const child of children) expect(await child.line).toBe('ready')
  for (const child of children) child.process.stdin?.write('go')
  const answers = await Promise.all(children.map(async (child) => (await child.ended).out.split('\n')[1]))
  expect(answers.filter((answer) => answer === 'run-open')).toHaveLength(3)
  expect(answers).toContain('started')
  const record = readSession(home, session)
  if (!record.ok) throw new Error(record.error.message)
  expect(record.value.findings).toEqual([])
  expect(record.value.state.runs.map((run) => run.runId)).toEqual([record.value.marker?.activation.runId])
})

test('a disk that takes half a record: refused by name, nothing half stays, and the next one goes on', async () => {
  const home = tempDir()
  const appender = bundle('appender')
  startRun(home, activation(), 1)
  // A limit on file sizes fails in the middle of a write just as a full disk does.
  const limited = start('sh', [
    '-c',
    'ulimit -f 8; exec "$0" "$@"',
    process.execPath,
    appender,
    home,
    'a',
    '100',
  ])
  const { out, err } = await limited.ended
  expect(err).toContain('ledger-write')
  const acknowledged = out.split('\n').length - 1
  expect(acknowledged).toBeGreaterThan(0)
  expect(readSession(home, session)).toMatchObject({
    ok: true,
    value: { torn: false, findings: [], state: { seq: acknowledged + 1 } },
  })
  expect(append(sessionPaths(home, session), Date.now, () => ok([stop()]))).toMatchObject({ ok: true })
})
