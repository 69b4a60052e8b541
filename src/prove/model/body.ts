import type { IncomingMessage } from 'node:http'
import zlib from 'node:zlib'
import { parseJson } from '../../base/json.ts'
import { type Result, fail } from '../../base/result.ts'

const MAX_BODY_BYTES = 64 * 1024 * 1024

/** `zlib.zstdDecompressSync` exists from Node 22.15 on. */
type Decoder = (data: Buffer, options: { maxOutputLength: number }) => Buffer
const zstd = (zlib as unknown as { zstdDecompressSync?: Decoder }).zstdDecompressSync

/**
 * The JSON body of a request, decoded as its content-encoding says (none, gzip, deflate, br, and zstd where this
 * node can). Failures: `body-cut`, `body-too-large`, `body-encoding`, `invalid-json`.
 */
export async function readBody(request: IncomingMessage): Promise<Result<unknown>> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length
      // Read on to the end, so that the client hears the answer instead of a reset connection.
      if (size <= MAX_BODY_BYTES) chunks.push(chunk)
    }
  } catch (error) {
    return fail('body-cut', `the client went away: ${(error as Error).message}`)
  }
  if (size > MAX_BODY_BYTES) return fail('body-too-large', `the request has ${size} bytes`)
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  const decoder = decoderFor(encoding)
  if (!decoder) return fail('body-encoding', `this node cannot decode content-encoding ${encoding}`)
  try {
    const text = decoder(Buffer.concat(chunks), { maxOutputLength: MAX_BODY_BYTES }).toString('utf8')
    return parseJson(text, 'the request body')
  } catch (error) {
    return fail('body-encoding', `the ${encoding} body is damaged: ${(error as Error).message}`)
  }
}

function decoderFor(encoding: string): Decoder | undefined {
  switch (encoding) {
    case 'identity':
    case '':
      return (data) => data
    case 'gzip':
      return zlib.gunzipSync
    case 'deflate':
      return zlib.inflateSync
    case 'br':
      return zlib.brotliDecompressSync
    case 'zstd':
      return zstd
    default:
      return undefined
  }
}
