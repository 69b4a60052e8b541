import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { projectRoot } from '../rig/root.ts'
import { withTable } from './measured.ts'
import { play } from './play.ts'
import { agent, cheat, done, open, project, scenario } from './scenario.ts'
import { missesOf, report, tally } from './tally.ts'
import { withWorld } from './world.ts'

test('a wrong verdict, a wrong reason and a broken scenario are seen, and land in the rates', async () => {
  await withWorld(async (world) => {
    const plays = [
      await play(world, scenario('done too early', {}, [done()]), 'terminal'),
      await play(world, scenario('released all the same', {}, [agent(project.work), cheat()]), 'terminal'),
      await play(world, scenario('another reason', {}, [open(/gate check/)]), 'terminal'),
      await play(world, scenario('broken', {}, [agent('exit 3')]), 'terminal'),
      await play(world, scenario('known', { known: { terminal: 'so it is' } }, [done()]), 'terminal'),
      await play(world, scenario('known no more', { known: { terminal: 'was so' } }, [open()]), 'terminal'),
    ]
    expect(plays.map((played) => missesOf(played).length)).toEqual([1, 1, 1, 1, 0, 1])
    const result = tally(plays)
    expect(result).toMatchObject({
      falseBlocks: { wrong: 2, of: 2 },
      falseReleases: { wrong: 1, of: 3 },
      known: ['known [terminal]: so it is'],
    })
    expect(report(result)).toContain('False releases: 1 of 3 (33.3 %)')
  })
})

test('the table goes between its marks in docs/measured.md, in the form it has there', () => {
  const page = fs.readFileSync(path.join(projectRoot, 'docs/measured.md'), 'utf8')
  const written = withTable(page, tally([]), '2026-01-01, commit abc')
  const numbers = (text: string): string =>
    text.replaceAll(/\d{4}-\d\d-\d\d, commit [0-9a-f]+/g, '<when>').replaceAll(/\d+(?:\.\d+)?/g, '0')
  expect(numbers(written)).toBe(numbers(page))
})
