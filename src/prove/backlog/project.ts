import { type ProjectFiles, json } from '../project.ts'

/** One item of the backlog, and what its agent is to write. */
export interface Part {
  readonly id: string
  readonly title: string
  readonly file: string
  /** What the gate wants to find in it. */
  readonly text: string
}

export const honest: Part = {
  id: '001',
  title: 'Write the greeting',
  file: 'src/greeting.txt',
  text: 'hello',
}
export const claims: Part = {
  id: '002',
  title: 'Write the farewell',
  file: 'src/farewell.txt',
  text: 'goodbye',
}
export const strays: Part = {
  id: '003',
  title: 'Write the thanks',
  file: 'src/thanks.txt',
  text: 'thank you',
}
export const parts = [honest, claims, strays] as const

/** A file that no item may change. */
export const outside = 'README.md'
export const outsideText = '# greeting\n'

/** The gate wants every text to be whole; before anybody worked there is none. */
const check = `const fs = require('node:fs')
const wanted = ${JSON.stringify(Object.fromEntries(parts.map(({ file, text }) => [file, text])))}
for (const [file, text] of Object.entries(wanted)) {
  const found = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : text
  if (found === text) continue
  console.error(file + ' expected ' + text + ', got ' + found)
  process.exit(1)
}
`

/** `attempts: 1`, `turns: 2`: what leaves its scope is told so once, and then a person is asked. */
const limits: Readonly<Record<string, string>> = { [strays.id]: 'limits: {attempts: 1, turns: 2}\n' }

const itemFile = ({ id, title, file, text }: Part): string => `---
scope: [${file}]
${limits[id] ?? ''}---
# ${title}
${file} says "${text}".

## T1: It is there
- pathExists: ${file}
`

/** A backlog of three items, a gate, and Codex as the only agent. */
export const backlogFiles: ProjectFiles = {
  'test/greeting.js': check,
  [outside]: outsideText,
  '.codex/autoloop.project.json': json({
    version: 2,
    commands: { test: { argv: ['node', 'test/greeting.js'], network: 'none' } },
    gateProfiles: { fast: [], default: [], final: ['test'] },
    policy: { verify: 'clean-room' },
    supervisor: { agents: { codex: { adapter: 'codex' } }, jobs: parts.length },
  }),
  ...Object.fromEntries(
    parts.map((part) => [`.codex/backlog/${part.id}-${part.file.slice(4, -4)}.md`, itemFile(part)]),
  ),
}
