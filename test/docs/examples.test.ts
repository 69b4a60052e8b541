import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { type Lab, equip, execCommand, greetingProject, inOrder, message, withLab } from '../rig/installed.ts'
import { projectRoot } from '../rig/root.ts'
import { onTerminal, retyped, steady, writesAnew } from './typed.ts'

/** Typed again, command by command, in a terminal. */
const file = path.join(projectRoot, 'docs/examples.md')

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
      const anew = await retyped(document, async (command) => shown(await type(lab, command), lab))
      expect(fs.existsSync(home)).toBe(true)
      if (writesAnew) fs.writeFileSync(file, anew)
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

/** The shell's line as a terminal of a hundred columns shows it. */
function type(lab: Lab, command: string): Promise<string> {
  const tools = path.join(lab.dir, 'tools')
  if (!fs.existsSync(tools)) {
    fs.mkdirSync(tools)
    fs.symlinkSync(lab.codexPath, path.join(tools, 'codex'))
    const ours = path.join(projectRoot, 'bin/autonomous-loop.js')
    const text = `#!/bin/sh\nexec '${process.execPath}' '${ours}' "$@"\n`
    fs.writeFileSync(path.join(tools, 'autonomous-loop'), text, { mode: 0o755 })
  }
  const env = lab.env({ NO_COLOR: '1', TERM: 'xterm', BASH_ENV: undefined })
  return onTerminal(`{ ${command}; } < /dev/null`, 100, {
    cwd: lab.repo,
    env: { ...env, PATH: `${tools}:${env['PATH']}` },
  })
}

/** As it would look on a machine of yours. */
function shown(text: string, lab: Lab): string {
  return text
    .replaceAll(lab.repo, '/home/you/greeting')
    .replaceAll(lab.userHome, '/home/you')
    .replaceAll(lab.codexPath, '/usr/local/bin/codex')
    .replaceAll(projectRoot, '/usr/local/lib/node_modules/autonomous-loop')
}
