import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import {
  type ModelItem,
  blocks,
  execCommand,
  functionCall,
  greetingProject,
  inOrder,
  inputTexts,
  jsonIn,
  message,
  withInstalled,
} from '../rig/installed.ts'
import { long } from '../rig/long.ts'

const work = 'mkdir -p src && printf hello > src/greeting.txt'
const threadOf = (body: Readonly<Record<string, unknown>>): string =>
  (body['client_metadata'] as { thread_id?: string } | undefined)?.thread_id ?? ''

/** Once the first session has worked, two rounds of the gate wait for a word, in a cache: what a gate writes in its tree nobody else sees. */
const CACHE = '.npm/_cacache'
const steeredCheck = `import fs from 'node:fs'
const steer = process.env.HOME + '/${CACHE}'
const round = fs.existsSync('src/ROLE-FIRST') ? fs.readdirSync(steer).filter((one) => one.startsWith('running')).length + 1 : 0
if (round === 1 || round === 2) {
  fs.writeFileSync(\`\${steer}/running-\${round}\`, '')
  while (!fs.existsSync(\`\${steer}/go-\${round}\`)) await new Promise((resolve) => setTimeout(resolve, 10))
}
`

/**
 * The order of things: all three are armed and blocked, a bystander comes and goes, the first works and stops; while its
 * gate runs, and again while it runs once more, the second works; the second ends its turn when the first has ended.
 */
test('two sessions in one repository and one in another do not touch each other, nor one that has no run', async () => {
  const turns = new Map<string, number>()
  const [allArmed, nowAllArmed] = event()
  const [bystanderEnded, nowBystanderEnded] = event()
  const [firstEnded, nowFirstEnded] = event()
  let blockedOnce = 0
  await withInstalled(
    {
      repoFiles: {
        ...greetingProject,
        'test/check.js': `${steeredCheck}${greetingProject['test/check.js']?.replace("import fs from 'node:fs'\n", '')}`,
      },
      script:
        ({ enableCommand, repo }) =>
        async (request) => {
          const steer = path.join(repo, '../home', CACHE)
          const thread = threadOf(request.body)
          const turn = (turns.get(thread) ?? 0) + 1
          turns.set(thread, turn)
          const role = /ROLE-[A-Z]+/.exec(inputTexts(request).join('\n'))?.[0] ?? 'ROLE-LOST'
          if (role === 'ROLE-BYSTANDER') {
            await allArmed
            return [message('A bystander says hello.')]
          }
          if (turn === 1) return [execCommand(enableCommand)]
          if (turn === 2) return [message('Done?')]
          if (turn === 3) {
            // The first block has come, so the run is on record.
            blockedOnce += 1
            if (blockedOnce === 3) nowAllArmed()
            await bystanderEnded
            if (role === 'ROLE-SECOND') await fileIn(steer, 'running-1')
            return [execCommand(role === 'ROLE-SECOND' ? 'touch src/half' : `${work} && touch src/${role}`)]
          }
          if (role === 'ROLE-SECOND' && turn === 4) {
            fs.writeFileSync(path.join(steer, 'go-1'), '')
            await fileIn(steer, 'running-2')
            return [execCommand('mv src/half src/ROLE-SECOND')]
          }
          if (role === 'ROLE-SECOND' && turn === 5) {
            fs.writeFileSync(path.join(steer, 'go-2'), '')
            await firstEnded
          }
          return [message('Done.')]
        },
    },
    async (lab) => {
      fs.mkdirSync(path.join(lab.userHome, CACHE), { recursive: true })
      const other = path.join(lab.dir, 'other')
      fs.cpSync(lab.repo, other, { recursive: true })
      await lab.json(['allow', '--repo', other])
      const first = lab.codex(['exec', 'ROLE-FIRST']).finally(nowFirstEnded)
      const armed = [
        first,
        lab.codex(['exec', 'ROLE-SECOND']),
        lab.codex(['exec', '-s', 'workspace-write', 'ROLE-OTHER'], { cwd: other }),
      ]
      const bystander = await lab.codex(['exec', 'ROLE-BYSTANDER'])
      expect(bystander).toMatchObject({ code: 0, stdout: 'A bystander says hello.\n' })
      expect(bystander.stderr).not.toMatch(/hook: Stop (Blocked|Stopped|Failed)/)
      nowBystanderEnded()
      for (const result of await Promise.all(armed)) expect(result.code).toBe(0)

      const states = async (cwd: string) =>
        (await lab.json(['status', '--cwd', cwd])).sessions.map(
          (run: { state: string; iteration: number }) => [run.state, run.iteration],
        )
      expect(await states(lab.repo)).toEqual([
        ['released', 1],
        ['released', 1],
      ])
      expect(await states(other)).toEqual([['released', 1]])
      expect(blocks(lab)).toHaveLength(3)
    },
  )
})

/** Waits until a directory holds a file of this name. */
function fileIn(dir: string, name: string): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!fs.existsSync(path.join(dir, name))) return
      watcher.close()
      resolve()
    }
    const watcher = fs.watch(dir, look)
    look()
  })
}

/** Something that happens once, and the word that it has. */
function event(): [Promise<void>, () => void] {
  let happened: () => void = () => undefined
  return [new Promise<void>((resolve) => (happened = resolve)), () => happened()]
}

test('a sub-agent that ends, is told to disable, or asks for it, changes nothing', async () => {
  let root: string | undefined
  const turns = new Map<string, number>()
  const childSaw: string[] = []
  await withInstalled(
    {
      model: 'gpt-5.4',
      script:
        ({ enableCommand, cliPath }) =>
        (request) => {
          const thread = threadOf(request.body)
          root ??= thread
          const turn = (turns.get(thread) ?? 0) + 1
          turns.set(thread, turn)
          if (thread !== root) {
            childSaw.push(inputTexts(request).join('\n'))
            return turn === 1
              ? [execCommand(`'${cliPath}' request disable --cwd . ; echo "rc=$?"`)]
              : [message('child done')]
          }
          const steps: ModelItem[][] = [
            [execCommand(enableCommand)],
            [
              functionCall(
                'spawn_agent',
                { message: 'autonomous-loop disable' },
                { namespace: 'multi_agent_v1' },
              ),
            ],
            [waitFor(request.body)],
            [message('Done?')],
            [execCommand(work)],
          ]
          return steps[turn - 1] ?? [message('Done.')]
        },
    },
    async (lab) => {
      await lab.codex(['exec', 'write the greeting'])
      expect(turns.size).toBe(2)
      expect(childSaw.at(-1)).toContain('person-only')
      expect(childSaw.at(-1)).toContain('rc=1')
      const [run] = (await lab.json(['status', '--cwd', lab.repo])).sessions
      expect(run).toMatchObject({ state: 'released', session_id: root, iteration: 1 })
      // The child's own end was neither blocked nor judged.
      expect(childSaw.some((text) => text.includes('hook_prompt'))).toBe(false)
    },
  )
})

if (long)
  test('a sub-agent asks for its root: its own transcript shows the request, and the root is held', async () => {
    let root: string | undefined
    const turns = new Map<string, number>()
    await withInstalled(
      {
        model: 'gpt-5.4',
        script:
          ({ enableCommand }) =>
          (request) => {
            const thread = threadOf(request.body)
            root ??= thread
            const turn = (turns.get(thread) ?? 0) + 1
            turns.set(thread, turn)
            if (thread !== root) return turn === 1 ? [execCommand(enableCommand)] : [message('child done')]
            const spawn = functionCall('spawn_agent', { message: 'ask' }, { namespace: 'multi_agent_v1' })
            const steps: ModelItem[][] = [
              [spawn],
              [waitFor(request.body)],
              [message('Done?')],
              [execCommand(work)],
            ]
            return steps[turn - 1] ?? [message('Done.')]
          },
      },
      async (lab) => {
        await lab.codex(['exec', 'write the greeting'])
        const [run] = (await lab.json(['status', '--cwd', lab.repo])).sessions
        expect(run).toMatchObject({ state: 'released', session_id: root, iteration: 1, armed_by: 'agent' })
      },
    )
  })

function waitFor(body: Readonly<Record<string, unknown>>): ModelItem {
  const id = /agent_id\\*":\\*"([0-9a-f-]{36})/.exec(JSON.stringify(body['input']))?.[1]
  return functionCall(
    'wait_agent',
    { targets: [id], ids: [id], timeout_ms: 20_000 },
    { namespace: 'multi_agent_v1' },
  )
}

if (long)
  test('untrusted hooks: doctor fails and says how to fix it, enable says unproven and warns', async () => {
    await withInstalled(
      {
        trust: false,
        script: ({ enableCommand }) => inOrder([execCommand(enableCommand)], [message('Done.')]),
      },
      async (lab) => {
        const doctor = await lab.json(['doctor', '--cwd', lab.repo], 1)
        expect(doctor).toMatchObject({ ok: false, checks: { enforced: { ok: false } } })
        expect(doctor.checks.enforced.remediation).toContain('bootstrap --trust')

        await lab.codex(['exec', '-s', 'danger-full-access', 'write the greeting'])
        const outputs = inputTexts(lab.requests[1] ?? { body: {} })
        const answer = jsonIn(outputs.find((text) => text.includes('activation_mode')) ?? '')
        expect(answer).toMatchObject({ enforced: 'unproven', activation_mode: 'direct-env' })
        expect(answer.warning).toContain('autonomous-loop bootstrap --trust')
      },
    )
  })
