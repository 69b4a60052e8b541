/*
 * Marks that our words carry so that Codex's own transcript bears witness to the ledger. They are tokens, not sentences:
 * whoever audits looks for these and for nothing else of what was said.
 */

/** Ends every reason: the ledger's head before the verdict. */
export function witness(head: string): string {
  return `[ledger ${shortHead(head)}]`
}

/** The first twelve digits; `new` for a ledger without a record. */
export function shortHead(head: string): string {
  return head.slice(0, 12) || 'new'
}

/** Ends every context that tells a model of its run. */
export function runMark(runId: string): string {
  return `[run ${runId.slice(0, 12)}]`
}

/** Heads that a text of the transcript ends a hook's words with; the output of a gate inside is escaped and cannot do that. */
export function headsIn(text: string): string[] {
  return [...text.matchAll(/\[ledger ([0-9a-f]{12})\]\s*<\/hook_prompt>/g)].flatMap(([, head]) => head ?? [])
}

export function hasRunMark(text: string): boolean {
  return /\[run [^\s\]]{1,12}\]/.test(text)
}
