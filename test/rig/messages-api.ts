import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'

/** One part of what the model says. */
export type Block =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly name: string; readonly input: object }

/** What it answers to one request; the list is short for `{says: […]}`. */
export type MessageAnswer =
  | readonly Block[]
  | {
      readonly says: readonly Block[]
      /** Default: `tool_use` where it calls a tool, else `end_turn`. */
      readonly stop?: string
      /** In all. Default 15. */
      readonly tokens?: number
      readonly headers?: Readonly<Record<string, string>>
      /** Nothing is said before that, or for ever. */
      readonly delayMs?: number
    }
  | {
      readonly status: number
      readonly error: { readonly type: string; readonly message: string }
      readonly headers?: Readonly<Record<string, string>>
    }
  /** The connection breaks: before an answer, or within it. */
  | { readonly disconnect: 'before' | 'mid' }

export interface MessageRequest {
  /** Counts from 0. */
  readonly index: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: MessageBody
  /** As it was sent, for words that are to be in it or not. */
  readonly text: string
}

export interface MessageBody {
  readonly model: string
  readonly stream?: boolean
  readonly system?: unknown
  readonly messages: readonly { readonly role: string; readonly content: unknown }[]
  readonly tools?: readonly { readonly name: string }[]
  readonly [name: string]: unknown
}

export type MessageScript = (request: MessageRequest) => MessageAnswer

export interface MessagesApi {
  readonly url: string
  readonly port: number
  readonly requests: readonly MessageRequest[]
  /** Asked for anything else than messages. */
  readonly others: readonly string[]
  close(): Promise<void>
}

export const say = (text: string): Block => ({ type: 'text', text })
export const call = (name: string, input: object): Block => ({ type: 'tool_use', name, input })
export const bash = (command: string): Block => call('Bash', { command, description: 'a step' })

/** Plays the answers in order and repeats the last one. */
export const messagesInOrder =
  (...answers: readonly MessageAnswer[]): MessageScript =>
  ({ index }) =>
    answers[Math.min(index, answers.length - 1)] ?? []

/** A model on 127.0.0.1 that speaks the Messages API and says what the script says. */
export async function startMessagesApi(script: MessageScript): Promise<MessagesApi> {
  const requests: MessageRequest[] = []
  const others: string[] = []
  const server = http.createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy())
  })
  const serve = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const text = await textOf(request)
    const path = request.url?.split('?')[0] ?? ''
    if (request.method !== 'POST' || path !== '/v1/messages') {
      others.push(`${request.method} ${path}`)
      return sendError(response, 404, { type: 'not_found_error', message: 'not scripted' })
    }
    const body = JSON.parse(text) as MessageBody
    const asked = { index: requests.length, headers: request.headers, body, text }
    requests.push(asked)
    await play(script(asked), body, response, `msg_${asked.index}_${process.pid}_${Date.now()}`)
  }
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

async function play(
  answer: MessageAnswer,
  { model }: MessageBody,
  response: http.ServerResponse,
  id: string,
): Promise<void> {
  if ('status' in answer) return sendError(response, answer.status, answer.error, answer.headers)
  if ('disconnect' in answer && answer.disconnect === 'before') {
    response.destroy()
    return
  }
  const plain = 'says' in answer ? answer : { says: 'disconnect' in answer ? [say('half')] : answer }
  const { says, tokens = 15, delayMs = 0, headers } = plain
  const stop = plain.stop ?? (says.some((one) => one.type === 'tool_use') ? 'tool_use' : 'end_turn')
  if (delayMs > 0) await delay(delayMs, undefined, { ref: false })
  const output = Math.min(5, tokens)
  const input = tokens - output
  const caches = { cache_creation_input_tokens: 0, cache_read_input_tokens: 0 }
  const send = (type: string, more: object = {}): boolean =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`)
  response.writeHead(200, { 'content-type': 'text/event-stream', ...headers })
  send('message_start', {
    message: {
      id,
      type: 'message',
      role: 'assistant',
      model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: input, output_tokens: 1, ...caches },
    },
  })
  for (const [index, block] of says.entries()) {
    const [empty, delta] =
      block.type === 'text'
        ? [
            { type: 'text', text: '' },
            { type: 'text_delta', text: block.text },
          ]
        : [
            { type: 'tool_use', id: `toolu_${id}_${index}`, name: block.name, input: {} },
            { type: 'input_json_delta', partial_json: JSON.stringify(block.input) },
          ]
    send('content_block_start', { index, content_block: empty })
    if ('disconnect' in answer) {
      // The callback runs once the bytes are handed to the system.
      response.write(': half\n\n', () => response.destroy())
      return
    }
    send('content_block_delta', { index, delta })
    send('content_block_stop', { index })
  }
  send('message_delta', {
    delta: { stop_reason: stop, stop_sequence: null },
    usage: { output_tokens: output },
  })
  send('message_stop')
  response.end()
}

function sendError(
  response: http.ServerResponse,
  status: number,
  error: { readonly type: string; readonly message: string },
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify({ type: 'error', error }))
}
