import fs from 'node:fs'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { sampleOf } from '../../rig/long.ts'
import { type Ran, type Site, item, makeSite, startCli } from '../rig.ts'
import { killedProgram, stepsOf } from './killed.ts'

const program = killedProgram()

let site: Site
beforeEach(async () => {
  site = makeSite({
    items: { '001-a.md': item(), '002-b.md': item() },
    script: {
      '001': [{ steps: [{ write: 'src/one.txt', text: '1' }] }],
      '002': [{ answer: { status: 'blocked', summary: '' } }],
    },
  })
  expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
  expect(await site.cli(['run', '--json'])).toMatchObject({ code: 5 })
})
afterEach(() => site.remove())

/** A command that ends itself at this step; 0: at none. */
function killed(at: number, args: readonly string[]): Promise<Ran> {
  fs.rmSync(site.at('steps'), { force: true })
  const env = { ...site.env, KILLED_AT: String(at), KILLED_LOG: site.at('steps') }
  return startCli(site.repo, [...args, '--json'], env, program()).done
}

async function view(): Promise<{ head: string; items: { id: string; state: string }[] }> {
  const { stdout } = await site.cli(['status', '--batch'])
  return JSON.parse(stdout) as Awaited<ReturnType<typeof view>>
}

/** A commit of the person's that adds a file of this name. */
function commits(name: string): void {
  site.write(`src/${name}.txt`, name)
  site.git('add', '-A')
  site.git('commit', '-qm', name)
}

test('batch take that is killed at any step is finished by the next one, and the head is where the record says', async () => {
  commits('t0')
  expect(await killed(0, ['batch', 'take'])).toMatchObject({ code: 0 })
  const steps = stepsOf(site)
  expect(steps).toContain('head')
  for (const at of sampleOf(
    [...steps.keys()].map((nth) => nth + 1),
    4,
    1,
  )) {
    commits(`t${at}`)
    expect(await killed(at, ['batch', 'take'])).toMatchObject({ code: null })
    expect(await site.cli(['batch', 'take'])).toMatchObject({ code: 0 })
    expect((await view()).head).toBe(site.head())
    expect(site.show(`src/t${at}.txt`)).toBe(`t${at}`)
  }
  // The batch goes on from there.
  site.script({ '002': [{ steps: [{ write: 'src/two.txt', text: '2' }] }] })
  expect(await site.cli(['retry', '002'])).toMatchObject({ code: 0 })
  expect(await site.cli(['run', '--json'])).toMatchObject({ code: 0 })
  expect([site.show('src/t0.txt'), site.show('src/two.txt')]).toEqual(['t0', '2'])
}, 240_000)

test('an order that is killed at any step is carried out by the next command at the latest', async () => {
  for (let at = 1; ; at += 1) {
    site.write('.codex/backlog/003-c.md', item({ title: `Nr. ${at}` }))
    const { code } = await killed(at, ['accept', '003'])
    if (code !== null) {
      expect({ at, code }).toEqual({ at: 3, code: 0 })
      return
    }
    // Whatever command takes the lock next takes it in.
    expect(await site.cli(['stop'])).toMatchObject({ code: 0 })
    const { items } = await view()
    expect(items.find((one) => one.id === '003')).toMatchObject({ state: 'ready', edited: false })
  }
}, 120_000)
