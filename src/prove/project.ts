import fs from 'node:fs'
import path from 'node:path'

/** Relative to the root. */
export type ProjectFiles = Readonly<Record<string, string>>

const manifest = { name: 'greeting', version: '1.0.0', private: true }

/**
 * A project that needs nothing but node: its only gate wants src/greeting.txt to hold "hello". The check lies with the
 * tests, because tests are the agent's to write, so the agent may change it without changing what the gate means.
 */
const files: ProjectFiles = {
  'package.json': json({ ...manifest, scripts: { test: 'node test/greeting.js' } }),
  'package-lock.json': json({ ...manifest, lockfileVersion: 3, requires: true, packages: { '': manifest } }),
  'test/greeting.js': `const fs = require('node:fs')
const file = 'src/greeting.txt'
const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : ''
if (text !== 'hello') {
  console.error('GREETING expected hello, got ' + text)
  process.exit(1)
}
console.log('the greeting is fine')
`,
  'README.md': '# greeting\n',
}

export const objective = 'Write the greeting'

/** The one task of the contract. */
export const task = {
  id: 'T1',
  title: 'Write src/greeting.txt',
  evidence: [{ kind: 'pathChanged', glob: 'src/**' }],
} as const

/** What the gate prints about a greeting that is wrong. */
export const complaint = (text: string): string => `GREETING expected hello, got ${text}`

/** Throws on a system error. */
export function writeProject(repo: string, own: ProjectFiles = {}): void {
  for (const [name, text] of Object.entries({ ...files, ...own })) {
    const file = path.join(repo, name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, text)
  }
}

export function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
