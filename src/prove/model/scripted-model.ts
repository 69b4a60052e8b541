import { setTimeout as delay } from 'node:timers/promises'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { type JsonObject, isObject } from '../../base/json.ts'
import { readBody } from './body.ts'
import type { ModelItem } from './items.ts'

/** One request of Codex to the model. */
export interface ModelRequest {
  /** 0 for the first. */
  readonly index: number
  /** `/v1/responses`, or `/v1/responses/compact`. */
  readonly path: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: JsonObject
}

/** What the model does: items, or one of the ways a real service fails. */
export type ModelAnswer =
  | readonly ModelItem[]
  | {
      readonly items: readonly ModelItem[]
      /** Tokens Codex is told this response used in all; it compacts by them. Default 15. */
      readonly tokens?: number
      readonly delayMs?: number
      readonly headers?: Readonly<Record<string, string>>
      /** Leaves out `response.completed`. */
      readonly incomplete?: boolean
    }
  | {
      readonly status: number
      readonly body?: unknown
      readonly headers?: Readonly<Record<string, string>>
    }
  | { readonly disconnect: 'before' | 'mid' }
  /** A `response.failed` event, such as `{code: 'context_length_exceeded', message: '…'}`. */
  | { readonly failed: { readonly code: string; readonly message: string } }

export type ModelScript = (request: ModelRequest) => ModelAnswer | Promise<ModelAnswer>

export interface ScriptedModel {
  /** For `base_url` of a model provider: `http://127.0.0.1:<port>/v1`. */
  readonly url: string
  readonly port: number
  /** Requests for a response so far, oldest first; grows. */
  readonly requests: readonly ModelRequest[]
  /** What a script threw; Codex saw status 400 with the same message, which it does not retry. */
  readonly scriptErrors: readonly unknown[]
  close(): Promise<void>
}

/** Plays the answers in order and repeats the last one. */
export function inOrder(...answers: readonly ModelAnswer[]): ModelScript {
  return (request) => answers[Math.min(request.index, answers.length - 1)] ?? []
}

/**
 * A model on 127.0.0.1 that speaks the Responses API and says what the script says, so that the real Codex can be
 * shown at work without an account.
 */
export async function startScriptedModel(script: ModelScript): Promise<ScriptedModel> {
  const requests: ModelRequest[] = []
  const scriptErrors: unknown[] = []
  const server = http.createServer((request, response) => {
    serve(request, response, { script, requests, scriptErrors }).catch((error: unknown) => {
      scriptErrors.push(error)
      response.destroy()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    port,
    requests,
    scriptErrors,
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
  state: { script: ModelScript; requests: ModelRequest[]; scriptErrors: unknown[] },
): Promise<void> {
  const path = (request.url ?? '/').split('?')[0] ?? '/'
  if (request.method !== 'POST' || !/\/responses(?:\/compact)?$/.test(path)) {
    request.resume()
    // Codex asks for /models and is content with an empty list.
    return json(response, path.endsWith('/models') ? 200 : 404, { models: [], data: [] })
  }
  const body = await readBody(request)
  if (!body.ok) return json(response, 400, { error: { message: body.error.message } })
  if (!isObject(body.value)) return json(response, 400, { error: { message: 'the body is not an object' } })
  const asked: ModelRequest = {
    index: state.requests.length,
    path,
    headers: request.headers,
    body: body.value,
  }
  state.requests.push(asked)
  let answer: ModelAnswer
  try {
    answer = await state.script(asked)
  } catch (error) {
    state.scriptErrors.push(error)
    return json(response, 400, { error: { message: `the script failed: ${String(error)}` } })
  }
  await play(answer, response, `resp_${asked.index}`)
}

async function play(answer: ModelAnswer, response: http.ServerResponse, id: string): Promise<void> {
  if ('status' in answer) return json(response, answer.status, answer.body ?? {}, answer.headers)
  if ('disconnect' in answer && answer.disconnect === 'before') {
    response.destroy()
    return undefined
  }
  const plain = 'items' in answer ? answer : { items: 'length' in answer ? answer : [] }
  if (plain.delayMs !== undefined) await delay(plain.delayMs, undefined, { ref: false })
  response.writeHead(200, { 'content-type': 'text/event-stream', ...plain.headers })
  const send = (type: string, data: JsonObject) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`)
  send('response.created', { response: { id } })
  if ('disconnect' in answer) {
    // The callback runs once the bytes are handed to the system, so the client sees half a stream.
    response.write(': half\n\n', () => response.destroy())
    return undefined
  }
  if ('failed' in answer) {
    send('response.failed', { response: { id, error: answer.failed } })
    response.end()
    return undefined
  }
  for (const item of plain.items) send('response.output_item.done', { item })
  if (plain.incomplete !== true)
    send('response.completed', { response: { id, usage: usage(plain.tokens ?? 15) } })
  response.end()
  return undefined
}

function usage(total: number): JsonObject {
  const output = Math.min(5, total)
  return {
    input_tokens: total - output,
    input_tokens_details: null,
    output_tokens: output,
    output_tokens_details: null,
    total_tokens: total,
  }
}

function json(
  response: http.ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}
