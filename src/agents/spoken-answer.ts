import type { Outcome } from './agent.ts'
import { type AnswerForm, parseAnswer } from './answer-form.ts'

/*
 * Programs that know no schema are told the form in the prompt, and their last message is the answer. It is the JSON object alone, or
 * that in one fenced block. An object that stands among other words may be an example, so nothing is looked for in prose.
 */

/** Read strictly. Pure. */
export function spokenAnswer<A>(message: string, form: AnswerForm<A>): Outcome<A> {
  const answer = parseAnswer(withoutFence(message.trim()), 'its last message', form)
  return answer.ok
    ? { kind: 'finished', answer: answer.value }
    : { kind: 'unreadable', why: answer.error.message }
}

function withoutFence(text: string): string {
  const [, fence = '', inner = text] = /^(`{3,})(?:json)?[ \t]*\r?\n([^]*?)\r?\n\1$/.exec(text) ?? []
  return fence !== '' && inner.includes(`\n${fence}`) ? text : inner
}

/** What a prompt ends with for such a program. */
export function formWords<A>({ jsonSchema }: Pick<AnswerForm<A>, 'jsonSchema'>): string {
  return [
    'A program reads your last message. It has to be one JSON object of the schema below and nothing else: no word before or after it. Where you have nothing to say for a field, give null.',
    JSON.stringify(jsonSchema()),
  ].join('\n\n')
}
