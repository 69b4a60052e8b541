import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { readMachine } from '../../src/records/machine.ts'
import { uninstall } from '../../src/setup/uninstall.ts'
import { type Place, boot, good, withPlace } from './rig.ts'
import { long, sampleOf } from '../rig/long.ts'

const take = { force: false, purge: false, dryRun: false }
const enable = { trust: true, mayEnablePlanTool: () => Promise.resolve(true) }
const mine = '# mine\nmodel = "gpt-5.5"   # why\n\n[features]\nhooks = true\n\n[profiles.fast]\nmodel = "x"\n'
const configFile = (place: Place): string => path.join(place.codexHome, 'config.toml')
const setting = (place: Place): string => `${configFile(place)}: [tools.update_plan] enabled`

async function config(text: string, use: (place: Place) => Promise<void>): Promise<void> {
  await withPlace(async (place) => {
    fs.writeFileSync(configFile(place), text)
    await use(place)
  })
}
const read = (place: Place): string => fs.readFileSync(configFile(place), 'utf8')

test.each(sampleOf(['once', 'twice'], 2))(
  'what bootstrap wrote goes again, after it was called %s',
  async (times) => {
    await config(mine, async (place) => {
      good(await boot(place, enable))
      if (times === 'twice') good(await boot(place, enable))
      expect(read(place)).toMatch(/update_plan/)
      expect(good(readMachine(place.home)).planTool).toBe(true)

      const withTool = read(place)
      const planned = good(await uninstall({ ...take, dryRun: true }, place.context))
      expect(planned.removed).toContain(setting(place))
      expect(read(place)).toBe(withTool)

      const answer = good(await uninstall(take, place.context))
      expect(answer).toMatchObject({ kept: [], warnings: [] })
      expect(answer.removed).toContain(setting(place))
      expect(read(place)).toBe(mine)
    })
  },
)

if (long)
  test('what the person said before stays, and is no matter of ours', async () => {
    const own = `${mine}\n[tools.update_plan]\nenabled = true\n`
    await config(own, async (place) => {
      good(await boot(place, enable))
      expect(good(readMachine(place.home)).planTool).toBeUndefined()
      const answer = good(await uninstall(take, place.context))
      expect([answer.removed, answer.kept].flat()).not.toContain(setting(place))
      expect(read(place)).toBe(own)
    })
  })

test('what was changed since stays and is named; what stands beside it stays', async () => {
  await config(mine, async (place) => {
    good(await boot(place, enable))
    fs.writeFileSync(configFile(place), read(place).replace(/(update_plan\]\nenabled = )true/, '$1false'))
    const answer = good(await uninstall(take, place.context))
    expect(answer.kept).toEqual([setting(place)])
    expect(read(place)).toBe(`${mine}\n[tools.update_plan]\nenabled = false\n`)
  })
})

if (long)
  test('what somebody took out and wrote anew is theirs', async () => {
    await config(mine, async (place) => {
      good(await boot(place, enable))
      const text = read(place)
      fs.writeFileSync(configFile(place), mine)
      good(await boot(place, { trust: true }))
      expect(good(readMachine(place.home)).planTool).toBeUndefined()
      fs.writeFileSync(configFile(place), text)
      expect(good(await uninstall(take, place.context)).removed).not.toContain(setting(place))
      expect(read(place)).toContain('enabled = true')
    })
  })

if (long)
  test('a config.toml that Codex cannot read stops no uninstall, and what stays is said', async () => {
    await config(mine, async (place) => {
      good(await boot(place, enable))
      fs.appendFileSync(configFile(place), 'model = = 1\n')
      const { warnings } = good(await uninstall(take, place.context))
      expect(warnings).toContainEqual(
        expect.stringMatching(/\[tools\.update_plan\] enabled stays, which bootstrap wrote: /),
      )
    })
  })
