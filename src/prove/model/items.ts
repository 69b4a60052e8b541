import { randomUUID } from 'node:crypto'
import type { JsonObject } from '../../base/json.ts'

/** One item of a model response, in the wire format of the Responses API. */
export type ModelItem = JsonObject & { readonly type: string }

export interface PlanStep {
  readonly step: string
  readonly status: 'pending' | 'in_progress' | 'completed'
}

/** The model says something; a response with nothing else ends the turn. */
export function message(text: string): ModelItem {
  return { type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] }
}

/** A classic tool call. `args` becomes the JSON text Codex expects. */
export function functionCall(name: string, args: unknown, extra: JsonObject = {}): ModelItem {
  return { type: 'function_call', call_id: callId(), name, arguments: JSON.stringify(args), ...extra }
}

/** Runs a shell command line in the agent's sandbox (classic models, such as gpt-5.5). */
export function execCommand(cmd: string, more: JsonObject = {}): ModelItem {
  return functionCall('exec_command', { cmd, ...more })
}

/** The classic plan tool; offered only with `[tools.update_plan] enabled = true`. */
export function updatePlan(plan: readonly PlanStep[]): ModelItem {
  return functionCall('update_plan', { plan })
}

/** A patch through the apply_patch tool, as classic models send it. */
export function applyPatch(patch: string): ModelItem {
  return { type: 'custom_tool_call', call_id: callId(), name: 'apply_patch', input: patch }
}

/** JavaScript for the `exec` tool of code-mode models (gpt-6-sol and all current ones). */
export function codeMode(source: string): ModelItem {
  return {
    type: 'custom_tool_call',
    call_id: callId(),
    name: 'exec',
    namespace: 'functions',
    input: source,
  }
}

/** As execCommand, for code-mode models; the result comes back as text. */
export function codeModeCommand(cmd: string): ModelItem {
  return codeMode(`text(JSON.stringify(await tools.exec_command(${JSON.stringify({ cmd })})))`)
}

function callId(): string {
  return `call_${randomUUID().replaceAll('-', '')}`
}
