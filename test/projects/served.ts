import http from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server on loopback. */
export interface Served {
  readonly port: number
  /** Of what was asked and given, oldest first. */
  readonly given: readonly string[]
  close(): Promise<void>
}

export interface Reply {
  readonly type: string
  readonly body: string | Buffer
}

/** Serves what `reply` has for a path; with a token, to those alone who show it. */
export async function serve(
  reply: (path: string, port: number) => Reply | null,
  token: string | null = null,
): Promise<Served> {
  const given: string[] = []
  const server = http.createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname)
    if (token !== null && request.headers.authorization !== `Bearer ${token}`) {
      response.writeHead(401).end()
      return
    }
    const found = reply(path, portOf(server))
    if (found === null) {
      response.writeHead(404).end()
      return
    }
    given.push(path)
    response.writeHead(200, { 'content-type': found.type }).end(found.body)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    port: portOf(server),
    given,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

const portOf = (server: http.Server): number => (server.address() as AddressInfo).port
