import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { projectRoot } from '../rig/root.ts'
import { start } from '../rig/processes.ts'
import { sampleOf } from '../rig/long.ts'

let dir = ''
beforeAll(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'autoloop-cli-'))
})
afterAll(() => fs.rmSync(dir, { recursive: true }))

/** The built command line with an empty home, in an empty directory. */
async function cli(words: readonly string[], env: Readonly<Record<string, string>> = {}, stdin = '') {
  const file = path.join(projectRoot, 'bin/autonomous-loop.js')
  const result = await start(process.execPath, [file, ...words], {
    cwd: dir,
    env: { PATH: '/usr/bin:/bin', HOME: dir, ...env },
    stdin,
    timeoutMs: 30_000,
  }).done
  return {
    ...result,
    json: (): Record<string, unknown> => JSON.parse(result.stdout) as Record<string, unknown>,
  }
}

describe('wrong words end with 2, say what is wrong and name one command that helps', () => {
  const enableHelp = 'autonomous-loop request enable --help'
  test.each(
    sampleOf<[words: string, message: RegExp, help: string]>(
      [
        ['frobnicate', /there is no command "frobnicate"/, 'autonomous-loop help'],
        ['--cwd . status', /the command comes first, then --cwd/, 'autonomous-loop help'],
        ['statsu', /no command "statsu"; did you mean status\?/, 'autonomous-loop status --help'],
        ['relase', /did you mean release\?/, 'autonomous-loop release --help'],
        ['request', /request wants one of: .*pause.*enable, wait/, 'autonomous-loop request --help'],
        ['request frobnicate', /request wants one of: .*enable/, 'autonomous-loop request --help'],
        ['request pasue', /no "request pasue"; did you mean pause\?/, 'autonomous-loop request --help'],
        ['contract shwo', /no "contract shwo"; did you mean show\?/, 'autonomous-loop contract --help'],
        ['status --josn', /no flag --josn here; did you mean --json\?/, 'autonomous-loop status --help'],
        [
          'status --session x',
          /no flag --session here; did you mean --session-id\?/,
          'autonomous-loop status --help',
        ],
        [
          'status --json --text',
          /--json and --text cannot be given together/,
          'autonomous-loop status --help',
        ],
        ['status --nope', /no flag --nope here/, 'autonomous-loop status --help'],
        ['status -x', /no flag -x here/, 'autonomous-loop status --help'],
        ['status --', /no flag -- here/, 'autonomous-loop status --help'],
        ['status --constructor', /no flag --constructor here/, 'autonomous-loop status --help'],
        ['status --no-check', /no flag --no-check here/, 'autonomous-loop status --help'],
        ['status --check=yes', /--check takes no value/, 'autonomous-loop status --help'],
        ['status --cwd', /--cwd wants a value/, 'autonomous-loop status --help'],
        ['status --cwd=', /--cwd wants a value/, 'autonomous-loop status --help'],
        ['status --cwd --check', /--cwd wants a value/, 'autonomous-loop status --help'],
        ['status --cwd . --cwd ..', /--cwd was given twice/, 'autonomous-loop status --help'],
        ['doctor surplus', /what is "surplus"/, 'autonomous-loop doctor --help'],
        ['cleanup --stale-hours soon', /--stale-hours wants a number/, 'autonomous-loop cleanup --help'],
        [
          'cleanup --stale-hours -3',
          /--stale-hours wants a number, 0 or more/,
          'autonomous-loop cleanup --help',
        ],
        ['cleanup --retention-hours', /--retention-hours wants a value/, 'autonomous-loop cleanup --help'],
        ['request enable', /--objective is missing/, enableHelp],
        ['request enable --objective x --task-json', /--task-json wants a value/, enableHelp],
        ['request wait', /--reason is missing/, 'autonomous-loop request wait --help'],
        ['install-repo', /--repo is missing/, 'autonomous-loop install-repo --help'],
        ['amend a b c', /what is "c"/, 'autonomous-loop amend --help'],
      ],
      6,
    ),
  )('%s', async (words, message, help) => {
    const result = await cli(words.split(' '))
    expect(result.json()).toMatchObject({ ok: false, error_code: 'usage', remediation: help })
    expect(result.json()['message']).toMatch(message)
    expect(result).toMatchObject({ code: 2, stderr: '' })
  })
})

describe('what only the command can tell is wrong ends with 2 too', () => {
  test.each(
    sampleOf<[words: string, code: string, help: RegExp]>(
      [
        ['completion tcsh', 'unknown-shell', /^autonomous-loop completion bash$/],
        ['events --since yesterday', 'bad-since', /^autonomous-loop events --since 30m$/],
        ['bootstrap --stop-timeout 5', 'stop-timeout', /^autonomous-loop bootstrap --stop-timeout 3600$/],
      ],
      3,
    ),
  )('%s', async (words, code, help) => {
    const result = await cli(words.split(' '))
    expect(result.json()).toMatchObject({ ok: false, error_code: code })
    expect(result.json()['remediation']).toMatch(help)
    expect(result.code).toBe(2)
  })
})

test('a wrong hook never ends with 2, which Codex takes for a block', async () => {
  for (const words of [['hook'], ['hook', 'frobnicate'], ['hook', 'stop', '--nope']]) {
    const result = await cli(words, {}, '{}')
    expect([words, result.code]).toEqual([words, 1])
  }
})

describe('expected failures end with 1, with a code and without a stack trace', () => {
  test.each(
    sampleOf<[words: string[], code: string]>(
      [
        [['status', '--cwd', '/does/not/exist'], 'no-such-directory'],
        [['status', '--cwd', '/etc/passwd'], 'no-such-directory'],
        [['check'], 'no-run'],
        [['check', '--session-id', '../../etc'], 'no-run'],
        [['pause'], 'no-run'],
        [['request', 'release', '--session-id', 'A\nb'], 'no-run'],
        [['amend', 'abcdefabcdef'], 'no-run'],
        [['amend'], 'no-run'],
        [['allow'], 'config-missing'],
        [['request', 'enable', '--objective', 'x'], 'config-missing'],
        [['request', 'wait', '--reason', 'x', '--session-id', 's'], 'no-run'],
        [['hook', 'stop'], 'hook-failed'],
      ],
      4,
      3,
    ),
  )('%j', async (words, code) => {
    const result = await cli(words, {}, 'not json')
    expect(result.json()).toMatchObject({ ok: false, error_code: code })
    expect(result.stdout + result.stderr).not.toMatch(/\n\s+at /)
    expect(result.code).toBe(1)
  })

  test('a home that cannot be written: looking works, changing says so', async () => {
    const env = { AUTONOMOUS_LOOP_HOME: '/etc/passwd/autoloop' }
    fs.mkdirSync(path.join(dir, 'repo/.codex'), { recursive: true })
    fs.writeFileSync(
      path.join(dir, 'repo/.codex/autoloop.project.json'),
      JSON.stringify({ commands: { t: ['true'] }, gateProfiles: { default: ['t'], final: ['t'] } }),
    )
    const looked = await cli(['status', '--cwd', 'repo', '--check'], env)
    expect([looked.code, looked.json()['sessions']]).toEqual([8, []])
    expect((await cli(['agent-instructions', '--cwd', 'repo'], env)).code).toBe(0)
    const changed = await cli(['allow', '--repo', 'repo'], env)
    expect([changed.code, changed.json()['error_code']]).toEqual([1, 'home-unwritable'])
    const asked = await cli(['request', 'enable', '--objective', 'x', '--cwd', 'repo'], env)
    expect([asked.code, asked.json()['error_code']]).toEqual([1, 'no-session'])
  })
})

describe('our own mistake', () => {
  // Something breaks inside the process that no product code expects to break.
  const broken = 'data:text/javascript,String.prototype.replaceAll=()=>{throw new Error("boom")}'

  test('ends with 3, names a log, and shows no stack trace', async () => {
    const home = path.join(dir, 'bug-home')
    fs.mkdirSync(home)
    const env = { NODE_OPTIONS: `--import ${JSON.stringify(broken)}`, AUTONOMOUS_LOOP_HOME: home }
    const result = await cli(['agent-instructions', '--cwd', '.'], env)
    expect(result.json()).toMatchObject({
      error_code: 'internal-error',
      details: { log: path.join(home, 'debug.log') },
    })
    expect(result.stdout + result.stderr).not.toMatch(/\n\s+at /)
    expect(result.code).toBe(3)
    expect(fs.readFileSync(path.join(home, 'debug.log'), 'utf8')).toMatch(
      /agent-instructions --cwd\n.*boom\n\s+at /s,
    )
  })

  test('the log keeps no values, and goes to the temp directory when the home cannot be written', async () => {
    const tmp = path.join(dir, 'bug-tmp')
    fs.mkdirSync(tmp)
    const env = {
      NODE_OPTIONS: `--import ${JSON.stringify(broken)}`,
      AUTONOMOUS_LOOP_HOME: '/etc/passwd/autoloop',
      TMPDIR: tmp,
    }
    fs.mkdirSync(path.join(dir, 'SECRET'))
    for (const words of [['--cwd=SECRET'], ['--cwd', 'SECRET']])
      expect((await cli(['agent-instructions', ...words], env)).code).toBe(3)
    const [name] = fs.readdirSync(tmp)
    const log = fs.readFileSync(path.join(tmp, name ?? ''), 'utf8')
    expect(log.match(/: agent-instructions --cwd\n/g)).toHaveLength(2)
    expect(log).not.toContain('SECRET')
  })
})

describe('the form of the answer', () => {
  test.each(
    sampleOf<[words: string[], variable: string | undefined, form: 'json' | 'text']>(
      [
        [['version'], undefined, 'json'],
        [['version', '--text'], undefined, 'text'],
        [['--text', 'version'], 'json', 'text'],
        [['version'], 'text', 'text'],
        [['version', '--json'], 'text', 'json'],
        [['--json', 'version'], undefined, 'json'],
      ],
      4,
    ),
  )('%j with AUTONOMOUS_LOOP_OUTPUT=%s is %s', async (words, variable, form) => {
    const result = await cli(words, variable === undefined ? {} : { AUTONOMOUS_LOOP_OUTPUT: variable })
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(result.stdout).toMatch(form === 'json' ? /^\{\n  "version"/ : /^\d+\.\d+\.\d+\n$/)
  })

  test('a variable that says something else is a wrong word, but never for a hook', async () => {
    const env = { AUTONOMOUS_LOOP_OUTPUT: 'yaml' }
    const result = await cli(['version'], env)
    expect([result.code, result.json()['message']]).toEqual([2, expect.stringMatching(/is "yaml"/)])
    expect((await cli(['hook', 'stop'], env, '{}')).code).toBe(1)
    expect((await cli(['tidy'], env)).code).toBe(0)
  })
})

describe('help and version are text for everybody', () => {
  test.each(sampleOf([[['help']], [['--help']], [['-h']], [[]]], 4, 3))(
    '%j lists the commands by section',
    async (words) => {
      const result = await cli(words)
      expect(result).toMatchObject({ code: 0, stderr: '' })
      for (const name of ['bootstrap', 'allow', 'status', 'pause', 'waive', 'enable', 'request', 'contract'])
        expect(result.stdout).toMatch(new RegExp(`^  ${name} +\\S`, 'm'))
      expect(result.stdout).toMatch(/Steer a run:[^]*Set up:/)
      expect(result.stdout).not.toMatch(/^.{81}/m)
    },
  )

  test.each(
    sampleOf<[words: string, said: RegExp]>(
      [
        ['request enable --help', /--task-json/],
        ['enable -h', /Also: {2}autonomous-loop request enable/],
        ['help enable', /--task-json/],
        ['help request enable', /--task-json/],
        ['request --help', /^ {2}wait +ask for a person[^]*^ {2}release +autonomous-loop waive/m],
        ['request -h', /^ {2}wait +/m],
        ['help contract', /^ {2}lint +[^]*^ {2}show +/m],
        ['contract --help', /^ {2}lint +/m],
        // Whatever else is wrong with the words.
        ['status --nope -h', /--check/],
        ['amend --help', /\[digest\]/],
        ['hook --help', /<event>/],
      ],
      5,
    ),
  )('%s', async (words, said) => {
    const result = await cli(words.split(' '))
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(result.stdout).toMatch(said)
  })

  test('an error code is explained, offline and in 80 columns', async () => {
    const result = await cli(['help', 'gate-missing'])
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(result.stdout).toMatch(
      /^gate-missing {2}Gates that could not run\n\n {2}The program is not on the PATH[^]*\n\nWhat to do:\n {2}Install it/,
    )
    expect(result.stdout).not.toMatch(/^.{81}|[`\]]/m)
    expect((await cli(['help', 'gate-interpreter'])).stdout).toContain('autonomous-loop help gate-missing')
    expect((await cli(['help', 'no-run', '--json'])).json()).toMatchObject({
      code: 'no-run',
      todo: expect.anything(),
    })
    expect((await cli(['help', 'no-rnu'])).json()['message']).toMatch(/did you mean no-run\?/)
  })

  test('what is neither a command nor a code ends with 2', async () => {
    const result = await cli(['help', 'statuss'])
    expect(result.json()).toMatchObject({ error_code: 'no-help', remediation: 'autonomous-loop help' })
    expect([result.code, result.json()['message']]).toEqual([
      2,
      expect.stringMatching(/did you mean status\?/),
    ])
  })

  test('--version is the version of package.json', async () => {
    const { version } = JSON.parse(fs.readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as {
      version: string
    }
    expect((await cli(['--version'])).stdout).toBe(`${version}\n`)
    expect((await cli(['-v'])).stdout).toBe(`${version}\n`)
    expect((await cli(['version'])).json()).toMatchObject({ version })
  })
})
