import { spawn } from 'node:child_process'
import type { Answer, Lab } from './installed.ts'

/** A client of `codex app-server`, as an editor is one. */
export interface Client {
  call(method: string, params: object): Promise<Answer>
  /** Resolves at the first notification of that method that fits, also one that came already. */
  told(method: string, fits?: (params: Answer) => boolean): Promise<Answer>
  /** How many notifications of that method came so far. */
  count(method: string): number
  close(): Promise<void>
}

export async function startAppServer(lab: Lab): Promise<Client> {
  const child = spawn(lab.codexPath, ['app-server'], { cwd: lab.repo, env: lab.env(), stdio: 'pipe' })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const seen: { method: string; params: Answer }[] = []
  const answers = new Map<number, (answer: Answer) => void>()
  let wake: (() => void)[] = []
  let rest = ''
  let nextId = 0
  child.stdin.on('error', () => undefined)
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines.filter((one) => one.trim() !== '')) {
      const message: Answer = JSON.parse(line)
      if (message.method === undefined) answers.get(message.id)?.(message)
      else seen.push(message)
    }
    const waiting = wake
    wake = []
    for (const one of waiting) one()
  })
  const send = (message: object) => child.stdin.write(`${JSON.stringify(message)}\n`)
  const client: Client = {
    call: (method, params) =>
      new Promise((resolve, reject) => {
        const id = (nextId += 1)
        answers.set(id, (answer) =>
          answer.error ? reject(new Error(JSON.stringify(answer.error))) : resolve(answer.result),
        )
        send({ id, method, params })
      }),
    async told(method, fits = () => true) {
      for (;;) {
        const found = seen.find((one) => one.method === method && fits(one.params))
        if (found) return found.params
        await new Promise<void>((resolve) => wake.push(resolve))
      }
    },
    count: (method) => seen.filter((one) => one.method === method).length,
    async close() {
      child.stdin.end()
      child.kill('SIGTERM')
      await ended
    },
  }
  await client.call('initialize', { clientInfo: { name: 'lab', title: 'lab', version: '0' } })
  send({ method: 'initialized' })
  return client
}
