import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'

/** One request, as the real `gh` made it. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly host: string
  readonly authorization: string
  readonly body: Readonly<Record<string, unknown>> | null
}

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: unknown
}

export interface ScriptedPull {
  number: number
  title: string
  body: string
  state: 'open' | 'closed'
  draft: boolean
  branch: string
  base: string
  owner: string
}

/** A GitHub with one repository, `o/r`, that answers what `gh api` asks, on a unix socket: no network. */
export interface ScriptedGithub {
  readonly pulls: ScriptedPull[]
  readonly asked: Asked[]
  /** Answers in its place, where it gives something; `hang`: never. */
  instead: (asked: Asked) => Answer | 'hang' | undefined
  /** Writes the configuration of a `gh` that speaks to it, for a person with this HOME. */
  configure(home: string): void
  close(): Promise<void>
}

/** `tip`: where a branch of the repository is; '' where there is none. */
export async function startGithub(socket: string, tip: (branch: string) => string): Promise<ScriptedGithub> {
  const pulls: ScriptedPull[] = []
  const asked: Asked[] = []
  const server = http.createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (more: string) => (text += more))
    request.on('end', () => {
      const one: Asked = {
        method: request.method ?? '',
        path: request.url ?? '',
        host: request.headers.host ?? '',
        authorization: request.headers.authorization ?? '',
        body: text === '' ? null : (JSON.parse(text) as Asked['body']),
      }
      asked.push(one)
      const answer = github.instead(one) ?? answerOf(one, pulls, tip)
      if (answer === 'hang') return
      const { status, headers = {}, body } = answer
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
      response.end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  const github: ScriptedGithub = {
    pulls,
    asked,
    instead: () => undefined,
    configure: (home) => {
      const dir = path.join(home, '.config/gh')
      fs.mkdirSync(dir, { recursive: true })
      fs.writeFileSync(path.join(dir, 'config.yml'), `http_unix_socket: ${socket}\n`)
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return github
}

function answerOf(
  { method, path: url, authorization, body }: Asked,
  pulls: ScriptedPull[],
  tip: (branch: string) => string,
): Answer {
  if (authorization !== 'token good') return { status: 401, body: { message: 'Bad credentials' } }
  const { pathname, searchParams } = new URL(url, 'http://github')
  if (method === 'POST' && pathname === '/graphql') {
    const { id } = (body?.['variables'] ?? {}) as { id?: string }
    const pull = pulls.find((one) => idOf(one) === id)
    if (pull === undefined || !String(body?.['query']).includes('markPullRequestReadyForReview'))
      return {
        status: 200,
        body: { data: null, errors: [{ type: 'NOT_FOUND', message: 'Could not resolve' }] },
      }
    pull.draft = false
    return {
      status: 200,
      body: { data: { markPullRequestReadyForReview: { pullRequest: { isDraft: false } } } },
    }
  }
  const shown = (pull: ScriptedPull): object => ({
    number: pull.number,
    node_id: idOf(pull),
    html_url: `https://github.com/o/r/pull/${pull.number}`,
    state: pull.state,
    draft: pull.draft,
    title: pull.title,
    head: { ref: pull.branch, sha: tip(pull.branch), label: `${pull.owner}:${pull.branch}` },
    base: { ref: pull.base },
  })
  const number = /^\/repos\/o\/r\/pulls\/(\d+)$/.exec(pathname)?.[1]
  const known = pulls.find((one) => String(one.number) === number)
  if (method === 'GET' && known !== undefined) return { status: 200, body: shown(known) }
  if (pathname !== '/repos/o/r/pulls') return { status: 404, body: { message: 'Not Found' } }
  if (method === 'GET') {
    const [owner, branch] = (searchParams.get('head') ?? ':').split(':')
    const found = pulls.filter((one) => one.state === 'open' && one.owner === owner && one.branch === branch)
    return { status: 200, body: found.map(shown) }
  }
  return opened(body as unknown as NewPull, pulls, tip, shown)
}

interface NewPull {
  readonly title: string
  readonly body: string
  readonly head: string
  readonly base: string
  readonly draft: boolean
}

function opened(
  { title, body, head, base, draft }: NewPull,
  pulls: ScriptedPull[],
  tip: (branch: string) => string,
  shown: (pull: ScriptedPull) => object,
): Answer {
  const [owner = '', branch = ''] = head.split(':')
  const invalid = (message: string): Answer => ({
    status: 422,
    body: { message: 'Validation Failed', errors: [{ resource: 'PullRequest', code: 'custom', message }] },
  })
  if (tip(branch) === '') return invalid('head is invalid')
  if (tip(base) === '') return invalid('base is invalid')
  if (pulls.some((one) => one.state === 'open' && one.branch === branch && one.base === base))
    return invalid(`A pull request already exists for ${head}.`)
  const pull: ScriptedPull = {
    number: pulls.length + 1,
    title,
    body,
    state: 'open',
    draft,
    branch,
    base,
    owner,
  }
  pulls.push(pull)
  return { status: 201, body: shown(pull) }
}

const idOf = ({ number }: ScriptedPull): string => `PR_${number}`
