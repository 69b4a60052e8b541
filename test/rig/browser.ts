import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { killAllOf } from './processes.ts'

export const chromium = '/usr/bin/chromium'

export interface Screen {
  /** CSS pixels. */
  readonly width: number
  readonly scheme: 'light' | 'dark'
}

export interface Browser {
  /** Opens a file at this size and in this scheme. */
  open(file: string, screen: Screen): Promise<void>
  /** The value of an expression on the page. */
  evaluate(expression: string): Promise<unknown>
  /** The whole page as a PNG. */
  picture(): Promise<Buffer>
}

/** A headless browser spoken to over its own pipe: no port is opened. It has ended when `use` is done. */
export async function withBrowser<T>(use: (browser: Browser) => Promise<T>): Promise<T> {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'autoloop-browser-'))
  const child = spawn(
    chromium,
    [
      [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--hide-scrollbars',
      ],
      ['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      ['--remote-debugging-pipe', '--force-color-profile=srgb', `--user-data-dir=${profile}`, 'about:blank'],
    ].flat(),
    {
      cwd: profile,
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
      env: { PATH: '/usr/bin:/bin', HOME: profile },
    },
  )
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  try {
    return await use(await pageOf(child.stdio[3] as Writable, child.stdio[4] as Readable, ended))
  } finally {
    child.kill('SIGKILL')
    await ended
    // Its children go on for a moment, and write.
    killAllOf(profile)
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 })
  }
}

// oxlint-disable-next-line typescript/no-explicit-any -- the browser's answers, looked into member by member
type Answer = any

async function pageOf(to: Writable, from: Readable, ended: Promise<void>): Promise<Browser> {
  const waiting = new Map<number, (answer: Answer) => void>()
  let loaded: () => void = () => undefined
  let rest = ''
  from.setEncoding('utf8').on('data', (text: string) => {
    const messages = (rest + text).split('\0')
    rest = messages.pop() ?? ''
    for (const message of messages.map((one): Answer => JSON.parse(one))) {
      if (message.id !== undefined) waiting.get(message.id)?.(message)
      else if (message.method === 'Page.loadEventFired') loaded()
    }
  })
  to.on('error', () => undefined)
  const gone = ended.then(() => {
    throw new Error('the browser ended')
  })
  gone.catch(() => undefined)
  let last = 0
  const call = async (method: string, params: object = {}, sessionId?: string): Promise<Answer> => {
    const id = (last += 1)
    const answer = new Promise<Answer>((resolve) => waiting.set(id, resolve))
    to.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    const { result, error } = await Promise.race([answer, gone])
    if (error) throw new Error(`${method}: ${JSON.stringify(error)}`)
    return result
  }
  const { targetId } = await call('Target.createTarget', { url: 'about:blank' })
  const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true })
  const page = (method: string, params: object = {}) => call(method, params, sessionId)
  await page('Page.enable')
  return {
    async open(file, { width, scheme }) {
      await page('Emulation.setDeviceMetricsOverride', {
        width,
        height: 800,
        deviceScaleFactor: 1,
        mobile: width < 600,
      })
      await page('Emulation.setEmulatedMedia', {
        features: [{ name: 'prefers-color-scheme', value: scheme }],
      })
      const there = new Promise<void>((resolve) => (loaded = resolve))
      await page('Page.navigate', { url: `file://${file}` })
      await Promise.race([there, gone])
    },
    async evaluate(expression) {
      const { result, exceptionDetails } = await page('Runtime.evaluate', { expression, returnByValue: true })
      if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails))
      return result.value
    },
    async picture() {
      const { data } = await page('Page.captureScreenshot', { captureBeyondViewport: true })
      return Buffer.from(data, 'base64')
    },
  }
}
