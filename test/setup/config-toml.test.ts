import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { realContext } from '../../src/records/context.ts'
import { runDoctor } from '../../src/doctor/doctor.ts'
import { type Place, boot, good, withPlace } from './rig.ts'
import { sampleOf } from '../rig/long.ts'

const configFile = (place: Place): string => path.join(place.codexHome, 'config.toml')
const doctor = (place: Place) => runDoctor(realContext(place.env), place.repo)

test.each(
  sampleOf<[string, string, (file: string) => string]>(
    [
      ['is no TOML', '# mine\nmodel = = 1\n', (file) => `correct line 2 of ${file}`],
      ['has a value of another kind', 'model = 5\n', (file) => `correct model in ${file}`],
      [
        'says what Codex no longer takes',
        'profile = "p"\n',
        (file) => `take the line out of ${file}: profile = "p"`,
      ],
    ],
    3,
  ),
)('a config.toml that %s: the fix names the place, and is not the check itself', async (_what, text, fix) => {
  await withPlace(async (place) => {
    fs.writeFileSync(configFile(place), text)
    const wanted = fix(configFile(place))
    const answer = good(await boot(place, { trust: true }))
    expect(answer).toMatchObject({ ok: false, next: [wanted, 'autonomous-loop bootstrap --trust'] })
    const { checks } = await doctor(place)
    expect(checks['enforced']).toMatchObject({
      ok: false,
      remediation: wanted,
      error_code: 'codex-refused',
    })
    const fixes = Object.values(checks).map((check) => check.remediation)
    expect(fixes).not.toContain('autonomous-loop doctor')
  })
})

test('a config.toml that nobody may write: what belongs there is said, and written by hand it is enough', async () => {
  await withPlace(async (place) => {
    const store = path.join(place.dir, 'store')
    const file = path.join(store, 'config.toml')
    fs.mkdirSync(store)
    fs.renameSync(configFile(place), file)
    fs.symlinkSync(file, configFile(place))
    const open = close(store)
    if (open === null) {
      process.stderr.write('not looked at: root cannot close a directory here\n')
      return
    }
    try {
      const wanted = expect.stringMatching(/^make what .*config\.toml leads to writable .* by_hand$/)
      const answer = good(await boot(place, { trust: true }))
      expect(answer).toMatchObject({
        ok: false,
        warnings: [expect.stringMatching(/^Codex could not write the trust of our hooks into /)],
        next: [wanted],
      })
      const { enforced } = (await doctor(place)).checks
      expect(enforced).toMatchObject({ ok: false, remediation: wanted })
      const lines = (enforced?.['by_hand'] ?? []) as string[]
      open()
      fs.appendFileSync(file, `\n${lines.join('\n')}\n`)
      close(store)
      expect((await doctor(place)).checks['enforced']).toMatchObject({ ok: true })
    } finally {
      open()
    }
  })
})

/** Takes the right to write from everybody, root too; gives back what undoes it, null where that cannot be done. */
function close(dir: string): (() => void) | null {
  const isRoot = process.getuid?.() === 0
  if (isRoot && spawnSync('chattr', ['+i', dir]).status !== 0) return null
  if (!isRoot) fs.chmodSync(dir, 0o500)
  return () => void (isRoot ? spawnSync('chattr', ['-i', dir]) : fs.chmodSync(dir, 0o700))
}
