import { expect, test } from '@jest/globals'
import { stopHeld } from '../../src/records/stop-held.ts'

const runs = { state: 'trusted', key: null } as const
const gone = { state: 'missing', key: null } as const

/** Codex goes on with what it saw when a session began; Claude Code reads its settings again. */
test.each([
  ['codex', undefined, null, 'unknown'],
  ['codex', 'trusted', runs, 'held'],
  ['codex', 'trusted', gone, 'not-held'],
  ['codex', 'missing', runs, 'not-held'],
  ['claude', undefined, runs, 'held'],
  ['claude', 'trusted', gone, 'not-held'],
  ['claude', 'missing', runs, 'held'],
  ['claude', 'missing', null, 'not-held'],
] as const)('in a session of %s that began with %s, and now %j', (host, began, now, kind) => {
  expect(stopHeld('s1', began, now, host).kind).toBe(kind)
})

test('the fix names the program of the session', () => {
  expect(stopHeld('s1', undefined, gone, 'claude')).toMatchObject({
    why: 'Claude Code does not run our Stop hook: its settings.json does not hold it',
    fix: 'autonomous-loop bootstrap --claude, then start this session again: claude --resume s1',
  })
})
