import path from 'node:path'
import { type JsonObject, isObject } from '../../base/json.ts'
import { namesIn } from '../../base/names-in.ts'
import type { TurnBase } from '../agent.ts'
import { GrowingFile } from '../growing-file.ts'
import { chatsOf } from './home.ts'

/** A conversation as Gemini writes it down while it goes on: each answer of the model with its tokens. */
export class ChatFile {
  private readonly file: GrowingFile
  /** By the id of an answer: it is written again with what its tools said. */
  private readonly answers = new Map<string, number>()

  constructor(file: string) {
    this.file = new GrowingFile(file)
  }

  /** In all turns so far, also in those that were cut short. Sub-agents have files of their own. */
  tokens(): number {
    this.file.grown(['"tokens"'], (line) => {
      const { id, tokens } = line
      const total = isObject(tokens) ? tokens['total'] : null
      if (typeof id === 'string' && typeof total === 'number') this.answers.set(id, total)
    })
    return [...this.answers.values()].reduce((sum, one) => sum + one, 0)
  }
}

/** The file of a conversation; null: Gemini knows none of that id. */
export function chatOf(turn: Pick<TurnBase, 'scratch'>, id: string): string | null {
  const dir = chatsOf(turn)
  const files = namesIn(dir)
    .filter((name) => name.endsWith(`-${id.slice(0, 8)}.jsonl`))
    .map((name) => path.join(dir, name))
  return files.find((file) => sessionOf(file) === id) ?? null
}

function sessionOf(file: string): string | null {
  const lines: JsonObject[] = []
  new GrowingFile(file).grown(['"sessionId"'], (line) => lines.push(line))
  const id = lines[0]?.['sessionId']
  return typeof id === 'string' ? id : null
}
