import { type Node, findNodeAtLocation, parseTree } from 'jsonc-parser'
import { applyEdits, insertAtEnd } from '../../codex/hooks-file/text-insert.ts'

/** A command for a config, as it is written there. */
export interface ConfigCommand {
  readonly name: string
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/**
 * The text of a config with these commands at the end of its own; nothing else of it changes. Items may name them, and no profile has
 * them. The text is a config that was read without problems. Pure.
 */
export function withCommands(text: string, commands: readonly ConfigCommand[]): string {
  if (commands.length === 0) return text
  const root = parseTree(text)
  const at = root && findNodeAtLocation(root, ['commands'])
  const items = commands.map(({ name, argv, env }) => ({
    key: name,
    value: { argv, ...(Object.keys(env).length === 0 ? {} : { env }), evidence: true },
  }))
  const edit =
    at === undefined
      ? insertAtEnd(text, root as Node, [
          { key: 'commands', value: Object.fromEntries(items.map((one) => [one.key, one.value])) },
        ])
      : insertAtEnd(text, at, items)
  return applyEdits(text, [edit])
}
