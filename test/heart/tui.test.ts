import { expect, test } from '@jest/globals'
import fs from 'node:fs'
import path from 'node:path'
import {
  type ModelAnswer,
  type ModelRequest,
  codeModeCommand,
  inputTexts,
  message,
  onlyRun,
  withInstalled,
} from '../rig/installed.ts'
import { startTui } from '../rig/tui.ts'
import { long } from '../rig/long.ts'

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

const flags = ['--no-daemon', '-a', 'never', '-s', 'workspace-write']

/** Turn by turn; what the TUI asks for a title of the session, in a form of its own, is none. */
function turns(...answers: readonly ModelAnswer[]): (request: ModelRequest) => ModelAnswer {
  let turn = 0
  return (request) =>
    JSON.stringify(request.body['text']).includes('json_schema')
      ? [message('{"title":"Greet"}')]
      : (answers[turn++] ?? [message('Nothing more.')])
}
const times = (text: string, part: string): number => text.split(part).length - 1

if (long)
  test('an answer is on the screen once, and not under "Blocked by hook"', async () => {
    await withInstalled({ model: 'gpt-6-sol', script: () => turns() }, async (lab) => {
      const tui = startTui(lab, [...flags, 'autonomous-loop status'])
      try {
        await tui.shows(/Hook stopped/)
        await tui.shows(/no open run in this session/)
        await tui.shows(/Worked for/)
        expect(times(tui.text(), 'no open run in this session')).toBe(1)
        expect(tui.text()).not.toContain('Blocked by hook')
        expect(lab.requests).toEqual([])
      } finally {
        await tui.close()
      }
    })
  })

if (long)
  test('status typed while the agent works is answered, and the turn goes on to a stop that is judged', async () => {
    await withInstalled(
      {
        model: 'gpt-6-sol',
        script: () =>
          turns(
            [codeModeCommand('mkdir -p src; : > src/begun; while [ ! -e src/go ]; do sleep 0.1; done')],
            [codeModeCommand('printf hello > src/greeting.txt')],
            [message('Done.')],
          ),
      },
      async (lab) => {
        const tui = startTui(lab, [...flags, '$autonomous-loop write the greeting'])
        try {
          await tui.shows(/autonomous-loop: armed/)
          while (!fs.existsSync(path.join(lab.repo, 'src/begun')))
            await new Promise((resolve) => setTimeout(resolve, 50))
          tui.type('autonomous-loop status')
          await tui.shows(/autonomous-loop status/)
          tui.type('\r')
          await tui.shows(/Hook · autonomous-loop: Run \w+ is active/)
          lab.write('src/go', '')
          await tui.shows(/autonomous-loop: released/)
          expect(await onlyRun(lab)).toMatchObject({ state: 'released' })
          expect(inputTexts(lab.requests.at(-1) ?? { body: {} }).join('\n')).toContain('Go on with your work')
        } finally {
          await tui.close()
        }
      },
    )
  })

if (long)
  test('a turn in plan mode is not judged, and says so; the first one after it is', async () => {
    await withInstalled(
      {
        model: 'gpt-6-sol',
        script: () => turns([message('This is the plan.')], [message('Done.')], [message('Really.')]),
      },
      async (lab) => {
        const tui = startTui(lab, flags)
        try {
          await tui.shows(/GPT-6-Sol default/)
          tui.type('/plan')
          await tui.shows(/switch to Plan mode/)
          tui.type('\r')
          await tui.shows(/for Plan mode\./)
          tui.type('$autonomous-loop write the greeting')
          await tui.shows(/write the greeting/)
          tui.type('\r')
          await tui.shows(/a turn in plan mode is not judged/)
          expect(await onlyRun(lab)).toMatchObject({ state: 'active', iteration: 0 })
          // shift+tab
          tui.type('\u001b[Z')
          tui.type('do it')
          await tui.shows(/do it/)
          tui.type('\r')
          await tui.shows(/autonomous-loop: not done yet \(stop 1 of 12\)/)
          expect(tui.text()).not.toContain('without a check')
        } finally {
          await tui.close()
        }
      },
    )
  })
