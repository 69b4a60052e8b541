import { expect } from '@jest/globals'
import { answer } from '../asked.ts'
import { playBatch, site } from './played.ts'

/* One batch is played, and then looked at in every way: playing one costs more than all of these. */

playBatch(async () => {
  // While an agent is at work: it adds up, and looking ends nothing.
  expect(await answer(site, 0, 'audit', '--batch')).toMatchObject({ ok: true, findings: [] })
  expect(await answer(site, 0, 'show', '2')).toMatchObject({
    item: { state: 'working', stage: 'working' },
    shown: { verified: null, work: null, turns: [{ prompt: { bytes: expect.any(Number) } }] },
    next: 'autonomous-loop attach',
  })
  expect(await answer(site, 0, 'show', '2', '--export', site.at('early'))).toMatchObject({ attempts: 1 })
  expect(await answer(site, 0, 'explain', '--item', '2')).toMatchObject({ look: null })
})

await import('./show-cases.ts')
await import('./export-cases.ts')
await import('./audit-cases.ts')
// It changes the batch for good, so it comes last.
await import('./kept-cases.ts')
