import { expect, test } from '@jest/globals'
import { settledConfig } from '../../src/supervisor/batch/open.ts'

const agents = {
  mine: { adapter: 'command', argv: ['./agent.sh'] },
  codex: { adapter: 'codex' },
  claude: { adapter: 'claude' },
  gemini: { adapter: 'gemini' },
}
const text = (supervisor: object): string =>
  JSON.stringify({
    version: 2,
    commands: { test: { argv: ['sh', 'check.sh'], network: 'none' } },
    gateProfiles: { fast: [], default: [], final: ['test'] },
    supervisor: { agents, roles: { work: ['mine'] }, ...supervisor },
  })

const said = (given: string): unknown => {
  const settled = settledConfig(given, 'config.json')
  return settled.ok ? 'fits' : [settled.error.code, settled.error.data?.['settings'] ?? null]
}

test('what this version does nothing about is refused by its name, and never passed over', () => {
  expect(said(text({}))).toBe('fits')
  expect(said(text({ onQuota: 'exit', limits: { attempts: 2 } }))).toBe('fits')
  expect(
    said(text({ roles: { work: ['mine'], review: ['codex'], plan: ['mine'], planReview: ['codex'] } })),
  ).toBe('fits')
  expect(said(text({ escalate: { effort: 'high' } }))).toBe('fits')
  expect(said(text({ onQuota: 'next' }))).toBe('fits')
  expect(said(text({ gateJobs: 2 }))).toEqual(['batch-config', ['supervisor.gateJobs']])
  expect(said(text({ limits: { batchTokens: 5, itemMinutes: 1 } }))).toBe('fits')
  expect(said(text({ on: { parked: { argv: ['true'] } } }))).toBe('fits')
})

test('an agent that cannot be started is said before anything begins', () => {
  expect(said(text({ roles: { work: ['codex'] } }))).toBe('fits')
  expect(said(text({ roles: { work: ['claude'] } }))).toBe('fits')
  expect(said(text({ roles: { work: ['gemini'] } }))).toBe('fits')
  for (const role of ['plan', 'planReview', 'review'])
    expect(said(text({ roles: { work: ['mine'], [role]: ['claude'] } }))).toBe('fits')
  expect(said(text({ agents: {}, roles: {} }))).toEqual(['batch-config', null])
})
