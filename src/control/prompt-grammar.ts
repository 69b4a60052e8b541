/** What a person's prompt asks of us. Mentions of the name are nothing. */
export type PromptRequest =
  | { readonly kind: 'arm'; readonly objective: string }
  | { readonly kind: 'control'; readonly verb: ControlVerb; readonly argument: string | null }
  | { readonly kind: 'none' }

export type ControlVerb = 'pause' | 'resume' | 'disable' | 'release' | 'status' | 'amend'

const control = /^autonomous-loop[ \t]+(pause|resume|disable|release|status|amend)(?:[ \t]+([^\n]+))?$/i
const skillMention = /^\$autonomous-loop(?=\s|$)/i
const usePhrase = /^(?:please[ \t]+)?use[ \t]+[/$]?autonomous-loop\b/i

/**
 * Arms: a first token `$autonomous-loop`, or a first line that starts with "use autonomous-loop" (optional slash, optional
 * "please"). Controls: `autonomous-loop <verb>` as the whole prompt. Pure; source: the payload's raw prompt.
 */
export function readPrompt(prompt: string): PromptRequest {
  const text = prompt.trim()
  const command = control.exec(text)
  if (command?.[1])
    return {
      kind: 'control',
      verb: command[1].toLowerCase() as ControlVerb,
      argument: command[2]?.trim() || null,
    }
  const mention = skillMention.exec(text)
  if (mention) return { kind: 'arm', objective: text.slice(mention[0].length).trim() }
  const phrase = usePhrase.exec(text)
  return phrase ? { kind: 'arm', objective: objectiveAfter(text.slice(phrase[0].length)) } : { kind: 'none' }
}

/** "… for this task: fix it" means "fix it"; "… for this task." alone leaves nothing to aim at. */
function objectiveAfter(rest: string): string {
  return rest
    .replace(/^[ \t]*(?:for|on)[ \t]+(?:this|the(?:[ \t]+following)?)(?:[ \t]+(?:task|job|work))?\b/i, '')
    .replace(/^[ \t]+(?:to|for)\b/i, '')
    .replace(/^[\s.,:;–-]+/, '')
    .trim()
}
