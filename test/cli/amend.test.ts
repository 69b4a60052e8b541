import path from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { type World, SESSION, makeWorld } from '../hostile/world.ts'
import { projectRoot } from '../rig/root.ts'
import { startTerminal } from '../rig/tui.ts'
import { long } from '../rig/long.ts'

const bin = path.join(projectRoot, 'bin/autonomous-loop.js')
const signed = /-\s+test -s src\/greeting\.txt\n *\+\s+true/
const goOn = `codex resume ${SESSION}`

let world: World
let close: () => Promise<void>
beforeAll(async () => {
  const made = await makeWorld({
    repoFiles: {
      'README.md': '# greeting\n',
      Makefile: 'check:\n\t@echo checking\n\ttest -s src/greeting.txt\n',
      '.codex/autoloop.project.json': JSON.stringify({ commands: { t: ['make', 'check'] } }),
    },
  })
  world = made.world
  close = made.close
})
afterEach(() => world.reset())
afterAll(() => close())

/** A run that waits for the person, because the rule behind its gate was changed. */
async function parkOverChange(): Promise<{ digest: string; run: string }> {
  await world.lab.json(['allow'])
  world.arm()
  world.lab.write('Makefile', 'check:\n\t@echo checking\n\ttrue\n')
  expect(world.stop()).toMatchObject({ decision: 'block' })
  expect(world.stop()).toMatchObject({ continue: false })
  const one = await world.state()
  expect(one).toMatchObject({ state: 'parked', park: { kind: 'definition' } })
  return { digest: one.amend_digest, run: one.run_id.slice(0, 12) }
}
const text = async (...words: string[]): Promise<{ code: number | null; said: string }> => {
  const { code, stdout, stderr } = await world.lab.cli([...words, '--text'])
  return { code, said: `${stdout}${stderr}` }
}
const amended = (): Promise<unknown[]> =>
  world.lab
    .json(['events'])
    .then(({ events }) => events.filter((one: { type: string }) => one.type === 'amended'))

if (long)
  test('what waits for the person is shown with signs and the whole command, wherever they look', async () => {
    const { digest, run } = await parkOverChange()
    const command = `autonomous-loop amend ${digest} ${run}`
    const status = await text('status')
    expect(status.said).toMatch(signed)
    expect(status.said).toContain(`${command}, then: ${goOn}`)
    const explained = await text('explain')
    expect(explained.said).toMatch(signed)
    expect(explained.said).toContain(`accept it: ${command}\n`)
    // By a prompt, and by the command without a digest, also with the run as its only word.
    expect(world.prompt('autonomous-loop amend').stopReason).toMatch(signed)
    expect(world.prompt('autonomous-loop amend').stopReason).toContain(`autonomous-loop amend ${digest}`)
    for (const words of [['amend'], ['amend', run], ['request', 'amend', '--run', run]]) {
      const shown = await text(...words)
      expect([words, shown.code]).toEqual([words, 1])
      expect(shown.said).toMatch(signed)
      expect(shown.said).toContain(`accept exactly this: ${command}\n`)
      expect(await world.lab.json(words, 1)).toMatchObject({
        ok: false,
        amend_digest: digest,
        next: command,
        definition_changes: [{ file: 'Makefile', text: expect.stringMatching(signed) }],
      })
    }
    expect(await amended()).toEqual([])
  })

test('a wrong digest shows the difference and recommends no digest', async () => {
  const { digest } = await parkOverChange()
  const refused = await world.lab.json(['amend', '0123456789ab'], 1)
  expect(refused).toMatchObject({ error_code: 'digest-mismatch', remediation: 'autonomous-loop amend' })
  expect(refused.message).toMatch(signed)
  const told = await text('amend', '0123456789ab')
  expect(told.said).toContain('try: autonomous-loop amend\n')
  const prompted = world.prompt('autonomous-loop amend 0123456789ab').reason
  expect(prompted).toMatch(signed)
  for (const said of [JSON.stringify(refused), told.said, prompted]) expect(said).not.toContain(digest)
  expect(await amended()).toEqual([])
})

if (long)
  test('accepted, everything says how the work goes on', async () => {
    const { digest, run } = await parkOverChange()
    const accepted = await text('amend', digest, run)
    expect(accepted).toMatchObject({ code: 0, said: expect.stringContaining(`Go on: ${goOn}`) })
    const one = await world.state()
    expect(one).toMatchObject({
      state: 'parked',
      park: { kind: 'accepted' },
      definition_changes: [],
      amend_digest: null,
      next: `go on: ${goOn}`,
    })
    const status = await text('status')
    expect(status.said).toContain(`go on: ${goOn}`)
    expect(status.said).not.toContain('autonomous-loop amend')
    const explained = await text('explain')
    expect(explained.said).toContain('accepted since by terminal')
    expect(explained.said).toContain(`go on: ${goOn}`)
    expect(explained.said).not.toContain('autonomous-loop amend')
    expect(await world.lab.json(['explain'])).toMatchObject({
      amend_digest: null,
      amended: { by: 'terminal' },
    })
    expect(await world.lab.json(['amend'], 1)).toMatchObject({ error_code: 'nothing-to-amend' })
    world.prompt('go on')
    world.lab.write('src/greeting.txt', 'hello\n')
    expect(world.stop()).toMatchObject({ systemMessage: expect.stringContaining('released.') })
  })

if (long)
  test('on a terminal: shown, asked, and only a clear yes accepts', async () => {
    await parkOverChange()
    const amend = [process.execPath, bin, 'amend']
    for (const [key, said, code] of [
      ['n\r', /Nothing was accepted/, 1],
      ['\r', /Nothing was accepted/, 1],
      ['\u0003', /interrupted; the run keeps what it has/, 130],
    ] as const) {
      const terminal = startTerminal(world.lab, amend)
      await terminal.shows(/- test -s src\/greeting\.txt\s+\+ true\s+Accept exactly this\? \[y\/N\]/)
      terminal.type(key)
      await terminal.shows(said)
      expect(await terminal.ended).toBe(code)
    }
    expect(await amended()).toEqual([])
    const yes = startTerminal(world.lab, amend)
    await yes.shows(/Accept exactly this\? \[y\/N\]/)
    yes.type('y\r')
    await yes.shows(new RegExp(`Accepted[^]*Go on: ${goOn}`))
    expect(await yes.ended).toBe(0)
    expect(await amended()).toHaveLength(1)
  })
