import * as z from 'zod/mini'
import { isObject } from '../base/json.ts'
import { type AnswerForm, readAnswer } from './answer-form.ts'

const schema = z.object({ tokens: z.int().check(z.nonnegative()) })

/** How many tokens a command says that its turn took; null: it does not say. Nobody else knows. */
export function readTokens(file: string): number | null {
  const said = readAnswer(file, { schema })
  return said.ok && said.value !== null ? said.value.tokens : null
}

/** The form of an answer in a file that may name tokens beside it; null: it names nothing else. */
export function withoutTokens<A>({ schema: asked }: Pick<AnswerForm<A>, 'schema'>): {
  readonly schema: z.ZodMiniType<A | null>
} {
  const rest = z.transform((given: unknown) => {
    if (!isObject(given) || !('tokens' in given)) return given
    const { tokens: _, ...answer } = given
    return Object.keys(answer).length === 0 ? null : answer
  })
  return { schema: z.pipe(z.pipe(z.unknown(), rest), z.nullable(asked)) }
}
