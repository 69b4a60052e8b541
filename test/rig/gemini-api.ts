import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'

/** One part of what the model says. */
export type Part =
  | { readonly text: string }
  | { readonly functionCall: { readonly name: string; readonly args: object } }

/** What the model does; the list is short for `{says: […]}`. */
export type GeminiAnswer =
  | readonly Part[]
  | {
      readonly says: readonly Part[]
      /** Default `STOP`. */
      readonly finish?: string
      /** In all, a third of them of the answer. Default 15. */
      readonly tokens?: number
      /** Nothing is said before that. */
      readonly delayMs?: number
    }
  | {
      readonly status: number
      /** The name that belongs to it; Google always gives one. */
      readonly code: string
      readonly message?: string
      readonly details?: readonly object[]
    }
  /** The connection breaks: before an answer, or within it. */
  | { readonly disconnect: 'before' | 'mid' }

export interface GeminiRequest {
  /** Counts from 0. */
  readonly index: number
  readonly model: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: GeminiBody
  /** As it was sent, for words that are to be in it or not. */
  readonly text: string
}

export interface GeminiBody {
  readonly contents: readonly {
    readonly role?: string
    readonly parts?: readonly Record<string, unknown>[]
  }[]
  readonly systemInstruction?: unknown
  readonly tools?: readonly { readonly functionDeclarations?: readonly { readonly name: string }[] }[]
  readonly [name: string]: unknown
}

export type GeminiScript = (request: GeminiRequest) => GeminiAnswer

export interface GeminiApi {
  readonly url: string
  readonly port: number
  /** Those of the agent itself. */
  readonly requests: readonly GeminiRequest[]
  /** Whatever else was asked for: which model is right, who speaks next, a summary. */
  readonly others: readonly string[]
  close(): Promise<void>
}

export const say = (text: string): Part => ({ text })
export const call = (name: string, args: object): Part => ({ functionCall: { name, args } })
export const shell = (command: string): Part => call('run_shell_command', { command, description: 'x' })

/** Plays the answers in order and repeats the last one. */
export const inOrder =
  (...answers: readonly GeminiAnswer[]): GeminiScript =>
  ({ index }) =>
    answers[Math.min(index, answers.length - 1)] ?? []

/** The names of the tools that a request offers. */
export const toolsIn = ({ body }: Pick<GeminiRequest, 'body'>): readonly string[] =>
  (body.tools ?? []).flatMap((one) => (one.functionDeclarations ?? []).map(({ name }) => name))

/** A model on 127.0.0.1 that speaks the Gemini API and says what the script says. */
export async function startGeminiApi(script: GeminiScript): Promise<GeminiApi> {
  const requests: GeminiRequest[] = []
  const others: string[] = []
  const server = http.createServer((request, response) => {
    serve(request, response, script, requests, others).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    others,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function serve(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  script: GeminiScript,
  requests: GeminiRequest[],
  others: string[],
): Promise<void> {
  const url = request.url ?? '/'
  const text = await textOf(request)
  const [, model = '', method = ''] = /\/models\/([^:/]+):(\w+)/.exec(url) ?? []
  const body = (text === '' ? {} : JSON.parse(text)) as GeminiBody
  if (method !== 'streamGenerateContent' || (body.tools ?? []).length === 0) {
    others.push(`${request.method} ${url}`)
    return method === 'countTokens' ? json(response, 200, { totalTokens: 10 }) : aside(response, model, url)
  }
  const asked = { index: requests.length, model, headers: request.headers, body, text }
  requests.push(asked)
  await play(script(asked), model, response)
}

/** Requests beside the conversation want JSON, of one form or another. */
function aside(response: http.ServerResponse, model: string, url: string): void {
  const says = [say(JSON.stringify({ complexity_reasoning: 'x', complexity_score: 1 }))]
  const answer = candidate(says, model, 'STOP', 15)
  if (!url.includes('alt=sse')) return json(response, 200, answer)
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.end(`data: ${JSON.stringify(answer)}\r\n\r\n`)
}

async function play(answer: GeminiAnswer, model: string, response: http.ServerResponse): Promise<void> {
  if ('status' in answer) {
    const { status, code, message = 'x', details } = answer
    return json(response, status, {
      error: { code: status, message, status: code, ...(details && { details }) },
    })
  }
  if ('disconnect' in answer && answer.disconnect === 'before') {
    response.destroy()
    return undefined
  }
  const {
    says,
    finish = 'STOP',
    tokens = 15,
    delayMs = 0,
  } = 'says' in answer ? answer : { says: 'length' in answer ? answer : [say('half')] }
  if (delayMs > 0) await delay(delayMs, undefined, { ref: false })
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const line = `data: ${JSON.stringify(candidate(says, model, 'disconnect' in answer ? undefined : finish, tokens))}\r\n\r\n`
  if ('disconnect' in answer) response.write(line, () => response.destroy())
  else response.end(line)
  return undefined
}

function candidate(says: readonly Part[], model: string, finish: string | undefined, tokens: number): object {
  const said = Math.floor(tokens / 3)
  return {
    candidates: [
      {
        index: 0,
        content: { role: 'model', parts: says },
        ...(finish !== undefined && { finishReason: finish }),
      },
    ],
    usageMetadata: {
      promptTokenCount: tokens - said,
      candidatesTokenCount: said,
      totalTokenCount: tokens,
    },
    modelVersion: model,
  }
}

function json(response: http.ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}
