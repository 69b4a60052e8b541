import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { KEY, answers, done } from '../../agents/claude/rig.ts'
import { withClaude } from '../../rig/claude.ts'
import { long } from '../../rig/long.ts'
import { bash, messagesInOrder } from '../../rig/messages-api.ts'
import { processesOf } from '../../rig/processes.ts'
import { item } from '../rig.ts'
import { type ClaudeSite, makeClaudeSite } from './rig.ts'

let site: ClaudeSite | undefined
afterEach(async () => site?.close())

const filesBelow = (dir: string): string[] =>
  fs
    .readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => path.join(one.parentPath, one.name))

withClaude((bin) => {
  test('a batch with Claude Code as its worker, from open to done', async () => {
    site = await makeClaudeSite({
      bin,
      items: { '001-cart.md': item({ title: 'Add a cart' }) },
      model: messagesInOrder(
        [bash('echo bad > src/bad.txt; echo cart > src/cart.txt')],
        [answers({ status: 'complete', summary: 'done', proposal: null })],
        [bash('rm src/bad.txt')],
        [done],
      ),
    })
    expect(await site.run(['allow'])).toMatchObject({ code: 0 })
    const ran = await site.run(['run', '--json'])
    expect({ code: ran.code, stderr: ran.stderr, out: ran.stdout }).toMatchObject({ code: 0, stderr: '' })
    expect(site.show('src/cart.txt')).toBe('cart\n')
    expect(site.show('src/bad.txt')).toBeNull()
    const told = ran.events.flatMap((one) => (one.type === 'conversation' ? [one.data.conversation] : []))
    expect(told).toHaveLength(1)
    const turns = ran.events.flatMap((one) => (one.type === 'turn-ended' ? [one.data.tokens] : []))
    expect(turns).toEqual([30, 30])
    // What the gate said reaches the same conversation.
    expect(site.model.requests[2]?.text).toContain('bad.txt is there')
    expect(site.model.requests.at(-1)?.text).toContain('echo cart')
    expect(site.model.requests[0]?.headers['x-api-key']).toBe(KEY)
    const ours = [site.home, site.data].flatMap((dir) => filesBelow(dir))
    expect(ours.length).toBeGreaterThan(10)
    expect(ours.filter((file) => fs.readFileSync(file, 'utf8').includes(KEY))).toEqual([])
  }, 120_000)

  if (long)
    test('what the item may use up is used up in the middle of a command: parked with its work, and a retry goes on in the same conversation', async () => {
      site = await makeClaudeSite({
        bin,
        items: { '001-cart.md': item({ title: 'Add a cart', front: 'limits: {tokens: 500}\n' }) },
        model: messagesInOrder({ says: [bash('echo cart > src/cart.txt; sleep 600')], tokens: 700 }, [done]),
      })
      expect(await site.run(['allow'])).toMatchObject({ code: 0 })
      const first = await site.run(['run', '--json'])
      expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 5, stderr: '' })
      expect(first.events.filter((one) => one.type === 'turn-ended').map((one) => one.data)).toMatchObject([
        { outcome: { kind: 'budget' }, over: 'item', tokens: 700 },
      ])
      expect(processesOf(site.dir)).toEqual([])
      expect(await site.run(['retry', '001'])).toMatchObject({ code: 0 })
      const second = await site.run(['run', '--json'])
      expect({ code: second.code, stderr: second.stderr }).toEqual({ code: 0, stderr: '' })
      expect(second.events.filter((one) => one.type === 'turn-ended').map((one) => one.data)).toMatchObject([
        { outcome: { kind: 'finished' }, tokens: 15 },
      ])
      expect(site.model.requests).toHaveLength(2)
      expect(site.model.requests[1]?.text).toContain('echo cart')
      expect(site.show('src/cart.txt')).toBe('cart\n')
    }, 300_000)

  test('without a sign-in nothing begins', async () => {
    site = await makeClaudeSite({ bin, items: { '001-cart.md': item() }, model: messagesInOrder([done]) })
    await site.run(['allow'])
    const ran = await site.run(['run', '--json'], { ANTHROPIC_API_KEY: '' })
    expect(ran.code).toBe(1)
    expect(JSON.parse(ran.stdout)).toMatchObject({
      error_code: 'agent-signed-out',
      remediation: expect.stringContaining('claude auth login'),
    })
    expect(site.model.requests).toEqual([])
  }, 60_000)
})
