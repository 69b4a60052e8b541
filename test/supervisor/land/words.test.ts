import { expect, test } from '@jest/globals'
import { answerOf } from '../../../src/supervisor/landing/github.ts'
import { githubPlace } from '../../../src/supervisor/landing/github-place.ts'
import { saidWords } from '../../../src/supervisor/landing/person-git.ts'
import { runAsPerson } from '../../../src/supervisor/landing/person-program.ts'
import { pullText } from '../../../src/supervisor/landing/pull-text.ts'

/* What landing reads of addresses and answers, and what it writes. */

test('the address of a remote names a repository on GitHub, or none', () => {
  const at = (host: string) => ({ host, owner: 'o', name: 'r.x' })
  for (const [url, place] of [
    ['https://github.com/o/r.x.git', at('github.com')],
    ['https://user:token@github.com/o/r.x/', at('github.com')],
    ['git@github.com:o/r.x.git', at('github.com')],
    ['github.com:o/r.x', at('github.com')],
    ['ssh://git@ssh.github.com:443/o/r.x.git', at('github.com')],
    ['https://GitHub.example.org/o/r.x', at('github.example.org')],
    ['/srv/git/o/r.git', null],
    ['../o/r.git', null],
    ['file:///srv/o/r.git', null],
    ['https://github.com/o/r/tree/main', null],
    ['git@github.com:o/r;x', null],
  ] as const)
    expect({ url, place: githubPlace(url) }).toEqual({ url, place })
})

/** As gh 2.23 prints it with `--include`. */
const answer = (status: string, body: unknown, headers: readonly string[] = []) => ({
  code: 1,
  stdout: [`HTTP/1.1 ${status}`, ...headers, '', JSON.stringify(body)].join('\r\n').replace('\r\n', '\n'),
  stderr: 'gh: words (HTTP 400)\n',
})

test('an answer of GitHub is told by its status and headers', () => {
  const place = { host: 'github.com', owner: 'o', name: 'r' }
  const reset = ['X-Ratelimit-Remaining: 0', 'X-Ratelimit-Reset: 1900000000']
  const limited = { code: 'gh-limit', fix: 'wait until 2030-03-17T17:46:40.000Z, then repeat' }
  for (const [what, said, error] of [
    ['not signed in', { code: 4, stdout: '', stderr: 'To get started' }, { code: 'gh-signed-out' }],
    ['no answer', { code: 1, stdout: '', stderr: 'dial tcp: lookup' }, { code: 'gh-unreachable' }],
    ['bad token', answer('401 Unauthorized', { message: 'Bad credentials' }), { code: 'gh-signed-out' }],
    ['no right', answer('403 Forbidden', { message: 'Resource not accessible' }), { code: 'gh-denied' }],
    ['limit', answer('403 Forbidden', { message: 'API rate limit' }, reset), limited],
    ['second limit', answer('403 Forbidden', {}, ['Retry-After: 60']), { code: 'gh-limit' }],
    ['too many', answer('429 Too Many Requests', {}, reset), limited],
    ['not there', answer('404 Not Found', { message: 'Not Found' }), { code: 'gh-no-repository' }],
    ['broken', answer('502 Bad Gateway', null), { code: 'gh-unreachable' }],
    [
      'graph',
      answer('200 OK', { data: null, errors: [{ type: 'FORBIDDEN', message: 'no' }] }),
      { code: 'gh-refused', message: 'o/r: no' },
    ],
    ['graph limit', answer('200 OK', { errors: [{ type: 'RATE_LIMITED' }] }, reset), limited],
    [
      'what it says',
      answer('422 Unprocessable Entity', {
        message: 'Validation\u001b[31m Failed',
        errors: [{ message: 'x' }, 'y'],
      }),
      { code: 'gh-refused', message: 'o/r: Validation Failed; x; y' },
    ],
  ] as const)
    expect({ what, said: answerOf(said, place) }).toMatchObject({ what, said: { ok: false, error } })
  expect(answerOf({ ...answer('200 OK', { a: 1 }), code: 0 }, place)).toEqual({ ok: true, value: { a: 1 } })
})

test('a title is of one line, and a body keeps what others wrote in a fence that they cannot end', () => {
  const { title, body } = pullText({
    batch: '20260101-000000-abcd',
    commit: 'c'.repeat(40),
    gates: ['test', 'lint'],
    red: ['old'],
    done: [
      { id: '001', title: 'Fixes #1 ```\n@team ![x](http://x)\u202e', commit: 'a'.repeat(40) },
      { id: '002', title: 'Second', commit: 'b'.repeat(40) },
    ],
    others: [{ id: '003', state: 'parked' }],
  })
  expect(title).toBe('Fixes #1 ``` @team ![x](http://x) and 1 more')
  const [before, fenced, after] = body.split(/^````$/m)
  expect(`${before}${after}`).not.toMatch(/[@#[\]<>]|Fixes/)
  expect(fenced?.trim().split('\n')).toEqual([
    `commit      ${'c'.repeat(40)}`,
    'gates       test, lint',
    'red before  old',
    '001         aaaaaaaaaaaa  Fixes #1 ``` @team ![x](http://x)',
    '002         bbbbbbbbbbbb  Second',
    '003         not in it: parked',
  ])
  expect(pullText({ batch: 'b', commit: 'c', gates: [], red: [], done: [], others: [] }).title).toBe(
    'Batch b',
  )
})

test('words of a program are bounded, without secrets and without what moves a terminal', () => {
  expect(saidWords('hint: x\nfatal: \u001b[2Jhttps://me:secret@host/x\n\n  denied\n')).toBe(
    'fatal: https://***@host/x; denied',
  )
  expect(saidWords('long '.repeat(1000)).length).toBeLessThanOrEqual(600)
})

const LONG = 60_000

test('a program that does not end is ended with all that it started, and says so', async () => {
  const { signal } = new AbortController()
  const run = (script: string, timeoutMs: number, ending = signal) =>
    runAsPerson(
      { PATH: '/usr/bin:/bin' },
      { file: '/bin/sh', args: ['-c', script], cwd: '/', env: {}, timeoutMs },
      { interactive: false, ending },
    )
  expect(await run('sleep 600 & wait', 200)).toEqual({
    kind: 'cut-short',
    why: 'did not end within 0 s',
    isOrdered: false,
  })
  // Without a terminal it has none to ask on.
  expect(await run('echo x > /dev/tty && echo asked', LONG)).toMatchObject({ kind: 'ended', stdout: '' })
  // What it left running holds its outputs open.
  const left = await run('sleep 600 & echo $!', LONG)
  expect(left).toMatchObject({ kind: 'ended', code: 0 })
  if (left.kind === 'ended') process.kill(Number(left.stdout))
  const order = new AbortController()
  order.abort()
  expect(await run('sleep 600', LONG, order.signal)).toMatchObject({ why: 'was ended', isOrdered: true })
})
