import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import fs from 'node:fs'
import type { Env } from '../base/env.ts'
import { type JsonObject, isObject, parseJson } from '../base/json.ts'
import { errno } from '../base/read-file.ts'
import { systemWords } from '../base/system-words.ts'
import { type Failure, type Result, err, fail, ok } from '../base/result.ts'
import { ownStderr } from './own-words.ts'

const REQUEST_TIMEOUT_MS = 30_000
/** After SIGTERM. */
const END_TIMEOUT_MS = 3_000
const MAX_LINE_CHARS = 16 * 1024 * 1024
const MAX_STDERR_CHARS = 16 * 1024

export interface AppServer {
  /**
   * One call and its `result`. Failures: `codex-refused` (`data.code` is Codex's own code, if any), `codex-app-server`
   * (it ended, or gave no answer in time).
   */
  request(method: string, params: JsonObject): Promise<Result<unknown>>
}

/**
 * Starts `codex app-server` (newline-delimited JSON over its stdio), shakes hands, hands it to `use` and ends it by its
 * pid. Failures besides those of `use`: `codex-missing`, `codex-app-server`.
 */
export async function withAppServer<T>(
  codexPath: string,
  env: Env,
  use: (server: AppServer) => Promise<Result<T>>,
): Promise<Result<T>> {
  const child = spawn(codexPath, ['app-server'], {
    // Not the caller's directory, which may be a repository with a config of its own.
    cwd: fs.existsSync(env.codexHome) ? env.codexHome : '/',
    env: { ...env.vars, CODEX_HOME: env.codexHome },
    stdio: 'pipe',
  })
  const connection = new Connection(child, codexPath)
  try {
    const hello = await connection.request('initialize', {
      clientInfo: { name: 'autonomous-loop', title: 'autonomous-loop', version: '0' },
    })
    if (!hello.ok) return hello
    connection.send({ method: 'initialized' })
    return await use(connection)
  } finally {
    await end(child)
  }
}

/** Requests by id; when the process ends, everything still waiting gets the same failure. */
class Connection implements AppServer {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #waiting = new Map<number, (answer: Result<unknown>) => void>()
  #nextId = 1
  #text = ''
  #stderr = ''
  #ended: Failure | null = null

  constructor(child: ChildProcessWithoutNullStreams, codexPath: string) {
    this.#child = child
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#read(text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-MAX_STDERR_CHARS)
    })
    // A write to a process that is gone is told by `close`.
    child.stdin.on('error', () => undefined)
    child.on('error', (error) => {
      this.#end(
        errno(error) === 'ENOENT'
          ? {
              code: 'codex-missing',
              message: `${codexPath} does not exist`,
              fix: 'npm install -g @openai/codex',
            }
          : { code: 'codex-app-server', message: `${codexPath} could not be started: ${systemWords(error)}` },
      )
    })
    child.on('close', (code, signal) => this.#end(this.#failure(`it ended with ${signal ?? `code ${code}`}`)))
  }

  send(message: JsonObject): void {
    this.#child.stdin.write(`${JSON.stringify(message)}\n`)
  }

  request(method: string, params: JsonObject): Promise<Result<unknown>> {
    if (this.#ended) return Promise.resolve(err(this.#ended))
    const id = this.#nextId
    this.#nextId += 1
    return new Promise((resolve) => {
      const timer = setTimeout(
        () => answer(err(this.#failure(`no answer to ${method} within ${REQUEST_TIMEOUT_MS / 1000} s`))),
        REQUEST_TIMEOUT_MS,
      )
      const answer = (result: Result<unknown>) => {
        clearTimeout(timer)
        this.#waiting.delete(id)
        resolve(result)
      }
      this.#waiting.set(id, answer)
      this.send({ id, method, params })
    })
  }

  #read(text: string): void {
    this.#text += text
    const lines = this.#text.split('\n')
    this.#text = lines.pop() ?? ''
    for (const line of lines) this.#take(line)
    if (this.#text.length > MAX_LINE_CHARS) {
      this.#end(this.#failure('it sent a line without end'))
      this.#child.kill('SIGKILL')
    }
  }

  /** Notifications, requests of the server and noise are passed over. */
  #take(line: string): void {
    const json = parseJson(line, 'line')
    if (!json.ok || !isObject(json.value) || 'method' in json.value) return
    const { id, error, result } = json.value
    const answer = typeof id === 'number' ? this.#waiting.get(id) : undefined
    answer?.(isObject(error) ? refusal(error) : ok(result))
  }

  #end(failure: Failure): void {
    this.#ended ??= failure
    for (const answer of this.#waiting.values()) answer(err(this.#ended))
  }

  #failure(why: string): Failure {
    const said = ownStderr(this.#stderr)
    return {
      code: 'codex-app-server',
      message: `codex app-server: ${why}${said === '' ? '' : `\n${said}`}`,
      fix: 'codex doctor',
    }
  }
}

function refusal(error: JsonObject): Result<never> {
  const message = typeof error['message'] === 'string' ? error['message'] : JSON.stringify(error)
  const method = /unknown variant `([^`]+)`/.exec(message)?.[1]
  if (method !== undefined)
    return fail('codex-refused', `this Codex does not know ${method}`, {
      fix: 'use a version of Codex that docs/install.md names, or a newer autonomous-loop',
    })
  const data = isObject(error['data']) ? error['data'] : {}
  return fail('codex-refused', `Codex refused: ${message.slice(0, 2000)}`, {
    data: { code: data['config_write_error_code'] ?? error['code'] },
  })
}

/** TERM, then KILL; returns when it is gone. */
async function end(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.stdin.end()
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS)
  await gone
  clearTimeout(timer)
}
