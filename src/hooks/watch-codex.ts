import { type ProcessId, isAlive } from '../base/process-id.ts'

const everyMs = 1_000

/**
 * Aborts when the Codex that started this hook is gone (SIGTERM and SIGKILL leave hook and gates running): nobody reads
 * the answer any more, and gates that go on would disturb the next stop. Never aborts when no Codex was found.
 */
export function watchCodex(codex: ProcessId | undefined): { readonly signal: AbortSignal; close(): void } {
  const abort = new AbortController()
  const timer = codex
    ? setInterval(() => {
        if (!isAlive(codex)) abort.abort('codex-gone')
      }, everyMs)
    : undefined
  timer?.unref()
  return { signal: abort.signal, close: () => clearInterval(timer) }
}
