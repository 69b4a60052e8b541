import { expect, test } from '@jest/globals'
import { codeModeCommand, message, onlyRun, withInstalled } from '../rig/installed.ts'
import { startTui } from '../rig/tui.ts'

test('in the TUI the block is on the screen, and so is the release', async () => {
  await withInstalled(
    {
      // Other models are met with a question whether to try this one.
      model: 'gpt-6-sol',
      script: () => {
        let turn = 0
        return (request) => {
          // The TUI also asks for a title of the session, in the background and in a form of its own.
          if (JSON.stringify(request.body['text']).includes('json_schema'))
            return [message('{"title":"Greet"}')]
          turn += 1
          return turn === 2
            ? [codeModeCommand('mkdir -p src && printf hello > src/greeting.txt')]
            : [message(`Done (${turn}).`)]
        }
      },
    },
    async (lab) => {
      const tui = startTui(lab, [
        '--no-daemon',
        '-a',
        'never',
        '-s',
        'workspace-write',
        '$autonomous-loop write the greeting',
      ])
      try {
        await tui.shows(/Blocked by hook/)
        await tui.shows(/autonomous-loop: not done yet \(stop 1 of 12\)/)
        await tui.shows(/autonomous-loop: released/)
        expect(await onlyRun(lab)).toMatchObject({ state: 'released' })
      } finally {
        await tui.close()
      }
    },
  )
})
