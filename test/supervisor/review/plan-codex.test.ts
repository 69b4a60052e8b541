import { afterEach, expect, test } from '@jest/globals'
import { codexVersions } from '../../rig/binaries.ts'
import { execCommand, message } from '../../rig/codex.ts'
import { inputTexts } from '../../../src/prove/model/request.ts'
import type { ModelRequest } from '../../../src/prove/model/scripted-model.ts'
import { type CodexSite, answer, makeCodexSite } from '../codex/rig.ts'
import { item } from '../rig.ts'

let site: CodexSite | undefined
afterEach(async () => site?.close())

const told = (request: ModelRequest): string => inputTexts(request).join('\n')

test.each(codexVersions.slice(-1))(
  'the real Codex %s plans and reads the plan, in conversations of their own, and can write nothing there',
  async (version) => {
    let looked = 0
    site = await makeCodexSite({
      version,
      items: { '001-cart.md': item({ title: 'Add a cart' }) },
      files: { 'AGENTS.md': 'HOUSE-RULES\n' },
      supervisor: { roles: { work: ['codex'], plan: ['codex'], planReview: ['codex'] } },
      model: (request) => {
        const text = told(request)
        if (text.includes('You read a plan'))
          return [message(JSON.stringify({ verdict: 'pass', findings: [] }))]
        if (text.includes('You plan one item')) {
          looked += 1
          return looked === 1
            ? [execCommand('ls src; echo evil > src/evil.txt; echo "wrote: $?"')]
            : [message(JSON.stringify({ plan: 'PLAN: write src/cart.txt' }))]
        }
        return text.includes('call_output') || looked > 2
          ? [message(answer('complete', 'done'))]
          : ((looked = 3), [execCommand('echo cart > src/cart.txt')])
      },
    })
    expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
    const ran = await site.cli(['run', '--json'])
    expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' })
    expect(site.show('src/cart.txt')).toBe('cart\n')
    expect(site.show('src/evil.txt')).toBeNull()
    const all = site.model.requests.map(told)
    const [planner, wrote] = all.filter((text) => text.includes('You plan one item'))
    expect(planner).toContain('HOUSE-RULES')
    expect(wrote).toMatch(/wrote: [1-9]/)
    const [critic] = all.filter((text) => text.includes('You read a plan'))
    expect(critic).toContain('PLAN: write src/cart.txt')
    // Nothing of the project's speaks to it.
    expect(critic).not.toContain('HOUSE-RULES')
    const [worker] = all.filter((text) => text.includes('You work on one item'))
    expect(worker).toContain('PLAN: write src/cart.txt')
    expect(worker).not.toContain('You plan one item')
  },
  120_000,
)
