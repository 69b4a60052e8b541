import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { sampleOf } from '../rig/long.ts'
import { projectRoot } from '../rig/root.ts'
import { type ScriptedTurn, type Site, makeSite } from './rig.ts'

/*
 * The pages for people who come from another program: a project in the form of that program, the config of the page, and then
 * every command line of "Step by step", as it stands there. Nobody sits at a terminal, so `--yes` is added where somebody is asked.
 * The short form has the first: test/supervisor/backlog-import.test.ts and test/supervisor/goal play what the others come to.
 */

let site: Site | undefined
afterEach(() => site?.remove())

const codexLoop = {
  'codex-loop.yaml': JSON.stringify(
    {
      version: 1,
      project: { name: 'demo' },
      goal: { summary: 'A shop', done_when: ['All tests pass'] },
      execution: { max_iterations: 20 },
      codex: { model: 'o3' },
      verification: { commands: ['sh check.sh', 'grep -q cart src/cart.txt'] },
    },
    null,
    2,
  ),
  'tasks/001-ground.md': '# Lay the ground\nThere is a src/ground.txt.\n',
  'tasks/002-cart.md': '<!-- depends_on: 001-ground -->\n# Add a cart\nThere is a src/cart.txt.\n',
  '.codex-loop/state.json': '{"tasks": {"001-ground": {"status": "done"}}}\n',
}

const loopdex = {
  '.loop-agent/backlog.md': `# Backlog
- [x] Task 1.1: Lay the ground
  - Size: Small
  - Files: src/ground.txt
  - Description: There is a src/ground.txt.
  - Completion criteria:
    - verify: sh check.sh
  - Depends: none
  - Fail count: 0
- [!] Task 1.2: Add a cart
  - Size: Small
  - Files: src/cart.txt
  - Description: There is a src/cart.txt.
  - Completion criteria:
    - It names the cart.
    - verify: \`grep -q cart src/cart.txt\`
  - Depends: 1.1
  - Fail count: 5
`,
}

const selfIter = {
  'plan.md': '# A shop\nWrite src/cart.txt.\n',
  'TASK.md': 'Be brief.\n',
}

const cart: ScriptedTurn = { steps: [{ write: 'src/cart.txt', text: 'a cart\n' }] }
const completed = {
  summary: 'The cart',
  next_goal: '',
  stop: false,
  reason: '',
  evidence: '',
  completed: true,
}

interface Coming {
  readonly page: string
  readonly files: Readonly<Record<string, string>>
  readonly script: Readonly<Record<string, readonly ScriptedTurn[]>>
  readonly asks: RegExp
}

const comings: readonly Coming[] = [
  { page: 'migrating-codex-loop', files: codexLoop, script: { '001': [cart] }, asks: /^backlog import/ },
  { page: 'migrating-loopdex', files: loopdex, script: { '001': [cart] }, asks: /^backlog import/ },
  {
    page: 'migrating-codex-self-iter',
    files: selfIter,
    script: { goal: [{ ...cart, answer: completed }] },
    asks: /^run --goal/,
  },
]

test.each(sampleOf(comings, 3))(
  'docs/$page.md, step by step: what was left there is worked at here, and lands',
  async ({ page, files, script, asks }) => {
    const document = fs.readFileSync(path.join(projectRoot, `docs/${page}.md`), 'utf8')
    const steps = document.split('\n## Step by step\n')[1]?.split('\n## ')[0] ?? ''
    const config = JSON.parse(/^```json\n(.*?)^```$/ms.exec(steps)?.[1] ?? '') as Shown
    expect(config.supervisor.agents).toEqual({ codex: { adapter: 'codex' } })
    const { supervisor: _, version: __, ...own } = config
    expect(own['commands']).toEqual({ test: { argv: ['npm', 'test'], network: 'loopback' } })
    const at = makeSite({
      items: {},
      files,
      // The same without the time that npm takes.
      config: { ...own, commands: { test: { argv: ['sh', 'check.sh'], network: 'none' } } },
      script,
    })
    site = at
    const lines = [...steps.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block = '']) =>
      block.trimEnd().split('\n'),
    )
    expect(lines.length).toBeGreaterThan(3)
    for (const line of lines) {
      if (line.startsWith('git ')) {
        at.git('add', '-A')
        at.git('commit', '-qm', 'by the page', '--allow-empty')
        continue
      }
      const typed = line.replace('autonomous-loop ', '')
      const words = typed.split(' ').map((word) => word.replaceAll("'", ''))
      const ran = await at.cli([...words, ...(asks.test(typed) ? ['--yes'] : [])])
      expect({ line, code: ran.code, stderr: ran.stderr, stdout: ran.code === 0 ? '' : ran.stdout }).toEqual({
        line,
        code: 0,
        stderr: '',
        stdout: '',
      })
    }
    expect(fs.readFileSync(path.join(at.repo, 'src/cart.txt'), 'utf8')).toBe('a cart\n')
    // One task was done before, and is not done again.
    expect(new Set(at.starts().map((one) => one.item))).toEqual(new Set(Object.keys(script)))
    expect(at.git('log', '-1', '--format=%an', '--', 'src/cart.txt')).toBe('A Person\n')
  },
  120_000,
)

interface Shown {
  readonly version: number
  readonly supervisor: { readonly agents: object }
  readonly [name: string]: unknown
}
