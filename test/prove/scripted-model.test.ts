import zlib from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { execCommand, message } from '../../src/prove/model/items.ts'
import { inputTexts, toolNames } from '../../src/prove/model/request.ts'
import { type ModelScript, inOrder, startScriptedModel } from '../../src/prove/model/scripted-model.ts'

async function withModel<T>(
  script: ModelScript,
  use: (post: (body: unknown, init?: RequestInit) => Promise<Response>, url: string) => Promise<T>,
) {
  const model = await startScriptedModel(script)
  try {
    const value = await use(
      (body, init) =>
        fetch(`${model.url}/responses`, {
          method: 'POST',
          body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
          ...init,
        }),
      model.url,
    )
    return { value, model }
  } finally {
    await model.close()
  }
}

const types = (stream: string) => [...stream.matchAll(/^event: (.*)$/gm)].map((match) => match[1])

describe('the scripted model', () => {
  test('plays answers in order and repeats the last one', async () => {
    const { value, model } = await withModel(
      inOrder([execCommand('echo hi')], [message('Done.')]),
      async (post) => {
        const texts: string[] = []
        for (const index of [0, 1, 2]) texts.push(await (await post({ input: [], index })).text())
        return texts
      },
    )
    expect(types(value[0] ?? '')).toEqual([
      'response.created',
      'response.output_item.done',
      'response.completed',
    ])
    expect(value[0]).toContain('"name":"exec_command"')
    expect(value[1]).toContain('Done.')
    expect(value[2]).toContain('Done.')
    expect(model.requests.map((request) => request.body['index'])).toEqual([0, 1, 2])
  })

  test.each([
    ['gzip', zlib.gzipSync],
    ['deflate', zlib.deflateSync],
    ['br', zlib.brotliCompressSync],
  ])('reads %s bodies', async (encoding, compress) => {
    const { model } = await withModel(inOrder([message('x')]), (post) =>
      post(compress(Buffer.from('{"input":"hallo"}')), { headers: { 'content-encoding': encoding } }),
    )
    expect(model.requests.map(inputTexts)).toEqual([['message:user hallo']])
  })

  const refused: [string, string | Uint8Array, Record<string, string>, RegExp][] = [
    ['not JSON', 'x', {}, /not valid JSON/],
    ['no object', '[1]', {}, /not an object/],
    ['damaged gzip', 'x', { 'content-encoding': 'gzip' }, /damaged/],
    ['unknown encoding', 'x', { 'content-encoding': 'rot13' }, /rot13/],
  ]
  test.each(refused)('refuses a body that is %s', async (_name, body, headers, words) => {
    const { value, model } = await withModel(inOrder([message('x')]), async (post) => {
      const response = await post(body, { headers })
      return { status: response.status, text: await response.text() }
    })
    expect(value.status).toBe(400)
    expect(value.text).toMatch(words)
    expect(model.requests).toEqual([])
  })

  test('a script that throws is remembered and answered with 400', async () => {
    const { value, model } = await withModel(
      () => {
        throw new Error('no such step')
      },
      async (post) => (await post({})).status,
    )
    expect(value).toBe(400)
    expect(model.scriptErrors).toHaveLength(1)
  })

  test('fails the ways a service fails', async () => {
    const { value } = await withModel(
      inOrder(
        { status: 429, headers: { 'retry-after': '1' }, body: { error: { code: 'rate_limit' } } },
        { failed: { code: 'context_length_exceeded', message: 'm' } },
        { items: [message('x')], incomplete: true },
        { items: [message('x')], tokens: 5000 },
        { disconnect: 'before' },
        { disconnect: 'mid' },
      ),
      async (post) => {
        const limited = await post({})
        const outcomes = [`${limited.status} ${limited.headers.get('retry-after')}`]
        for (const _ of [1, 2, 3]) outcomes.push(await (await post({})).text())
        outcomes.push(
          await post({}).then(
            () => 'answered',
            () => 'cut',
          ),
        )
        outcomes.push(
          await post({})
            .then((response) => response.text())
            .then(
              () => 'whole',
              () => 'cut',
            ),
        )
        return outcomes
      },
    )
    expect(value[0]).toBe('429 1')
    expect(types(value[1] ?? '')).toEqual(['response.created', 'response.failed'])
    expect(types(value[2] ?? '')).toEqual(['response.created', 'response.output_item.done'])
    expect(value[3]).toContain('"input_tokens":4995')
    expect(value.slice(4)).toEqual(['cut', 'cut'])
  })

  test('knows an empty list of models and nothing else', async () => {
    const { value } = await withModel(inOrder([]), async (_post, url) => [
      await (await fetch(`${url}/models`)).text(),
      (await fetch(`${url}/other`)).status,
    ])
    expect(value).toEqual(['{"models":[],"data":[]}', 404])
  })
})

test('texts and tools of a request', () => {
  const body = {
    input: [
      {
        type: 'message',
        role: 'developer',
        content: [{ type: 'input_text', text: 'rules' }, { type: 'input_image' }],
      },
      { type: 'function_call', name: 'exec_command', arguments: '{"cmd":"ls"}' },
      { type: 'function_call_output', output: 'a.txt' },
      { type: 'custom_tool_call_output', output: [{ type: 'input_text', text: 'one' }] },
      { type: 'reasoning' },
      null,
    ],
    tools: [
      { type: 'function', name: 'exec_command' },
      { type: 'web_search' },
      { name: 'clock', tools: [{ name: 'sleep' }] },
    ],
  }
  expect(inputTexts({ body })).toEqual([
    'message:developer rules\n{"type":"input_image"}',
    'function_call {"cmd":"ls"}',
    'function_call_output a.txt',
    'custom_tool_call_output one',
    'reasoning ',
  ])
  expect(toolNames({ body })).toEqual(['exec_command', 'web_search', 'clock', 'clock.sleep'])
})
