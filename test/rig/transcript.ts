import { randomUUID } from 'node:crypto'
import fs from 'node:fs'

/** A command of the agent and what it printed, added to a transcript as Codex (0.169 and 0.171) writes them. */
export function addCommand(file: string, cmd: string, output: string): void {
  const call = `call_${randomUUID()}`
  addItems(
    file,
    { type: 'function_call', name: 'exec_command', arguments: JSON.stringify({ cmd }), call_id: call },
    { type: 'function_call_output', call_id: call, output },
  )
}

/** What the agent says. */
export function addMessage(file: string, text: string): void {
  addItems(file, { type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] })
}

export function addItems(file: string, ...items: readonly object[]): void {
  for (const payload of items) {
    const line = { timestamp: new Date().toISOString(), type: 'response_item', payload }
    fs.appendFileSync(file, `${JSON.stringify(line)}\n`)
  }
}
