import { afterEach, expect, test } from '@jest/globals'
import type { ModelItem } from '../../../src/prove/model/items.ts'
import { codexVersions, currentCodex } from '../../rig/binaries.ts'
import { execCommand, inputTexts, message } from '../../rig/codex.ts'
import { long } from '../../rig/long.ts'
import { item } from '../rig.ts'
import { type CodexSite, answer, itemIn, makeCodexSite } from './rig.ts'

let site: CodexSite | undefined
afterEach(async () => site?.close())

const complete = message(answer('complete', 'all of it'))
const put = (file: string): ModelItem => execCommand(`echo x > ${file}`)

/** What the model does, request by request, at each item. */
const script: Readonly<Record<string, readonly ModelItem[]>> = {
  // Says so before there is anything, then works.
  Claims: [complete, put('src/claims.txt'), complete],
  // Writes elsewhere, is told, and takes it back.
  Leaves: [
    execCommand('echo x > src/leaves.txt; echo x > check.sh'),
    complete,
    execCommand('git show HEAD:check.sh > check.sh'),
    complete,
  ],
  // Breaks a gate, and mends it once the gate's own words reach it.
  Breaks: [put('src/bad.txt'), complete, execCommand('rm src/bad.txt; echo x > src/breaks.txt'), complete],
  Asks: [put('src/asks.txt'), message(answer('blocked', 'which colour?'))],
  Proposes: [message(answer('proposal', 'more', { kind: 'widen-scope', scope: ['docs/**'] }))],
  Unreadable: [message('I did it.'), put('src/unreadable.txt'), complete],
}
const names = Object.keys(script)

test.each(long ? codexVersions : [currentCodex])(
  'Codex %s is told in its own conversation what stands in the way, and a person what it asks',
  async (version) => {
    const asked = new Map<string, number>()
    site = await makeCodexSite({
      version,
      supervisor: { jobs: 2 },
      items: Object.fromEntries(
        names.map((name, nth) => [`00${nth + 1}-${name.toLowerCase()}.md`, item({ title: name })]),
      ),
      model: (request) => {
        const name = names.find((one) => itemIn(request) === one) ?? ''
        const nth = asked.get(name) ?? 0
        asked.set(name, nth + 1)
        return [script[name]?.[nth] ?? complete]
      },
    })
    await site.cli(['allow'])
    const ran = await site.cli(['run', '--json'])
    expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 5, stderr: '' })
    const status = await site.cli(['status', '--batch', '--json'])
    expect((JSON.parse(status.stdout) as { items: unknown }).items).toMatchObject([
      { id: '001', state: 'done' },
      { id: '002', state: 'done' },
      { id: '003', state: 'done' },
      { id: '004', state: 'parked', code: 'blocked' },
      { id: '005', state: 'parked', code: 'proposal' },
      { id: '006', state: 'done' },
    ])
    for (const name of ['claims', 'leaves', 'breaks', 'unreadable'])
      expect(site.show(`src/${name}.txt`)).toBe('x\n')
    // One conversation each, however many turns.
    const conversations = ran.events.filter((one) => one.type === 'conversation')
    expect(conversations.map((one) => one.data.item).toSorted()).toEqual(
      names.map((_, nth) => `00${nth + 1}`),
    )
    const last = (name: string): string =>
      inputTexts(site!.model.requests.findLast((one) => itemIn(one) === name)!)
        .filter((text) => /^message:(?:assistant|user You work)/.test(text))
        .join('\n')
    expect(last('Claims')).toMatch(/assistant .*all of it[^]*nothing has changed yet/)
    expect(last('Leaves')).toContain('out of scope: check.sh')
    expect(last('Breaks')).toContain('bad.txt is there')
    // Every token of the rollouts is on record.
    const tokens = ran.events.flatMap((one) => (one.type === 'turn-ended' ? [one.data.tokens ?? 0] : []))
    expect(tokens.reduce((sum, one) => sum + one, 0)).toBe(15 * site.model.requests.length)
  },
  240_000,
)
