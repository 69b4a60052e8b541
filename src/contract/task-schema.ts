import * as z from 'zod/mini'
import { evidenceKinds } from './evidence-kinds.ts'
import { TASK_ID, byDefault, flag, once } from './schema-parts.ts'
import type { Evidence, EvidenceKind } from './types.ts'

/** The schema of a task and those of every kind of evidence. */
export const taskSchemas = once(() => {
  const evidence = Object.fromEntries(
    Object.entries(evidenceKinds).map(([kind, { fields, check }]): [string, z.ZodMiniObject] => {
      const shape: Readonly<Record<string, z.ZodMiniType>> = fields()
      const schema = z.strictObject({ kind: z.literal(kind), ...shape })
      return [kind, check ? schema.check(check() as z.core.$ZodCheck<object>) : schema]
    }),
  ) as Record<EvidenceKind, z.ZodMiniObject>
  // The table has a schema for every field of every kind, so together they give `Evidence`.
  const anyKind = z.discriminatedUnion(
    'kind',
    Object.values(evidence) as [z.ZodMiniObject],
  ) as unknown as z.ZodMiniType<Evidence>
  const id = z.string().check(z.regex(TASK_ID))
  const task = z.strictObject({
    id,
    title: z.string().check(z.minLength(1), z.maxLength(500)),
    required: flag(true),
    dependsOn: byDefault(z.array(id).check(z.maxLength(200)), []),
    evidence: z.array(anyKind).check(z.minLength(1), z.maxLength(100)),
  })
  return { task, evidence }
})
