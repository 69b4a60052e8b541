import { expect, test } from '@jest/globals'
import { capIn } from '../../src/claude/block-cap.ts'
import { type InstalledSettings, mergeSettings, removeSettings } from '../../src/claude/settings-text.ts'
import { settingsStandings } from '../../src/claude/standing.ts'
import { claudeGroups } from '../../src/setup/groups.ts'

const groups = claudeGroups('/home/of us', 3600)

/** Texts of a person's settings.json, each of them strict JSON. */
const texts: Readonly<Record<string, string | null>> = {
  'no file': null,
  empty: '{}',
  'empty, on lines': '{\n}\n',
  'other keys': '{\n  "model": "opus",\n  "permissions": {"allow": ["Bash"]}\n}\n',
  'an env of their own': '{\n\t"env": {\n\t\t"A": "b"\n\t}\n}',
  'an empty env': '{"env": {}}',
  'a cap of their own': '{"env": {"CLAUDE_CODE_STOP_HOOK_BLOCK_CAP": "20"}}',
  'hooks of their own, in one of our events and in another':
    '{ "hooks": { "Stop": [ {"hooks": [{"type": "command", "command": "say done"}]} ], "PreToolUse": [] } ,"env":{"X":"1"}}',
  'line ends of Windows': '{\r\n  "theme": "dark",\r\n  "hooks": {}\r\n}\r\n',
}

test.each(Object.entries(texts))(
  '%s: every byte comes back, and a second time changes nothing',
  (_name, text) => {
    const merged = mergeSettings(text, groups, null)
    if (!merged.ok) throw new Error(merged.error.message)
    const { text: hooked, capSet } = merged.value
    expect(JSON.parse(hooked)).toMatchObject({ hooks: { Stop: expect.anything() } })
    expect(capSet).toBe(text?.includes('"20"') ? '20' : '0')
    expect(capIn(hooked)).toBe(capSet)
    const commands = new Map(groups.map(({ event, command }) => [event, command]))
    for (const { state } of settingsStandings(hooked, commands).values()) expect(state).toBe('trusted')

    const again = mergeSettings(hooked, groups, stored(merged.value))
    expect(again).toMatchObject({ ok: true, value: { text: hooked, changed: false } })
    for (const before of [merged.value, ...(again.ok ? [again.value] : [])])
      expect(removeSettings(hooked, stored(before))).toEqual({ ok: true, value: { text, changed: true } })
  },
)

/** As it comes back from machine.json. */
const stored = (settings: InstalledSettings): InstalledSettings =>
  JSON.parse(JSON.stringify({ installed: settings.installed, cap: settings.cap })) as InstalledSettings

test('what the person changed meanwhile stays', () => {
  const merged = mergeSettings('{\n  "env": {\n    "A": "1"\n  }\n}\n', groups, null)
  if (!merged.ok) throw new Error(merged.error.message)
  const edited = merged.value.text.replace('"A": "1"', '"A": "2",\n    "B": "3"')
  const removed = removeSettings(edited, stored(merged.value))
  expect(removed).toMatchObject({
    value: { text: '{\n  "env": {\n    "A": "2",\n    "B": "3"\n  }\n}\n' },
  })
})

test.each([
  ['a comment', '{ // mine\n}'],
  ['a trailing comma', '{"model": "opus",}'],
  ['nothing', ''],
  ['an array of events that is none', '{"hooks": {"Stop": {}}}'],
])('%s is refused: Claude Code ignores such a file as a whole', (_name, text) => {
  expect(mergeSettings(text, groups, null)).toMatchObject({
    ok: false,
    error: { code: 'hooks-json-invalid', message: expect.stringContaining('settings.json is not usable') },
  })
})

test.each([
  ['missing', '{}'],
  ['missing', null],
  ['unreadable', '{,}'],
  ['off', '{"disableAllHooks": true}'],
] as const)('a hook is %s in %s', (state, text) => {
  expect(settingsStandings(text, new Map([['Stop', 'x']])).get('Stop')).toEqual({ state, key: null })
})
