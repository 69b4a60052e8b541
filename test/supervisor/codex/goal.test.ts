import { afterEach, expect, test } from '@jest/globals'
import { codexVersions, currentCodex } from '../../rig/binaries.ts'
import { execCommand, inOrder, message } from '../../rig/codex.ts'
import { long } from '../../rig/long.ts'
import { PLAN } from '../goal/site.ts'
import { type CodexSite, makeCodexSite } from './rig.ts'

let site: CodexSite | undefined
afterEach(async () => site?.close())

/** As strict mode wants it: every field is there. */
const said = (more: object): string =>
  JSON.stringify({
    summary: 'done',
    next_goal: null,
    stop: null,
    reason: null,
    evidence: null,
    completed: null,
    ...more,
  })

test.each(long ? codexVersions : [currentCodex])(
  'the real Codex %s works towards a goal: it is asked by the form of goals, and each iteration is a conversation of its own',
  async (version) => {
    site = await makeCodexSite({
      version,
      items: {},
      files: { 'plan.md': PLAN },
      model: inOrder(
        [execCommand('echo 1 > src/1.txt')],
        [message(said({ next_goal: 'write the second' }))],
        [execCommand('echo 2 > src/2.txt')],
        [message(said({ completed: true }))],
      ),
    })
    expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
    const ran = await site.cli(['run', '--goal', 'plan.md', '--yes', '--json'])
    expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' })
    expect(site.show('src/2.txt')).toBe('2\n')
    const [first, , third] = site.model.requests.map(({ body }) => body)
    expect(first?.['text']).toMatchObject({
      format: { strict: true, schema: { properties: { next_goal: {}, completed: {} } } },
    })
    expect(JSON.stringify(third)).toContain('> write the second')
    const conversations = ran.events.flatMap((one) =>
      one.type === 'conversation' ? [one.data.conversation] : [],
    )
    expect(new Set(conversations).size).toBe(2)
  },
  120_000,
)
