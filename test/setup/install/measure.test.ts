import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { readEnv } from '../../../src/base/env.ts'
import { realContext } from '../../../src/records/context.ts'
import { found } from '../../../src/detect/found.ts'
import { asGates, measure } from '../../../src/setup/install/measure.ts'
import { type Installed, equip, message, withLab } from '../../rig/installed.ts'
import { long } from '../../rig/long.ts'
import { projectRoot } from '../../rig/root.ts'
import { startTerminal } from '../../rig/tui.ts'

const configPath = '.codex/autoloop.project.json'
const asks =
  'require("node:net").connect(+require("node:fs").readFileSync("port"), "127.0.0.1", function () { this.end() })\n  .on("error", (error) => { console.error("CONNECT " + error.code); process.exit(1) })\n'
const listens =
  'require("node:http").createServer().listen(0, "127.0.0.1", function () { this.close() })\n  .on("error", (error) => { console.error("LISTEN " + error.code); process.exit(1) })\n'

/** One script that needs nothing, one that fails anyhow, one that asks for what is outside: a server of this machine. */
const repoFiles = {
  'package.json': JSON.stringify({
    scripts: {
      typecheck: 'node -e 0',
      lint: 'node -e "console.log(41+1);process.exit(3)"',
      test: 'node asks.js',
    },
  }),
  'package-lock.json': '{"lockfileVersion": 3, "packages": {}}',
  'asks.js': asks,
}

const withBootstrapped = (
  use: (lab: Installed) => Promise<void>,
  files: Readonly<Record<string, string>> = repoFiles,
): Promise<void> =>
  withLab({ repoFiles: files, script: () => [message('nobody asks me')] }, async (lab) => {
    const installed = equip(lab)
    await installed.json(['bootstrap', '--trust'])
    await use(installed)
  })

const servers: net.Server[] = []
afterAll(() => servers.forEach((one) => one.close()))

/** A server of this machine, which is outside for every gate without the network; its port. */
async function outside(): Promise<number> {
  const server = net.createServer((socket) => socket.on('error', () => undefined).end())
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as net.AddressInfo).port
}

if (long)
  test('a command that listens on loopback needs no network', async () => {
    await withBootstrapped(async (lab) => {
      const answer = await lab.json(['install-repo', '--repo', lab.repo, '--measure'])
      expect(answer.measured).toMatchObject([{ name: 'test', outcome: 'passes' }])
      expect(config(lab)).toMatchObject({ version: 2, commands: { test: { network: 'loopback' } } })
    }, testedBy(listens))
  })

const config = (lab: Installed) => JSON.parse(fs.readFileSync(path.join(lab.repo, configPath), 'utf8'))

test('--measure runs each command without and, if it fails, with network, and writes down what it needs', async () => {
  await withBootstrapped(async (lab) => {
    const port = await outside()
    fs.writeFileSync(path.join(lab.repo, 'port'), String(port))
    const answer = await lab.json(['install-repo', '--repo', lab.repo, '--measure'])
    expect(answer.measured).toEqual([
      {
        name: 'typecheck',
        outcome: 'passes',
        duration_ms: expect.any(Number),
        detail: null,
        network: 'loopback',
        above: null,
        place: 'clean-room',
        ...nothingMissed,
      },
      {
        name: 'lint',
        outcome: 'fails',
        duration_ms: expect.any(Number),
        detail: expect.stringMatching(/exit code 3: [^]*42/),
        network: null,
        above: null,
        place: null,
        ...nothingMissed,
        not_in_room: expect.stringMatching(/exit code 3: [^]*42/),
      },
      {
        name: 'test',
        outcome: 'passes-with-network',
        duration_ms: expect.any(Number),
        detail: null,
        network: 'full',
        above: expect.stringMatching(/exit code 1: [^]*CONNECT ECONNREFUSED/),
        place: 'clean-room',
        ...nothingMissed,
      },
    ])
    expect(answer.clean_room).toEqual({ kind: 'used', nth: 0 })
    expect(answer.notes).toEqual([
      expect.stringMatching(/^lint fails here now, with and without network/),
      expect.stringMatching(
        /^test needs the network: it is granted to this command\. Without it: [^]*CONNECT/,
      ),
    ])
    expect(config(lab).commands).toEqual({
      typecheck: { argv: ['npm', 'run', 'typecheck'], timeoutSeconds: 300, network: 'loopback' },
      lint: { argv: ['npm', 'run', 'lint'], timeoutSeconds: 300 },
      test: { argv: ['npm', 'run', 'test'], timeoutSeconds: 900, network: 'full' },
    })
    expect(config(lab)).toMatchObject({ version: 2, policy: { verify: 'clean-room' } })
    // What was written is what is approved.
    expect(answer).toMatchObject({ approved: true })
    expect(await lab.json(['allow', '--dry-run'])).toMatchObject({ already_approved: true })
  })
})

const nothingMissed = { not_in_room: null, lacks: [], copy: [] }

/** Only the test, which is this program. */
const testedBy = (program: string): Readonly<Record<string, string>> => ({
  'package.json': JSON.stringify({ scripts: { test: 'node program.js' } }),
  'package-lock.json': repoFiles['package-lock.json'],
  'program.js': program,
})

if (long)
  test('a command that passes only without the box runs so, with a note, and lowers no other', async () => {
    // The temp directory of the box is empty.
    const file = path.join(os.tmpdir(), `autoloop-measure-${process.pid}`)
    fs.writeFileSync(file, '')
    await withBootstrapped(
      async (lab) => {
        const answer = await lab.json(['install-repo', '--repo', lab.repo, '--measure=full'])
        fs.rmSync(file)
        expect(answer.measured).toMatchObject([
          { name: 'lint', outcome: 'passes', network: 'loopback' },
          {
            name: 'test',
            outcome: 'passes-as-version-1',
            network: false,
            above: expect.stringMatching(/exit code 4/),
          },
        ])
        expect(answer.notes).toContainEqual(
          expect.stringMatching(
            /^test passes only without the box, as version 1 ran it: it is not sealed .*exit code 4/,
          ),
        )
        expect(config(lab)).toMatchObject({
          version: 2,
          commands: { lint: { network: 'loopback' }, test: { box: false, network: 'none' } },
        })
        expect(answer).toMatchObject({ approved: true })
        expect((await lab.cli(['allow', '--dry-run', '--text'])).stdout).toMatch(
          /test .*sandboxed, without the box/,
        )
      },
      {
        ...testedBy(`if (!require('node:fs').existsSync(${JSON.stringify(file)})) process.exit(4)\n`),
        'package.json': JSON.stringify({ scripts: { lint: 'node -e 0', test: 'node program.js' } }),
      },
    )
  })

if (long)
  test.each(['--measure=once more', '--measure=', '--measure=fast'])('%s is refused', async (flag) => {
    await withBootstrapped(async (lab) => {
      const { code, stdout } = await lab.cli(['install-repo', '--repo', lab.repo, flag])
      expect([code, stdout]).toEqual([2, expect.stringContaining('--measure')])
    })
  })

if (long)
  test('a command that needs the network only to download something once does not get it for ever', async () => {
    // In a cache, which stays; what it writes in the workspace is gone.
    const program = `const fs = require('node:fs')
const downloaded = process.env.HOME + '/.npm/_cacache/downloaded'
if (!fs.existsSync(downloaded))
  require('node:net').connect(${await outside()}, '127.0.0.1', function () { fs.writeFileSync(downloaded, ''); this.end() })
    .on('error', () => process.exit(1))\n`
    await withBootstrapped(async (lab) => {
      fs.mkdirSync(path.join(lab.userHome, '.npm/_cacache'), { recursive: true })
      const answer = await lab.json(['install-repo', '--repo', lab.repo, '--measure'])
      expect(answer.measured).toMatchObject([{ name: 'test', outcome: 'passes-after-download' }])
      expect(config(lab).commands.test.network).toBe('loopback')
    }, testedBy(program))
  })

if (long)
  test('a tool that cannot be started is said so, and nothing is written down about the network', async () => {
    await withBootstrapped(
      async (lab) => {
        const answer = await lab.json(['install-repo', '--repo', lab.repo, '--measure'])
        expect(answer.measured).toMatchObject([
          {
            name: 'test',
            outcome: 'could-not-run',
            detail: expect.stringMatching(/\.venv\/bin\/python is not executable/),
          },
        ])
        expect(config(lab).commands.test.network).toBeUndefined()
      },
      {
        '.venv/pyvenv.cfg': '',
        '.venv/bin/python': '',
        'pytest.ini': '',
        'test_a.py': '',
      },
    )
  })

if (long)
  test('Ctrl-C while it is measured: nothing is written', async () => {
    await withBootstrapped(async (lab) => {
      const argv = [process.execPath, path.join(projectRoot, 'bin/autonomous-loop.js'), 'install-repo']
      const terminal = startTerminal(lab, [...argv, '--repo', lab.repo, '--measure'])
      await terminal.shows(/running test in the clean room without network/)
      terminal.type('\u0003')
      await terminal.shows(/was interrupted; nothing was written/)
      expect(await terminal.ended).toBe(130)
      // A sandbox that was ended may leave an empty .codex behind; it stands in nobody's way.
      expect(fs.existsSync(path.join(lab.repo, configPath))).toBe(false)
      expect(fs.existsSync(path.join(lab.repo, '.agents/skills'))).toBe(false)
      expect(await lab.json(['install-repo', '--repo', lab.repo])).toMatchObject({ approved: true })
    }, testedBy('setInterval(() => undefined, 60_000)\n'))
  })

test('Ctrl-C that is heard after it kept a command from starting', async () => {
  const root = fs.mkdtempSync(path.join(os.homedir(), '.autoloop-measure-'))
  try {
    const abort = new AbortController()
    const missing = found({ name: 't', argv: ['no-such-program'], file: 'x', evidence: 'x', reason: 'x' })
    const measured = await measure(realContext({ ...readEnv(), cwd: root }), {
      root,
      config: asGates([missing], 1),
      ways: [[]],
      watch: { began: () => undefined, ended: () => undefined },
      abort: abort.signal,
      onRun: () => setTimeout(() => abort.abort(), 10),
    })
    expect(measured).toBe(null)
  } finally {
    fs.rmSync(root, { recursive: true })
  }
})

test('a Ctrl-C that only the command heard so far: nothing is written either, with the same exit code', async () => {
  await withBootstrapped(async (lab) => {
    const words = ['install-repo', '--repo', lab.repo, '--measure']
    expect(await lab.json(words, 130)).toMatchObject({ error_code: 'interrupted' })
    expect(fs.existsSync(path.join(lab.repo, configPath))).toBe(false)
  }, testedBy('process.kill(process.pid, "SIGINT"); setInterval(() => undefined, 60_000)\n'))
})

if (long)
  test('--dry-run shows file, evidence and reason of each command and writes nothing', async () => {
    await withBootstrapped(async (lab) => {
      const answer = await lab.json(['install-repo', '--repo', lab.repo, '--dry-run'])
      expect(answer).toMatchObject({
        dry_run: true,
        ecosystems: ['node'],
        measured: null,
        files: expect.arrayContaining([{ path: configPath, action: 'create' }]),
      })
      expect(answer.detected[2]).toMatchObject({
        name: 'test',
        file: 'package.json',
        evidence: 'scripts.test: node asks.js',
        reason: 'standard script, run by npm',
        timeout_seconds: 900,
        network: null,
      })
      expect(fs.existsSync(path.join(lab.repo, '.codex'))).toBe(false)
      await lab.json(['install-repo', '--repo', lab.repo])
      expect(fs.readFileSync(path.join(lab.repo, configPath), 'utf8')).toBe(answer.config_text)
    })
  })

test('an agent does not have things measured, and the measure of a config that is kept is no measure', async () => {
  await withBootstrapped(async (lab) => {
    const words = ['install-repo', '--repo', lab.repo, '--measure']
    expect(await lab.json(words, 1, { CODEX_CI: '1' })).toMatchObject({ error_code: 'person-only' })
    lab.write(configPath, '{"commands":{"t":["false"]}}')
    expect(await lab.json(words)).toMatchObject({ measured: null, kept: [configPath] })
  })
})

if (long)
  test('on a terminal the person is asked before anything is run', async () => {
    await withBootstrapped(async (lab) => {
      fs.writeFileSync(path.join(lab.repo, 'port'), String(await outside()))
      const argv = [
        process.execPath,
        path.join(projectRoot, 'bin/autonomous-loop.js'),
        'install-repo',
        '--repo',
        lab.repo,
      ]
      const no = startTerminal(lab, argv)
      await no.shows(/scripts\.test: node asks\.js[^]*Run each in the gate sandbox now.*\[y\/N\]/)
      no.type('n\r')
      await no.shows(/Approved gates/)
      expect(await no.ended).toBe(0)
      expect(config(lab).commands.test.network).toBeUndefined()

      const yes = startTerminal(lab, [...argv, '--force'])
      await yes.shows(/\[y\/N\]/)
      yes.type('y\r')
      await yes.shows(/running test in the clean room with network/)
      await yes.shows(
        /in the clean room, with network only[^]*Approved|Approved[^]*in the clean room, with network only/,
      )
      expect(await yes.ended).toBe(0)
      expect(config(lab).commands.test.network).toBe('full')
    })
  }, 60_000)
