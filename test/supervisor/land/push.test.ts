import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { long } from '../../rig/long.ts'
import { pictureOf, differing } from '../person.ts'
import { type Landable, dataOf, errorOf, landable } from './site.ts'

/* `land --push`, with the real git and a remote on this disk. */

let one: Landable
beforeAll(async () => {
  // The gate is red only with both files.
  one = await landable({ 'check.sh': 'test ! -e src/cart.txt || test ! -e src/red.txt\n' })
}, 300_000)
afterAll(() => one.remove())
beforeEach(() => one.reset())

/** A program of the person's; `then` is shell. */
function script(name: string, then: string): string {
  const file = one.at(name)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, `#!/bin/sh\n${then}\n`, { mode: 0o755 })
  return file
}

test('the remote’s target becomes the head; hooks of the person’s run, the branch of this repository stays', async () => {
  script('repo/.git/hooks/pre-push', `echo "$1 $(cat)" > '${one.at('pushed')}'`)
  const [main, head] = [one.git('rev-parse', 'main'), one.head()]
  const landed = await one.cli(['land', '--push'])
  expect(landed).toMatchObject({ code: 0, stderr: '' })
  expect(dataOf(landed)).toEqual({
    ok: true,
    kind: 'landed',
    target: 'main',
    remote: 'origin/main',
    commit: head,
    joined: false,
  })
  expect(one.tip()).toBe(head)
  expect(fs.readFileSync(one.at('pushed'), 'utf8')).toMatch(new RegExp(`^origin .*refs/heads/main`))
  expect(one.git('rev-parse', 'main')).toBe(main)
  expect(one.git('rev-parse', 'origin/main').trim()).toBe(head)
  expect(one.git('status', '--porcelain')).toBe('')
  expect(dataOf(await one.cli(['status', '--batch']))).toMatchObject({ landed: head, next: null })
  expect(dataOf(await one.cli(['land', '--push']))).toMatchObject({ ok: true, kind: 'already' })
  // And what is on the remote comes here as anything does.
  one.git('pull', '-q', '--ff-only', 'origin', 'main')
  expect(one.git('rev-parse', 'main').trim()).toBe(head)
}, 300_000)

test('a remote that moved is joined and judged again, also when it moves in the middle', async () => {
  const first = one.theirs({ 'src/theirs.txt': 'theirs\n' })
  // Somebody else is quicker, once.
  script(
    'repo/.git/hooks/pre-push',
    `cat > /dev/null; test -e '${one.at('raced')}' && exit 0; touch '${one.at('raced')}'
unset GIT_DIR; git --git-dir '${one.at('remote.git')}' update-ref refs/heads/main $(git --git-dir '${one.at('remote.git')}' \\
  -c user.name=O -c user.email=o@x commit-tree -m quicker -p ${first} ${first}^{tree})`,
  )
  const landed = await one.cli(['land', '--push'])
  expect(landed).toMatchObject({ code: 0 })
  expect(dataOf(landed)).toMatchObject({ kind: 'landed', joined: true, commit: one.tip() })
  expect(one.remote('log', '--first-parent', '--format=%s', 'main')).toMatch(
    /^Land batch .* on origin\/main\nquicker\ntheirs\nstart\n$/,
  )
  expect(one.remote('show', 'main:src/cart.txt')).toBe('cart\n')
  expect(one.remote('show', 'main:src/theirs.txt')).toBe('theirs\n')
  // One history, whichever way comes next.
  expect(dataOf(await one.cli(['land', '--merge']))).toMatchObject({ kind: 'landed', commit: one.tip() })
}, 300_000)

test('what does not join ends with 5 and what is red with 1, and nothing is pushed', async () => {
  const start = one.tip()
  const red = one.theirs({ 'src/red.txt': 'red with it\n' })
  const said = await one.cli(['land', '--push'])
  expect({ code: said.code, said: dataOf(said) }).toMatchObject({
    code: 1,
    said: { ok: false, kind: 'red', error_code: 'land-red', red: ['test'], remote: 'origin/main' },
  })
  expect(one.tip()).toBe(red)
  one.remote('update-ref', 'refs/heads/main', start)
  const conflict = one.theirs({ 'src/lines.txt': 'eins\n2\n3\n4\n5\n6\n7\n8\n9\n' })
  const other = await one.cli(['land', '--push'])
  expect({ code: other.code, said: dataOf(other) }).toMatchObject({
    code: 5,
    said: { ok: false, kind: 'conflict', error_code: 'land-conflict', paths: ['src/lines.txt'] },
  })
  expect(one.tip()).toBe(conflict)
  // What it says then, typed.
  const branch = String(dataOf(other)['branch'])
  one.git('switch', '-q', branch)
  expect(() => one.git('merge', '-q', 'origin/main')).toThrow('git merge')
  one.write('src/lines.txt', 'one, eins\n2\n3\n4\n5\n6\n7\n8\n9\n')
  one.git('commit', '-qam', 'both')
  const both = one.git('rev-parse', 'HEAD').trim()
  expect(await one.cli(['batch', 'take'])).toMatchObject({ code: 0 })
  expect(dataOf(await one.cli(['land', '--push']))).toMatchObject({
    kind: 'landed',
    commit: both,
    joined: false,
  })
  expect(one.tip()).toBe(both)
}, 300_000)

if (long)
  test('what was merged here is what is pushed, and a squash on the remote is no more work', async () => {
    one.write('src/mine.txt', 'mine\n')
    one.git('add', '-A')
    one.git('commit', '-qm', 'mine')
    expect(dataOf(await one.cli(['land', '--merge']))).toMatchObject({ kind: 'landed', joined: true })
    expect(await one.cli(['land', '--push'])).toMatchObject({ code: 0 })
    expect(one.tip()).toBe(one.git('rev-parse', 'main').trim())
    const squashed = one.theirs({ 'src/more.txt': 'more\n' })
    one.remote('update-ref', 'refs/heads/main', one.git('rev-list', '--max-parents=0', 'main').trim())
    const all = { 'src/cart.txt': 'cart\n', 'src/lines.txt': 'one\n2\n3\n4\n5\n6\n7\n8\n9\n' }
    const squash = one.theirs({ ...all, 'src/mine.txt': 'mine\n' })
    expect(squash).not.toBe(squashed)
    expect(dataOf(await one.cli(['land', '--push']))).toMatchObject({ kind: 'already', commit: squash })
    expect(one.tip()).toBe(squash)
  }, 300_000)

test('what stands in the way is said in words, and nothing is changed here or there', async () => {
  const there = one.at('remote.git')
  const server = http.createServer((_, answer) => {
    answer.writeHead(401, { 'www-authenticate': 'Basic realm="x"' })
    answer.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = (to: string) => () => one.git('remote', 'set-url', 'origin', to)
  const hook = one.at('repo/.git/hooks/pre-push')
  const serverHook = path.join(there, 'hooks/update')
  const ssh = script('ssh', 'echo "git@example.org: Permission denied (publickey)." >&2; exit 255')
  const rows: readonly {
    what: string
    begin?: () => unknown
    undo?: () => unknown
    args?: readonly string[]
    env?: Readonly<Record<string, string>>
    /** In the long form alone. */
    late?: true
    error: RegExp
  }[] = [
    {
      what: 'no remote at all',
      begin: () => one.git('remote', 'remove', 'origin'),
      undo: () => one.git('remote', 'add', 'origin', there),
      error: /^land-no-remote: the repository has no remote$/,
    },
    {
      what: 'another name',
      late: true,
      args: ['--remote', 'fork'],
      error: /^land-no-remote: the repository has no remote fork; it has origin$/,
    },
    {
      what: 'an agent',
      env: { CODEX_TOOL_CALL_ID: 'x' },
      error: /^person-only/,
    },
    {
      what: 'a hook of the person’s',
      begin: () => script('repo/.git/hooks/pre-push', 'echo "lint: 3 problems" >&2; exit 1'),
      undo: () => fs.rmSync(hook),
      error: /^land-rejected: origin does not take main: .*pre-push.*lint: 3 problems/,
    },
    {
      what: 'a protected branch',
      begin: () => script('remote.git/hooks/update', 'echo "main is protected"; exit 1'),
      undo: () => fs.rmSync(serverHook),
      error: /^land-rejected: origin does not take main: hook declined: .*main is protected/,
    },
    {
      what: 'a host that does not answer',
      begin: url('http://user:secret@127.0.0.1:1/a.git'),
      error: /^land-unreachable: origin cannot be reached: (?!.*secret)/,
    },
    {
      what: 'a sign-in over http',
      begin: url(`http://127.0.0.1:${port}/a.git`),
      error: /^land-no-access: .*terminal prompts disabled/,
    },
    {
      what: 'a key that is not taken',
      late: true,
      begin: url('git@example.org:a/b.git'),
      env: { GIT_SSH_COMMAND: ssh },
      error: /^land-no-access: .*Permission denied \(publickey\)/,
    },
  ]
  try {
    for (const { what, begin, undo = url(there), args = [], env = {}, error } of rows.filter(
      (row) => long || row.late !== true,
    )) {
      begin?.()
      const [before, refs] = [pictureOf(one.repo), one.remote('for-each-ref')]
      const said = errorOf(await one.cli(['land', '--push', ...args], env))
      const changed = differing(before, pictureOf(one.repo)).filter(
        (name) => !name.startsWith('.git/objects'),
      )
      expect({ what, ...said, changed }).toEqual({
        what,
        code: 1,
        error: expect.stringMatching(error),
        changed: [],
      })
      expect(one.remote('for-each-ref')).toBe(refs)
      undo()
    }
  } finally {
    server.close()
  }
  expect(await one.cli(['land', '--push'])).toMatchObject({ code: 0 })
}, 300_000)

if (long)
  test('on a terminal git may ask the person, and what happened is told in words', async () => {
    const ssh = script(
      'ssh',
      `printf 'Password: ' > /dev/tty; read -r word < /dev/tty; test "$word" = open || exit 255; shift; eval "$*"`,
    )
    one.git('remote', 'set-url', 'origin', `git@example.org:${one.at('remote.git')}`)
    const env = { GIT_SSH_COMMAND: ssh, GIT_SSH_VARIANT: 'simple' }
    // Without one nobody is asked.
    expect(errorOf(await one.cli(['land', '--push'], env))).toMatchObject({
      code: 1,
      error: expect.stringMatching(/^land-/),
    })
    const asked = one.terminal(['land', '--push'], env)
    try {
      for (const nth of [1, 2]) {
        await asked.shows(new RegExp(`(?:Password: [^]*){${nth}}`), 60_000)
        asked.type('open\n')
      }
      expect(await asked.ended).toBe(0)
      expect(asked.text()).toContain(`origin/main is at ${one.head().slice(0, 12)} now.`)
      expect(asked.text()).toContain('Your main is where it was: git pull')
    } catch (error) {
      await asked.close()
      throw error
    }
    expect(one.tip()).toBe(one.head())
  }, 300_000)

test('exactly one way is asked for', async () => {
  for (const [args, words] of [
    [[], 'say how'],
    [['--merge', '--pr'], 'one way'],
    [['--push', '--ready'], '--ready goes with --pr'],
    [['--merge', '--remote', 'x'], '--remote goes with'],
  ] as const) {
    const said = await one.cli(['land', ...args])
    expect({ args, code: said.code, words: said.stdout + said.stderr }).toEqual({
      args,
      code: 2,
      words: expect.stringContaining(words),
    })
  }
}, 300_000)
