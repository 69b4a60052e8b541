import { describe, expect, test } from '@jest/globals'
import { realContext } from '../../src/records/context.ts'
import { planManaged } from '../../src/setup/managed/managed.ts'
import { managedGroups, systemPlaces } from '../../src/setup/managed/places.ts'
import { hasManaged } from '../../src/codex/managed-hooks.ts'
import { withManaged, withoutManaged } from '../../src/setup/managed/requirements.ts'
import { good, withPlace } from './rig.ts'

const groups = managedGroups(systemPlaces)

describe("our part of the system's requirements", () => {
  test.each([
    ['no file', null],
    ['an empty file', ''],
    ['other rules', '# ours\nallowed_approval_policies = ["never"]\n'],
    ['a last line without end', 'allowed_approval_policies = ["never"]'],
    ['features', '[features]\nweb_search = true\n\n[other]\nx = 1\n'],
    ['features at its end', '[features]'],
    ['features with dots', 'features.web_search = true\nx = 1\n'],
    ['hooks switched on', '[features]\nhooks = true # for all\n'],
    [
      'hooks of its own',
      '[hooks]\nmanaged_dir = "/opt/rules"\n[[hooks.Stop]]\nhooks = [{ type = "command", command = "true" }]\n',
    ],
  ])('goes in and comes out of %s', (_name, before) => {
    const after = good(withManaged(before, groups))
    expect(hasManaged(after)).toBe(true)
    expect(hasManaged(before ?? '')).toBe(false)
    for (const line of (before ?? '').split('\n')) expect(after.split('\n')).toContain(line)
    expect(after.match(/^(?:features\.)?hooks = true/gm)).toHaveLength(1)
    expect(after.match(/^\[features\]/gm)?.length ?? 0).toBeLessThanOrEqual(1)
    for (const { event, command } of groups)
      expect(after).toContain(
        `[[hooks.${event}]]\n${event === 'PostToolUse' ? 'matcher = "^update_plan$"\n' : ''}hooks = [{ type = "command", command = ${JSON.stringify(command)}`,
      )
    expect(good(withManaged(after, groups))).toBe(after)
    expect(good(withoutManaged(after))).toBe(before ?? '')
  })

  test('what is added behind it later stays', () => {
    const after = `${good(withManaged('a = 1\n', groups))}[later]\nb = 2\n`
    expect(good(withoutManaged(after))).toBe('a = 1\n[later]\nb = 2\n')
  })

  test.each([
    ['hooks = { Stop = [] }\n', 'managed-unclear'],
    ['features = { hooks = true }\n', 'managed-unclear'],
    ['[hooks]\nStop = []\n', 'managed-unclear'],
    ['["hooks"]\n"Stop" = []\n', 'managed-unclear'],
    ['x = """\n[features]\n"""\n', 'managed-unclear'],
    ['# <<< autonomous-loop <<<\n', 'managed-unclear'],
    ['[features]\nhooks = false\n', 'managed-hooks-off'],
    ['features.hooks = false\n', 'managed-hooks-off'],
  ])('is refused where it could mean something else: %j', (before, code) => {
    expect(withManaged(before, groups)).toMatchObject({ ok: false, error: { code } })
  })
})

test('only root may, and never an agent', async () => {
  await withPlace(async (place) => {
    const ask = (env: object) =>
      planManaged(
        { assets: good(place.assets), node: process.execPath, places: systemPlaces },
        realContext({ ...place.env, ...env }),
      )
    expect(ask({ uid: 1000 })).toMatchObject({ error: { code: 'managed-not-root' } })
    const { requirements } = systemPlaces
    const writable = { requirements, dir: `${place.dir}/lib` }
    if (process.getuid?.() !== 0) return
    const { chmodSync, mkdirSync } = await import('node:fs')
    mkdirSync(writable.dir)
    chmodSync(writable.dir, 0o777)
    const parts = { assets: good(place.assets), node: process.execPath, places: writable }
    expect(planManaged(parts, place.context)).toMatchObject({ error: { code: 'managed-unsafe' } })
  })
})
