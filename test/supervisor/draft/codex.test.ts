import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { codexVersions } from '../../rig/binaries.ts'
import { execCommand, inOrder, message } from '../../rig/codex.ts'
import { type CodexSite, makeCodexSite } from '../codex/rig.ts'

let site: CodexSite | undefined
afterEach(async () => site?.close())

const none = { min: null, pattern: null, absent: null, name: null, glob: null }
const items = [
  {
    key: 'cart',
    title: 'Add a cart',
    text: 'Write src/cart.txt.',
    scope: ['src/cart.txt'],
    after: [],
    exclusive: [],
    tasks: [{ title: 'It is there', evidence: [{ kind: 'pathExists', path: 'src/cart.txt', ...none }] }],
  },
]

test.each(codexVersions.slice(-1))(
  'the real Codex %s drafts items and reads them, in two conversations, and can write nothing',
  async (version) => {
    site = await makeCodexSite({
      version,
      items: {},
      model: inOrder(
        [execCommand('ls src; echo evil > src/evil.txt; echo "wrote: $?"')],
        [message(JSON.stringify({ items, lacking: [] }))],
        [message(JSON.stringify({ verdict: 'pass', findings: [] }))],
      ),
    })
    expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
    const ran = await site.cli(['backlog', 'new', 'A shop', '--yes', '--scope', 'src/**'])
    expect({ code: ran.code, stderr: ran.stderr, out: ran.stdout }).toMatchObject({ code: 0, stderr: '' })
    expect(fs.readdirSync(path.join(site.repo, '.codex/backlog'))).toEqual(['001-add-a-cart.md'])
    const bodies = site.model.requests.map(({ body }) => JSON.stringify(body))
    expect(bodies).toHaveLength(3)
    // What it looked at is the commit of HEAD, read-only.
    expect(bodies[1]).toContain('a.txt')
    expect(bodies[1]).toMatch(/wrote: [1-9]/)
    // Strict forms of the answers, and the critic sees nothing of the first conversation.
    for (const body of bodies) expect(body).toContain('"json_schema"')
    expect(bodies[2]).toContain('You read drafts of a backlog')
    expect(bodies[2]).not.toContain('You draft items of a backlog')
  },
  120_000,
)
