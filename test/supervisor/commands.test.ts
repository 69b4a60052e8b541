import { afterEach, describe, expect, test } from '@jest/globals'
import { type ScriptedTurn, type Site, type SiteParts, item, makeSite } from './rig.ts'

let site: Site | undefined
afterEach(() => site?.remove())

const writes = (file: string, text = `${file}\n`): readonly ScriptedTurn[] => [
  { steps: [{ write: file, text }] },
]
/** Says that it cannot go on, so that the item is parked. */
const blocked: readonly ScriptedTurn[] = [{ answer: { status: 'blocked', summary: 'which format?' } }]

async function opened(parts: SiteParts): Promise<Site> {
  site = makeSite(parts)
  expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
  return site
}

/** The answer of a command that ends with this exit status. */
async function answer(at: Site, code: number, ...args: readonly string[]): Promise<Record<string, unknown>> {
  const ran = await at.cli(args)
  expect({ args, code: ran.code, stderr: ran.stderr, stdout: code === ran.code ? '' : ran.stdout }).toEqual({
    args,
    code,
    stderr: '',
    stdout: '',
  })
  return JSON.parse(ran.stdout) as Record<string, unknown>
}

async function states(at: Site): Promise<Record<string, string>> {
  const view = await answer(at, 0, 'status', '--batch')
  const items = view['items'] as readonly { id: string; state: string; code: string | null }[]
  return Object.fromEntries(
    items.map((one) => [one.id, one.code === null ? one.state : `${one.state}: ${one.code}`]),
  )
}

describe('retry and drop', () => {
  test('a parked item is tried again once a person says so, and one that is dropped takes its dependants with it', async () => {
    const at = await opened({
      items: {
        '001-a.md': item(),
        '002-b.md': item({ front: 'after: [001]\n' }),
        '003-c.md': item(),
      },
      script: { '001': blocked, '003': writes('src/c.txt') },
    })
    expect((await at.cli(['run', '--json'])).code).toBe(5)
    expect(await states(at)).toEqual({ '001': 'parked: blocked', '002': 'waiting', '003': 'done' })
    expect(await answer(at, 5, 'status', '--batch', '--check')).toMatchObject({
      next: 'autonomous-loop retry --all',
      items: [{ why: 'which format?' }, { waits_for: { kind: 'after', items: ['001'] } }, {}],
    })

    expect(await answer(at, 1, 'retry', '003')).toMatchObject({ error_code: 'no-item' })
    expect(await answer(at, 1, 'retry', '9')).toMatchObject({ error_code: 'no-item' })
    expect(await answer(at, 0, 'retry', '1')).toMatchObject({ items: ['001'], running: false })
    expect(await states(at)).toMatchObject({ '001': 'ready', '002': 'waiting' })
    expect(await answer(at, 6, 'status', '--batch', '--check')).toMatchObject({
      state: 'paused',
      code: 'not-running',
      next: 'autonomous-loop run',
    })
    expect((await at.cli(['run', '--json'])).code).toBe(5)

    expect(await answer(at, 1, 'drop', '001')).toMatchObject({ error_code: 'has-dependants' })
    expect(await states(at)).toMatchObject({ '001': 'parked: blocked' })
    expect(await answer(at, 0, 'drop', '001', '--with-dependants')).toMatchObject({ items: ['001', '002'] })
    expect(await states(at)).toEqual({ '001': 'dropped', '002': 'dropped', '003': 'done' })
    expect(await answer(at, 1, 'drop', '001')).toMatchObject({ error_code: 'no-item' })
    expect((await at.cli(['run', '--json'])).code).toBe(0)
  }, 120_000)
})
