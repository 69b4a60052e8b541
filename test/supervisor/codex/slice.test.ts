import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { codexVersions, currentCodex } from '../../rig/binaries.ts'
import { execCommand, inOrder, message } from '../../rig/codex.ts'
import { item } from '../rig.ts'
import { type CodexSite, answer, makeCodexSite } from './rig.ts'

let site: CodexSite | undefined
afterEach(async () => site?.close())

test.each(codexVersions)(
  'the real Codex %s works on an item, and its work is in the head',
  async (version) => {
    site = await makeCodexSite({
      version,
      items: { '001-cart.md': item({ title: 'Add a cart' }) },
      model: inOrder(
        [execCommand('ls -A "$CODEX_HOME/autoloop/batches" | wc -l > src/cart.txt')],
        [message(answer('complete', 'done'))],
      ),
    })
    expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
    const ran = await site.cli(['run', '--json'])
    expect({ code: ran.code, stderr: ran.stderr, out: ran.stdout }).toMatchObject({ code: 0, stderr: '' })
    expect(site.show('src/cart.txt')).toBe('0\n')
  },
  120_000,
)

test('without a sign-in that it needs, nothing begins', async () => {
  site = await makeCodexSite({
    version: currentCodex,
    items: { '001-cart.md': item() },
    model: inOrder([message(answer('complete'))]),
  })
  fs.writeFileSync(path.join(site.codexHome, 'config.toml'), '')
  await site.cli(['allow'])
  const ran = await site.cli(['run', '--json'])
  expect(ran.code).toBe(1)
  expect(JSON.parse(ran.stdout)).toMatchObject({
    error_code: 'agent-signed-out',
    remediation: 'codex login',
  })
  expect(site.model.requests).toEqual([])
}, 60_000)
