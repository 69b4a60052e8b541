import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { type Lab, equip, execCommand, greetingProject, inOrder, message, withLab } from '../rig/installed.ts'
import { projectRoot } from '../rig/root.ts'

/*
 * docs/examples.md is typed again, command by command, in a terminal. With AUTOLOOP_WRITE_EXAMPLES=1 the document is
 * written anew from what the program prints; read the difference before it is committed.
 */
const file = path.join(projectRoot, 'docs/examples.md')
const session = /^```console\n(.*?)^```$/gms

test('docs/examples.md shows what the program prints', async () => {
  const document = fs.readFileSync(file, 'utf8')
  await withLab(
    {
      repoFiles: { ...greetingProject, ...contracts },
      script: inOrder(
        [message('All done!')],
        [execCommand('mkdir -p src && printf wrong > src/greeting.txt')],
        [message('Now it is done.')],
        [execCommand('printf hello > src/greeting.txt')],
        [message('Done, really.')],
        [message('Hello.')],
      ),
    },
    async (lab) => {
      const { home } = equip(lab)
      const written: string[] = []
      for (const [, block = ''] of document.matchAll(session)) {
        let text = ''
        for (const command of block.split('\n').filter((line) => line.startsWith('$ '))) {
          text += `${command}\n${shown(await type(lab, command.slice(2)), lab)}`
        }
        written.push(text)
      }
      expect(fs.existsSync(home)).toBe(true)
      let next = 0
      const anew = document.replaceAll(session, () => `\`\`\`console\n${written[next++]}\`\`\``)
      if (process.env['AUTOLOOP_WRITE_EXAMPLES'] === '1') fs.writeFileSync(file, anew)
      else expect(steady(anew)).toBe(steady(document))
    },
  )
}, 120_000)

const contracts = {
  '.codex/contracts/broken.yaml': `objective: Write the greeting
tasks:
  - id: T1
    title: Write it
    evidence:
      - {kind: pathChanged, glob: ../src}
      - {kind: commandRef, name: tests}
`,
  '.codex/contracts/goodbye.md': `# Write the goodbye

## T1: Write src/goodbye.txt
- pathExists: src/goodbye.txt
`,
}

/** What a terminal of a hundred columns shows of a command. */
async function type(lab: Lab, command: string): Promise<string> {
  const tools = path.join(lab.dir, 'tools')
  if (!fs.existsSync(tools)) {
    fs.mkdirSync(tools)
    fs.symlinkSync(lab.codexPath, path.join(tools, 'codex'))
    const ours = path.join(projectRoot, 'bin/autonomous-loop.js')
    const text = `#!/bin/sh\nexec '${process.execPath}' '${ours}' "$@"\n`
    fs.writeFileSync(path.join(tools, 'autonomous-loop'), text, { mode: 0o755 })
  }
  const env = lab.env({ NO_COLOR: '1', TERM: 'xterm', BASH_ENV: undefined })
  const child = spawn(
    'script',
    ['-qefc', `stty rows 50 cols 100; { ${command}; } < /dev/null`, '/dev/null'],
    {
      cwd: lab.repo,
      env: { ...env, PATH: `${tools}:${env['PATH']}`, SHELL: '/bin/sh' },
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  await once(child, 'close')
  return text.replaceAll('\r\n', '\n').replaceAll(/\u001b\[[0-9;?]*[A-Za-z]|[^\n]*\r/g, '')
}

/** As it would look on a machine of yours. */
function shown(text: string, lab: Lab): string {
  return text
    .replaceAll(lab.repo, '/home/you/greeting')
    .replaceAll(lab.userHome, '/home/you')
    .replaceAll(lab.codexPath, '/usr/local/bin/codex')
    .replaceAll(projectRoot, '/usr/local/lib/node_modules/autonomous-loop')
    .replaceAll(/[ \t]+$/gm, '')
}

/** Without what differs from one time to the next. */
function steady(text: string): string {
  return (
    text
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<session>')
      .replaceAll(/\b[0-9a-f]{12,64}\b/g, '<hex>')
      .replaceAll(/\b\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?\b/g, '<time>')
      .replaceAll(/\b\d\d:\d\d:\d\d\b/g, '<time>')
      .replaceAll(/\bjust now\b|\b\d+ (?:s|min|seconds?|minutes?) ago\b/g, '<ago>')
      .replaceAll(/\b\d+(?:\.\d+)? ?(?:ms|s|seconds?)\b/g, '<duration>')
      .replaceAll(/\bnode v?\d+\.\d+\.\d+/g, '<node>')
      // What held a run as often stands by how long it did.
      .replaceAll(/(?<=Blocked \d+ times: )[^.]+(?=\.)/g, (held) => held.split(', ').sort().join(', '))
      .replaceAll(/ {2,}/g, '  ')
  )
}
