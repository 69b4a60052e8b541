/** A client's context begins with a heading or a tag; a prompt that begins otherwise is typed as it stands. */
const wrapped = /^(?:#{1,2} [^\n]*:[ \t\r]*\n|<[a-z])/
const heading = /^## My request(?: for Codex)?:[ \t\r]*$/m
const context = /^(?:# (?:Context from|Files mentioned|Selected text)|## (?:Active |Open tabs))/m

/**
 * What the person typed of a prompt that an editor or desktop client wrapped: everything behind the client's own heading
 * (docs/codex-facts.md has the forms). What stands before it quotes files, which an agent can write: a selection can hold
 * such a heading, and so can the name of a file. So only one heading, with no context behind it, says whose words are whose;
 * null otherwise. Pure.
 */
export function ownWords(prompt: string): string | null {
  if (!wrapped.test(prompt.trimStart())) return prompt
  const [, typed, ...more] = prompt.split(heading)
  return typed === undefined || more.length > 0 || context.test(typed) ? null : typed
}
