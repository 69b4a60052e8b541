import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import {
  type Installed,
  execCommand,
  inOrder,
  inputTexts,
  message,
  onlyRun,
  withInstalled,
} from '../rig/installed.ts'
import { long, sampleOf } from '../rig/long.ts'

const work = 'mkdir -p src && printf hello > src/greeting.txt'

const made: string[] = []
afterAll(() => {
  for (const dir of made) fs.rmSync(dir, { recursive: true })
})

/** A FIFO that a sandboxed command can write: whoever reads it waits exactly until it was told. */
function makeFifo(): string {
  const dir = fs.mkdtempSync('/tmp/autoloop-notify-')
  made.push(dir)
  const fifo = path.join(dir, 'told')
  execFileSync('mkfifo', [fifo])
  return fifo
}

/** What the next notification says; `act` is what leads to it. */
async function toldBy(fifo: string, act: () => Promise<unknown>): Promise<string> {
  const told = fs.promises.readFile(fifo, 'utf8')
  await act()
  return told
}

/** In a config of version 1 unless said otherwise: in a box the temp directory, where the FIFOs are, is another one. */
async function setNotify(lab: Installed, notify: unknown, version: 1 | 2 = 1): Promise<void> {
  const file = path.join(lab.repo, '.codex', 'autoloop.project.json')
  const config = JSON.parse(fs.readFileSync(file, 'utf8')) as { commands: Record<string, object> }
  const commands = Object.entries(config.commands).map(([name, one]) => [
    name,
    { ...one, network: version === 2 ? 'loopback' : false },
  ])
  const text = { ...config, version, commands: Object.fromEntries(commands), notify }
  fs.writeFileSync(file, JSON.stringify(text, null, 2))
  await lab.json(['allow', '--repo', lab.repo])
}

const shell = (script: string) => ['sh', '-c', script]

test('a release is told of, with the notice on stdin and in the sandbox; the answer does not wait for it', async () => {
  const fifo = makeFifo()
  await withInstalled(
    {
      script: ({ enableCommand }) =>
        inOrder([execCommand(enableCommand)], [message('Early.')], [execCommand(work)], [message('Done.')]),
    },
    async (lab) => {
      // Opening the FIFO waits for the test, which reads it only after Codex has ended.
      await setNotify(
        lab,
        shell(
          `{ if touch '${lab.home}/escaped'; then echo ESCAPED; fi; cat; echo "$AUTOLOOP_EVENT"; } > '${fifo}'`,
        ),
      )
      expect((await lab.codex(['exec', 'write the greeting'])).code).toBe(0)
      const text = await fs.promises.readFile(fifo, 'utf8')
      const [notice, event, ...more] = text.trim().split('\n')
      expect(event).toBe('release')
      expect(more).toEqual([])
      expect(JSON.parse(notice ?? '')).toMatchObject({
        event: 'release',
        objective: 'Write the greeting',
        repo_root: lab.repo,
        stop: 2,
        outstanding_task_ids: [],
        failed_gates: [],
        cause: null,
        cli: lab.cliPath,
        session_id: (await onlyRun(lab)).session_id,
      })
      expect(fs.existsSync(path.join(lab.home, 'escaped'))).toBe(false)
    },
  )
})

if (long)
  test('a halt is told of; a command that fails, hangs or lies in the workspace without sandbox has a name', async () => {
    const fifo = makeFifo()
    await withInstalled(
      {
        script: ({ enableCommand }) =>
          inOrder([execCommand(`${enableCommand} --max-stop-iterations 1`)], [message('Early.')]),
      },
      async (lab) => {
        await setNotify(lab, { argv: shell(`cat > '${fifo}'`), sandbox: 'off' })
        const text = await toldBy(fifo, () => lab.codex(['exec', 'write the greeting']))
        expect(JSON.parse(text)).toMatchObject({
          event: 'halt',
          stop: 1,
          cause: expect.stringContaining('1 stops'),
          outstanding_task_ids: ['T1'],
        })
        const { session_id } = await onlyRun(lab)
        // The person's own try of what is approved: the same notice once more.
        const again = await toldBy(fifo, () =>
          lab.json(['notify', '--session-id', session_id, '--stop', '1']),
        )
        expect(again).toBe(text)
        expect(await lab.json(['notify', '--session-id', session_id, '--stop', '7'], 1)).toMatchObject({
          error_code: 'no-verdict',
        })
      },
    )
  })

if (long)
  test('a park is told of, with what the agent asks', async () => {
    const fifo = makeFifo()
    let token = ''
    await withInstalled(
      {
        script:
          ({ enableCommand, cliPath }) =>
          (request) => {
            if (request.index === 0) return [execCommand(enableCommand)]
            if (request.index === 1)
              return [execCommand(`'${cliPath}' request wait --cwd . --reason 'Which language?'`)]
            token = /AUTOLOOP_WAIT:[0-9a-f]+/.exec(inputTexts(request).join('\n'))?.[0] ?? '(no token)'
            return [message(`I need a person: which language? ${token}`)]
          },
      },
      async (lab) => {
        await setNotify(lab, shell(`{ cat; echo "$AUTOLOOP_EVENT"; } > '${fifo}'`))
        const text = await toldBy(fifo, () => lab.codex(['exec', 'write the greeting']))
        const [notice = '', event] = text.trim().split('\n')
        expect(event).toBe('park')
        expect(JSON.parse(notice)).toMatchObject({
          event: 'park',
          stop: 1,
          cause: expect.stringContaining('Which language?'),
          outstanding_task_ids: ['T1'],
          session_id: (await onlyRun(lab)).session_id,
        })
        expect(await onlyRun(lab)).toMatchObject({ state: 'parked' })
      },
    )
  })

test.each(
  sampleOf(
    [
      ['exit', shell('echo no; exit 3'), {}, 'notify-failed', 'exit code 3'],
      ['time', shell('sleep 100'), { timeoutSeconds: 0.2 }, 'notify-failed', 'took too long'],
      ['missing', ['no-such-program'], {}, 'gate-missing', 'no-such-program'],
      ['workspace', ['sh', 'test/check.js'], { sandbox: 'off' }, 'notify-in-workspace', 'test/check.js'],
    ] as const,
    4,
    3,
  ),
)('a notify command that cannot do its work: %s', async (_name, argv, more, code, words) => {
  await withInstalled(
    {
      script: ({ enableCommand }) =>
        inOrder([execCommand(`${enableCommand} --max-stop-iterations 1`)], [message('Early.')]),
    },
    async (lab) => {
      await setNotify(lab, { argv, ...more })
      await lab.codex(['exec', 'write the greeting'])
      const { session_id, state } = await onlyRun(lab)
      expect(state).toBe('halted')
      const answer = await lab.json(['notify', '--session-id', session_id], 1)
      expect(answer).toMatchObject({ error_code: code, message: expect.stringContaining(words) })
    },
  )
})

/** What can be reached from where it runs: the temp directory of the machine, and a server on its own loopback. */
const places = (dir: string) => `cat
  test -d '${dir}' && echo machine-tmp
  node -e "const s = require('net').createServer().on('error', () => {}).listen(0, '127.0.0.1', () => { console.log('loopback'); s.close() })"`

test.each(
  sampleOf(
    [
      ['version 1', 1, {}, ['machine-tmp']],
      ['version 2: in the box, as gates', 2, {}, ['loopback']],
      ['version 2, with the network: as in version 1', 2, { network: true }, ['machine-tmp', 'loopback']],
    ] as const,
    3,
    1,
  ),
)('where a notify command runs: %s', async (_name, version, more, seen) => {
  const dir = path.dirname(makeFifo())
  await withInstalled(
    {
      script: ({ enableCommand }) =>
        inOrder([execCommand(`${enableCommand} --max-stop-iterations 1`)], [message('Early.')]),
    },
    async (lab) => {
      await setNotify(lab, { argv: shell(places(dir)), ...more }, version)
      const { stdout } = await lab.cli(['allow', '--repo', lab.repo, '--dry-run', '--text'])
      const inBox = version === 2 && !('network' in more)
      expect(stdout.slice(stdout.indexOf('  notify  ')).includes('sandboxed, in the box')).toBe(inBox)
      await lab.codex(['exec', 'write the greeting'])
      const { session_id } = await onlyRun(lab)
      await lab.json(['notify', '--session-id', session_id])
      const [sessions] = fs.readdirSync(path.join(lab.home, 'sessions'))
      const log = fs.readFileSync(path.join(lab.home, 'sessions', sessions ?? '', 'gates/notify.log'), 'utf8')
      expect(log).toContain('"event":"halt"')
      expect(['machine-tmp', 'loopback'].filter((one) => log.split('\n').includes(one))).toEqual(seen)
    },
  )
})
