import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import type { Turn } from '../../../src/agents/agent.ts'
import { withClaude } from '../../rig/claude.ts'
import { bash, messagesInOrder } from '../../rig/messages-api.ts'
import { said, watch } from '../rig.ts'
import { type ClaudeLab, KEY, complete, conversationOf, done, makeClaudeLab, tokensOf } from './rig.ts'

/* Turns of the real Claude Code as an agent, without a batch around them. */

let lab: ClaudeLab | undefined
afterEach(async () => lab?.close())

const turn = (more: Partial<Turn> = {}): Turn => ({ ...lab!.turn, ...more })

withClaude((bin) => {
  test('it works in the box, answers in the form that is asked for, and goes on with its conversation', async () => {
    lab = await makeClaudeLab(
      bin,
      messagesInOrder(
        [bash('echo made > src.txt; env')],
        { says: [done], tokens: 700 },
        { says: [done], tokens: 30 },
      ),
    )
    const first = watch(lab.claude(), turn())
    expect(await first.outcome).toEqual(complete)
    expect(fs.readFileSync(path.join(lab.workspace, 'src.txt'), 'utf8')).toBe('made\n')
    const id = conversationOf(first.events)
    expect(tokensOf(first.events)).toBe(715)
    lab.say('Go on.\n')
    const second = watch(lab.claude(), turn({ turn: 2, conversation: id, spent: 715 }))
    expect(await second.outcome).toEqual(complete)
    expect(conversationOf(second.events)).toBe(id)
    expect(tokensOf(second.events)).toBe(30)
    expect(lab.model.requests[2]?.text).toContain('echo made')
    expect(said(lab)).not.toContain(KEY)
  })
})
