import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { projectRoot } from '../rig/root.ts'
import { type Site, makeSite } from './rig.ts'

let site: Site | undefined
afterEach(() => site?.remove())

const document = fs.readFileSync(path.join(projectRoot, 'docs/supervisor.md'), 'utf8')
const example = /^## An example\n([^]*?)^## From an item/m.exec(document)?.[1] ?? ''

/** A line that begins with a path in code, and the block below it. */
const files = [...example.matchAll(/^`([^`\n]+)`[^\n]*\n\n```(?:md|json|text)\n([^]*?)^```$/gm)].map(
  ([, name = '', text = '']): [string, string] => [name, text],
)
const commands = [
  ...(/^```sh\n([^]*?)^```$/m.exec(example)?.[1] ?? '').matchAll(/^autonomous-loop (.*)$/gm),
].map(([, words = '']) => words.split(' '))

test('the example of docs/supervisor.md does what it says', async () => {
  expect(files.map(([name]) => name)).toEqual([
    '.codex/backlog/001-hello.md',
    '.codex/backlog/002-goodbye.md',
    '.codex/autoloop.project.json',
    'check.sh',
    'agent.sh',
    'src/start.sh',
  ])
  const at = makeSite({ items: {} })
  site = at
  at.git('rm', '-rqf', '.')
  for (const [name, text] of files) at.write(name, text)
  fs.chmodSync(path.join(at.repo, 'agent.sh'), 0o755)
  at.git('add', '-A')
  at.git('commit', '-qm', 'the example')
  expect(commands.map(([first]) => first)).toEqual(['allow', 'run', 'status', 'land'])
  for (const words of commands) {
    const ran = await at.cli([...words, '--text'])
    expect({ words, ...ran, stdout: '' }).toMatchObject({ words, code: 0, stderr: '' })
  }
  expect(at.git('log', '-2', '--format=%s %an')).toBe('Say goodbye A Person\nSay hello A Person\n')
  expect(fs.readFileSync(path.join(at.repo, 'src/goodbye.sh'), 'utf8')).toBe('echo "Goodbye, $1"\n')
}, 120_000)
