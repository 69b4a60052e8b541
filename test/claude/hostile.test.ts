import fs from 'node:fs'
import { expect, test } from '@jest/globals'
import { withClaude } from '../rig/claude.ts'
import { sampleOf } from '../rig/long.ts'
import { bash, say } from '../rig/messages-api.ts'
import { type Held, heldThroughout, runOf, said } from './rig.ts'

const order = '$autonomous-loop write the greeting'
const home = '"$HOME"/.codex/autoloop'
const key = '"$CLAUDE_CODE_SESSION_ID"'

/** As a program does it: Claude Code asks for words that name its settings. It then waits for longer than they need to be read. */
const write = (file: string, text: string): string =>
  `mkdir -p .claude; printf '%s' '${text}' > written; mv written ${file}; node -e 'setTimeout(() => {}, 2500)'`

/** What an agent that nothing keeps from our files does, without the work. `closed`: every stop then fails closed. */
const acts = [
  ['takes our hooks out of the settings', write('"$CLAUDE_CONFIG_DIR"/settings.json', '{}'), 'halted'],
  ['removes the marker', `rm ${home}/armed/${key}`, 'closed'],
  [
    'edits the ledger',
    `sed -i 's/write the greeting/write nothing/' ${home}/sessions/${key}/ledger.jsonl`,
    'closed',
  ],
  ['empties the ledger', `: > ${home}/sessions/${key}/ledger.jsonl`, 'closed'],
  [
    'weakens the config',
    `sed -i 's/"npm"/"true"/' .codex/autoloop.project.json; mkdir -p src; echo hi > src/greeting.txt`,
    'parked',
  ],
] as const

withClaude((bin) => {
  let lab: Held
  heldThroughout(bin, (made) => (lab = made))

  test.each(sampleOf(acts, 3))('an agent that %s is not released', async (_what, command, then) => {
    const before = fs.readFileSync(lab.settings)
    const config = fs.readFileSync(`${lab.repo}/.codex/autoloop.project.json`)
    lab.says([bash(command)], [say('Done.')])
    const session = await lab.claude(order)
    fs.writeFileSync(lab.settings, before)
    fs.rmSync(`${lab.repo}/.claude`, { recursive: true, force: true })
    fs.writeFileSync(`${lab.repo}/.codex/autoloop.project.json`, config)
    expect(said(session).join('\n')).not.toContain('released.')
    if (then === 'closed') expect(said(session).at(-1)).toContain('failed closed')
    else expect(await runOf(lab, session.sessionId)).toMatchObject({ state: then })
  })
})
