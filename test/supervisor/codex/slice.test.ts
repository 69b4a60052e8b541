import { afterEach, expect, test } from '@jest/globals'
import { codexVersions } from '../../rig/binaries.ts'
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
      model: inOrder([execCommand('echo cart > src/cart.txt')], [message(answer('complete', 'done'))]),
    })
    expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
    const ran = await site.cli(['run', '--json'])
    expect({ code: ran.code, stderr: ran.stderr, out: ran.stdout }).toMatchObject({ code: 0, stderr: '' })
    expect(site.show('src/cart.txt')).toBe('cart\n')
  },
  120_000,
)
