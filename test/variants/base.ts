/** A small repository whose gate fails at the start: `src/answer` is wrong. */
export interface Base {
  readonly files: Readonly<Record<string, string>>
  readonly gate: readonly string[]
  /** Beside the gate's argv in the config. */
  readonly command?: Readonly<Record<string, unknown>>
  readonly config?: Readonly<Record<string, unknown>>
  /** The run's root, below the top of the repository. */
  readonly below?: string
  /** A program that not every machine has. */
  readonly needs?: string
  /** What makes the gate pass, from the run's root. */
  readonly work: Readonly<Record<string, string>>
  /** Where the gate passes at the start: what an agent's bad work adds. */
  readonly bad?: Readonly<Record<string, string>>
}

export const js = 'export const answer = 41\n'
/** The work where its source is JavaScript. */
export const fixed = { 'src/answer.js': 'export const answer = 42\n' }
const nodeTest = [
  "import assert from 'node:assert'",
  "import test from 'node:test'",
  "import { answer } from '../src/answer.js'",
  "test('the answer', () => assert.equal(answer, 42))",
  '',
].join('\n')
export const common = {
  'README.md': '# Answers\n',
  '.gitignore': 'node_modules\nbuild\n',
  'src/answer.js': js,
  'src/deep/other.js': 'export const other = 1\n',
  'src/schema.json': '{}\n',
  'src/locales/en.json': '{"hello":"Hello"}\n',
  'test/answer.test.js': nodeTest,
  'docs/guide.md': '# Guide\n',
}
export const manifest = (more: Readonly<Record<string, unknown>> = {}): string =>
  `${JSON.stringify({ name: 'answers', version: '1.0.0', type: 'module', ...more }, null, 2)}\n`
