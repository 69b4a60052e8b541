import fs from 'node:fs'
import path from 'node:path'
import { type JsonObject, isObject } from '../../base/json.ts'
import { GrowingFile } from '../growing-file.ts'

/** Where Claude Code keeps what is said in a directory, by the name it gives that; null: it shortens that name in a way of its own. */
export function conversationsOf(configDir: string, workspace: string): string | null {
  const name = workspace.replaceAll(/[^a-zA-Z0-9]/g, '-')
  return name.length > LONGEST_NAME ? null : path.join(projects(configDir), name)
}

const LONGEST_NAME = 200
const projects = (configDir: string): string => path.join(configDir, 'projects')

/** Of all directories, since a conversation may be gone on with in another one. */
export function transcriptsOf(configDir: string, id: string): readonly string[] {
  return namesIn(projects(configDir))
    .map((project) => path.join(projects(configDir), project, `${id}.jsonl`))
    .filter((file) => fs.existsSync(file))
}

/** The tokens of one conversation and its sub-agents so far, also of turns that failed or were killed. */
export class ConversationTokens {
  private readonly configDir: string
  private readonly id: string
  private readonly files = new Map<string, GrowingFile>()
  /** By answer: each of its parts has a line, with the tokens of the whole. */
  private readonly answers = new Map<string, number>()

  constructor(configDir: string, id: string) {
    this.configDir = configDir
    this.id = id
  }

  now(): number {
    for (const file of this.found()) {
      const known = this.files.get(file) ?? new GrowingFile(file)
      this.files.set(file, known)
      known.grown(['"usage"'], (line) => this.take(line))
    }
    return [...this.answers.values()].reduce((sum, one) => sum + one, 0)
  }

  private take({ type, message }: JsonObject): void {
    if (type !== 'assistant' || !isObject(message) || !isObject(message['usage'])) return
    const { id, usage } = message
    const tokens = PARTS.reduce((sum, part) => sum + (typeof usage[part] === 'number' ? usage[part] : 0), 0)
    if (typeof id === 'string') this.answers.set(id, Math.max(tokens, this.answers.get(id) ?? 0))
  }

  private found(): readonly string[] {
    return transcriptsOf(this.configDir, this.id).flatMap((root) => {
      const dir = path.join(root.slice(0, -'.jsonl'.length), 'subagents')
      const others = namesIn(dir).filter((name) => name.endsWith('.jsonl'))
      return [root, ...others.map((name) => path.join(dir, name))]
    })
  }
}

const PARTS = ['input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens', 'output_tokens']

function namesIn(dir: string): readonly string[] {
  try {
    return fs.readdirSync(dir)
  } catch {
    return []
  }
}
