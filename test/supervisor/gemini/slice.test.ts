import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { answer } from '../../agents/gemini/answer.ts'
import { withGemini } from '../../rig/gemini.ts'
import { type GeminiApi, inOrder, say, shell, startGeminiApi } from '../../rig/gemini-api.ts'
import { processesOf } from '../../rig/processes.ts'
import { type Site, item, makeSite } from '../rig.ts'

let site: Site | undefined
let api: GeminiApi | undefined
afterEach(async () => {
  await api?.close()
  site?.remove()
})

withGemini((bin) => {
  test('the real Gemini CLI works on an item, over a service that fails once, and its work is in the head', async () => {
    api = await startGeminiApi(
      inOrder(
        [shell('echo one > src/cart.txt')],
        { status: 503, code: 'UNAVAILABLE' },
        [
          shell(
            'echo two >> src/cart.txt; cat "$CODEX_HOME"/autoloop/batches/*/*/ledger.jsonl > src/seen.txt 2>/dev/null',
          ),
        ],
        [say(answer('complete', 'done'))],
      ),
    )
    site = makeSite({
      items: { '001-cart.md': item({ title: 'Add a cart' }) },
      supervisor: {
        agents: { gemini: { adapter: 'gemini', bin, model: 'gemini-2.5-flash' } },
        backoff: { baseSeconds: 1, maxSeconds: 1 },
      },
    })
    const key = { GEMINI_API_KEY: 'made-up-key', GOOGLE_GEMINI_BASE_URL: api.url }
    expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
    const signedOut = await site.cli(['run', '--json'])
    expect(JSON.parse(signedOut.stdout)).toMatchObject({ error_code: 'agent-signed-out' })
    const ran = await site.cli(['run', '--json'], key)
    expect({ code: ran.code, stderr: ran.stderr, out: ran.stdout }).toMatchObject({ code: 0, stderr: '' })
    expect(site.show('src/cart.txt')).toBe('one\ntwo\n')
    expect(site.show('src/seen.txt')).toBe('')
    // One conversation, of which each answer counts once.
    const told = ran.events.filter((one) => one.type === 'conversation')
    expect(told.length).toBe(1)
    expect(api.requests.at(-1)!.text).toContain('echo one')
    const tokens = ran.events.flatMap((one) => (one.type === 'turn-ended' ? [one.data.tokens ?? 0] : []))
    expect(tokens.reduce((sum, one) => sum + one, 0)).toBe(45)
    expect(processesOf(site.dir)).toEqual([])
    // Nothing was written for the person to run.
    expect(fs.existsSync(path.join(site.env['HOME']!, '.gemini'))).toBe(false)
  }, 300_000)
})
