import { type ModelItem, execCommand, inputTexts, message } from '../../../rig/codex.ts'
import { item } from '../../rig.ts'
import type { Played } from '../label.ts'
import { answer } from '../rig.ts'

/** An item that asks for src/<id>.txt, and how the model brings it and speaks of it. */
export const wants = (id: string, more: Parameters<typeof item>[0] = {}): Record<string, string> => ({
  [`${id}-item.md`]: item({
    title: `Item ${id}`,
    tasks: `## T1: It is there\n- pathExists: src/${id}.txt\n`,
    ...more,
  }),
})
export const work = (id: string): readonly ModelItem[] => [execCommand(`echo ${id} > src/${id}.txt`)]
export const says = (status: string, summary = '', proposal: unknown = null): readonly ModelItem[] => [
  message(answer(status, summary, proposal)),
]
export const complete = says('complete')

export const landed = (...ids: readonly string[]): Record<string, string> =>
  Object.fromEntries(ids.map((id) => [`src/${id}.txt`, `${id}\n`]))
export const missing = (...ids: readonly string[]): Record<string, null> =>
  Object.fromEntries(ids.map((id) => [`src/${id}.txt`, null]))

/** What commands and tools printed, as the model saw it. */
export const outputs = ({ asked }: Played, id: string): string =>
  asked(id)
    .flatMap(inputTexts)
    .filter((text) => /^\w+_output /.test(text))
    .join('\n')
