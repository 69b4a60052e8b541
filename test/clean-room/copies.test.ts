import { expect, test } from '@jest/globals'
import { play, roomConfig } from './lab.ts'
import { long } from '../rig/long.ts'

const config = '.codex/autoloop.project.json'

const gate = [
  'sh',
  '-c',
  'grep -qx KEY=1 .env.test && grep -qx hello src/a.txt || { cat .env.test src/a.txt; exit 1; }',
]

if (long)
  test('a room has the ignored files of the start, and what becomes of them later is not asked', async () => {
    await play(
      {
        files: {
          [config]: roomConfig(gate, { copy: ['.env.test', '.env.missing'] }),
          '.gitignore': '.env*\n',
          'src/a.txt': 'bye\n',
        },
        person: 'echo KEY=1 > .env.test',
        agent: ['true', 'rm .env.test && echo hello > src/a.txt'],
      },
      ({ blocks, run }) => {
        expect(blocks).toHaveLength(1)
        expect(blocks[0]).toContain('KEY=1')
        expect(blocks[0]).not.toContain('.env.missing')
        expect(run).toMatchObject({ state: 'released', copy_unmatched: ['.env.missing'] })
      },
    )
  })

test('an agent that writes them makes no gate pass', async () => {
  await play(
    {
      files: {
        [config]: roomConfig(gate, { copy: ['.env.test'] }),
        '.gitignore': '.env*\n',
        'src/a.txt': 'bye\n',
      },
      person: 'echo KEY=0 > .env.test',
      agent: ['true', "echo KEY=1 > .env.test && echo hello > src/a.txt && echo '!.env.test' >> .gitignore"],
    },
    ({ blocks, run }) => {
      expect(blocks.length).toBeGreaterThan(1)
      expect(blocks.at(-1)).toContain('KEY=0')
      expect(run.state).not.toBe('released')
    },
  )
})
