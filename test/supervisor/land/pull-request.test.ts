import fs from 'node:fs'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { programDirectory } from '../../rig/debian.ts'
import { type Answer, type Asked, type ScriptedGithub, startGithub } from '../../rig/github.ts'
import { long } from '../../rig/long.ts'
import type { Ran } from '../rig.ts'
import { type Landable, atGithub, dataOf, errorOf, landable } from './site.ts'

/* `land --pr`: the real `gh` against a scripted GitHub, and the real git against a remote on this disk. */

const gh = programDirectory('gh')
let one: Landable
let github: ScriptedGithub
let branch: string

beforeAll(async () => {
  if (gh === null) process.stderr.write('gh is neither here nor to be had: no pull request was opened\n')
  one = await landable()
  branch = String(dataOf(await one.cli(['status', '--batch']))['branch'])
  github = await startGithub(one.at('gh.sock'), (name) => one.tip(name))
}, 300_000)
afterAll(async () => {
  await github.close()
  one.remove()
})
beforeEach(() => {
  one.reset()
  atGithub(one, github)
  github.pulls.length = 0
  github.asked.length = 0
  github.instead = () => undefined
})

/** Where there is no `gh` nothing can be said of it, and a line says so. */
const withGh = gh === null ? test.skip : test

const land = (args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  one.cli(['land', '--pr', ...args], {
    PATH: `${gh ?? ''}:${one.env['PATH']}`,
    GH_TOKEN: 'good',
    ...env,
  })

const posts = (): readonly Asked[] => github.asked.filter((asked) => asked.method === 'POST')

withGh(
  'a draft is opened, found again and not opened twice; it is marked ready when that is asked for',
  async () => {
    const main = one.tip()
    const first = await land()
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(dataOf(first)).toEqual({
      ok: true,
      kind: 'proposed',
      target: 'main',
      remote: 'origin/main',
      url: 'https://github.com/o/r/pull/1',
      number: 1,
      opened: true,
      draft: true,
      branch,
      commit: one.head(),
      joined: false,
    })
    expect([one.tip(), one.tip(branch)]).toEqual([main, one.head()])
    expect(
      github.asked.every(
        ({ host, authorization }) => host === 'api.github.com' && authorization === 'token good',
      ),
    ).toBe(true)
    // It was looked up afterwards.
    expect(github.asked.at(-1)).toMatchObject({ method: 'GET', path: '/repos/o/r/pulls/1' })
    expect(dataOf(await one.cli(['status', '--batch']))).toMatchObject({
      pull_request: 'https://github.com/o/r/pull/1',
      landed: null,
      next: null,
    })
    expect(dataOf(await land(['--ready']))).toMatchObject({ opened: false, number: 1, draft: false })
    // One that is ready stays so.
    expect(dataOf(await land())).toMatchObject({ opened: false, draft: false })
    expect(github.pulls).toHaveLength(1)
    expect(posts().map(({ path: url }) => url)).toEqual(['/repos/o/r/pulls', '/graphql'])
  },
  300_000,
)

withGh(
  'its title is the person’s, and everything else that has another’s words stands in a fence',
  async () => {
    expect(await land(['--ready'])).toMatchObject({ code: 0 })
    const [{ title, body, draft } = { title: '', body: '', draft: true }] = github.pulls
    expect({ title, draft }).toEqual({ title: 'Add a cart', draft: false })
    const [before, fenced, after] = body.split('```')
    expect(before).toMatch(/^Batch [\d-]+[0-9a-f]{4} of autonomous-loop\. [^`@#[\]<>]*$/)
    expect(fenced?.trim().split('\n')).toEqual([
      `commit  ${one.head()}`,
      'gates   test',
      `001     ${one.head().slice(0, 12)}  Add a cart`,
    ])
    expect(after?.trim()).toBe('')
  },
  300_000,
)

if (long)
  withGh(
    'the target moved: the branch holds both, and when it moves again the branch is set anew',
    async () => {
      one.theirs({ 'src/theirs.txt': 'theirs\n' })
      expect(dataOf(await land())).toMatchObject({ kind: 'proposed', opened: true, joined: true })
      const first = one.tip(branch)
      expect(one.remote('log', '-1', '--format=%s', branch)).toMatch(/^Land batch .* on origin\/main\n$/)
      // The same again is the same commit.
      expect(dataOf(await land())).toMatchObject({ opened: false, commit: first })
      one.theirs({ 'src/more.txt': 'more\n' })
      const second = dataOf(await land())
      expect(second).toMatchObject({ opened: false, joined: true, commit: one.tip(branch) })
      expect(second['commit']).not.toBe(first)
      expect(github.pulls).toHaveLength(1)
      // Once it is merged there is nothing left to propose.
      one.remote('update-ref', 'refs/heads/main', one.tip(branch))
      expect(dataOf(await land())).toMatchObject({ kind: 'already' })
      expect(dataOf(await one.cli(['status', '--batch']))).toMatchObject({ landed: one.head() })
    },
    300_000,
  )

withGh(
  'a branch that others pushed to is theirs, and what does not join is not proposed',
  async () => {
    expect(await land()).toMatchObject({ code: 0 })
    const theirs = one.theirs({ 'src/theirs.txt': 'theirs\n' }, branch)
    const said = errorOf(await land())
    expect(said).toEqual({
      code: 1,
      error: expect.stringMatching(/^land-rejected: origin\/autonomous-loop\/.* holds commits that/),
    })
    expect(one.tip(branch)).toBe(theirs)
    one.theirs({ 'src/lines.txt': 'eins\n2\n3\n4\n5\n6\n7\n8\n9\n' })
    const conflict = await land()
    expect({ code: conflict.code, said: dataOf(conflict) }).toMatchObject({
      code: 5,
      said: { kind: 'conflict', paths: ['src/lines.txt'] },
    })
  },
  300_000,
)

const validation = (message: string): Answer => ({
  status: 422,
  body: { message: 'Validation Failed', errors: [{ message }] },
})

withGh(
  'what is refused is said with its code, and a pull request only counts where it is found to hold the work',
  async () => {
    const at = (method: string, url: RegExp, answer: Answer) => (asked: Asked) =>
      asked.method === method && url.test(asked.path) ? answer : undefined
    const all = /./
    const found = (over: object): Answer => ({
      status: 200,
      body: {
        number: 1,
        node_id: 'PR_1',
        html_url: 'https://github.com/o/r/pull/1',
        state: 'open',
        draft: true,
        head: { ref: branch, sha: one.head() },
        base: { ref: 'main' },
        ...over,
      },
    })
    const rows: readonly {
      what: string
      env?: Readonly<Record<string, string>>
      instead?: ScriptedGithub['instead']
      begin?: () => unknown
      /** In the long form alone. */
      late?: true
      error: RegExp
    }[] = [
      {
        what: 'no gh',
        env: { PATH: one.at('bin') },
        begin: () => {
          fs.mkdirSync(one.at('bin'), { recursive: true })
          for (const name of ['git', 'sh', 'flock', 'git-upload-pack', 'git-receive-pack'])
            fs.symlinkSync(`/usr/bin/${name}`, one.at('bin', name))
        },
        error: /^gh-missing: /,
      },
      {
        what: 'no sign-in',
        env: { GH_TOKEN: '' },
        error: /^gh-signed-out: gh is not signed in to github\.com$/,
      },
      { what: 'a sign-in of the past', env: { GH_TOKEN: 'old' }, error: /^gh-signed-out: .*Bad credentials/ },
      {
        what: 'another address',
        begin: () => one.git('remote', 'set-url', 'origin', one.at('remote.git')),
        error: /^land-no-github: /,
      },
      {
        what: 'no such repository',
        instead: at('GET', all, { status: 404, body: { message: 'Not Found' } }),
        error: /^gh-no-repository: o\/r: Not Found; it is not there, or/,
      },
      {
        what: 'no drafts',
        late: true,
        instead: at('POST', all, validation('Draft pull requests are not supported in this repository.')),
        error: /^gh-refused: .*Draft pull requests are not supported/,
      },
      {
        what: 'one that was closed at once',
        late: true,
        instead: at('GET', /pulls\/1$/, found({ state: 'closed' })),
        error: /^pull-request-wrong: pull request https:\/\/github\.com\/o\/r\/pull\/1 is not open$/,
      },
      {
        what: 'one that goes elsewhere',
        instead: at('GET', /pulls\/1$/, found({ base: { ref: 'release' } })),
        error: /^pull-request-wrong: .* goes to release, not main$/,
      },
      {
        what: 'one that nobody opened',
        late: true,
        instead: at('GET', /pulls\/1$/, { status: 404, body: { message: 'Not Found' } }),
        error: /^gh-no-repository: /,
      },
    ]
    for (const { what, env, instead, begin, error } of rows.filter((row) => long || row.late !== true)) {
      one.reset()
      atGithub(one, github)
      github.pulls.length = 0
      begin?.()
      github.instead = instead ?? (() => undefined)
      const said = errorOf(await land([], env))
      expect({ what, ...said }).toEqual({ what, code: 1, error: expect.stringMatching(error) })
      expect(one.ledger()).not.toContain('"type":"pull-request"')
    }
  },
  600_000,
)

if (long)
  withGh(
    'GitHub that takes a push in a moment later is asked again; a pull request onto another branch is not taken over',
    async () => {
      let looks = 0
      github.instead = (asked) => {
        if (!asked.path.endsWith('pulls/1') || (looks += 1) > 1) return undefined
        const [pull] = github.pulls
        return {
          status: 200,
          body: {
            number: 1,
            node_id: 'PR_1',
            html_url: 'https://github.com/o/r/pull/1',
            state: 'open',
            draft: pull?.draft,
            head: { ref: branch, sha: one.tip() },
            base: { ref: 'main' },
          },
        }
      }
      expect(dataOf(await land())).toMatchObject({ kind: 'proposed', commit: one.head() })
      expect(looks).toBe(2)
      const [pull] = github.pulls
      if (pull !== undefined) pull.base = 'release'
      expect(errorOf(await land())).toEqual({
        code: 1,
        error: 'pull-request-wrong: pull request https://github.com/o/r/pull/1 goes to release, not main',
      })
    },
    300_000,
  )
