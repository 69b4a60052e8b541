import fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { evidenceDescriptions, kindDescriptions } from '../../src/contract/descriptions.ts'
import { askedFor, evidenceHints, evidenceKinds } from '../../src/contract/evidence-kinds.ts'
import { parseMarkdownText } from '../../src/contract/file/markdown-text.ts'
import { taskHints } from '../../src/contract/hints.ts'
import { taskJsonSchema } from '../../src/contract/json-schema.ts'
import { parseTask } from '../../src/contract/tasks.ts'
import type { Evidence, EvidenceKind } from '../../src/contract/types.ts'
import { checkOf } from '../../src/evidence/kinds/index.ts'

const kinds = Object.keys(evidenceKinds) as EvidenceKind[]
const doc = fs.readFileSync(fileURLToPath(new URL('../../docs/configuration.md', import.meta.url)), 'utf8')

type KindSchema = {
  properties: { kind: { const: string } } & Record<string, unknown>
  description?: string
}
const { properties } = taskJsonSchema() as {
  properties: { evidence: { items: { oneOf: KindSchema[] } } }
}
const schemas = properties.evidence.items.oneOf

/** The task with this evidence as the schema reads it. */
function read(evidence: unknown): readonly Evidence[] {
  const task = parseTask({ id: 'T1', title: 't', evidence: [evidence] }, 0)
  return task.ok ? task.value.evidence : []
}

test('the schema has every kind of the table and no other', () => {
  expect(schemas.map((one) => one.properties.kind.const)).toEqual(kinds)
})

describe.each(kinds)('%s', (kind) => {
  const { example } = evidenceKinds[kind]
  const schema = schemas.find((one) => one.properties.kind.const === kind)

  test('has an example that the schema takes as it stands', () => {
    expect(read(JSON.parse(example))).toEqual([JSON.parse(example)])
    expect(JSON.parse(example)).toMatchObject({ kind })
  })

  test('is written in Markdown as it is said', () => {
    const [evidence] = read(JSON.parse(example))
    const said = askedFor(evidence as Evidence)
    expect(said.startsWith(`${kind} `)).toBe(true)
    const parsed = parseMarkdownText(`# o\n## T1: t\n- ${said.replace(' ', ': ')}\n`)
    expect(parsed).toMatchObject({ located: { value: { tasks: [{ evidence: [evidence] }] } } })
  })

  test('is described, and so is each of its fields', () => {
    expect(schema?.description).toBe(kindDescriptions[kind])
    for (const field of Object.keys(schema?.properties ?? {})) {
      expect(Object.keys(evidenceDescriptions)).toContain(field)
      if (field !== 'kind') expect(Object.keys(evidenceHints)).toContain(field)
    }
  })

  test('is in the words of a problem and in the reference', () => {
    expect(taskHints['evidence[].kind']?.allowed).toContain(kind)
    expect(doc).toContain(
      `| \`${kind}\` | ${kindDescriptions[kind]} | \`${example.replaceAll('|', '\\|')}\` |`,
    )
  })

  test('has a meaning in a workspace, unless it is a command', () => {
    if (kind === 'commandRef') return
    expect(checkOf(kind)).toMatchObject({ now: expect.any(Function), unmetAt: expect.any(Function) })
  })
})
