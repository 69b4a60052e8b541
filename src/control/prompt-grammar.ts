/** What a person's prompt asks of us. Mentions of the name are nothing. */
export type PromptRequest =
  | { readonly kind: 'arm'; readonly objective: string }
  | { readonly kind: 'control'; readonly verb: ControlVerb; readonly argument: string | null }
  /** A word of the command line in place of an objective. */
  | { readonly kind: 'terminal'; readonly word: string }
  | { readonly kind: 'none' }

export type ControlVerb = 'pause' | 'resume' | 'disable' | 'release' | 'status' | 'amend'

// hooks/hook.sh reads the same without node; a test holds the two against each other.
const control =
  /^(\$|(?:please[ \t]+)?use[ \t]+[/$]?)?autonomous-loop[ \t]+(pause|resume|disable|release|status|amend)(?:[ \t]+([^\n]+))?$/i
const takesId = /^(?:resume|amend)$/i
const id = /^[0-9a-f]{8,64}$/i
const terminalWord =
  /^(?:allow|audit|bootstrap|check|cleanup|doctor|events|exec|explain|help|install-repo|prove|report|uninstall|uninstall-repo|version)$/i
const skillMention = /^\$autonomous-loop(?=\s|$)/i
const usePhrase = /^(?:please[ \t]+)?use[ \t]+[/$]?autonomous-loop\b/i

/**
 * Controls: `autonomous-loop <verb>` as the whole prompt, with a reason or an id behind it. Arms: a first token
 * `$autonomous-loop`, or a first line that starts with "use autonomous-loop" (optional slash, optional "please"); there
 * a bare verb, or one with an id, is a control too, since nobody's objective is "status". Words that begin like one
 * ("release notes for 2.0") are an objective. Pure; source: the payload's raw prompt.
 */
export function readPrompt(prompt: string): PromptRequest {
  const text = prompt.trim()
  const [, mentioned, verb = '', words] = control.exec(text) ?? []
  const argument = words?.trim() || null
  if (verb && (!mentioned || !argument || (takesId.test(verb) && id.test(argument))))
    return { kind: 'control', verb: verb.toLowerCase() as ControlVerb, argument }
  const mention = skillMention.exec(text)
  const phrase = mention ?? usePhrase.exec(text)
  if (!phrase) return { kind: 'none' }
  const rest = text.slice(phrase[0].length).trim()
  if (terminalWord.test(rest)) return { kind: 'terminal', word: rest.toLowerCase() }
  return { kind: 'arm', objective: mention ? rest : objectiveAfter(text.slice(phrase[0].length)) }
}

/** "… for this task: fix it" means "fix it"; "… for this task." alone leaves nothing to aim at. */
function objectiveAfter(rest: string): string {
  return rest
    .replace(/^[ \t]*(?:for|on)[ \t]+(?:this|the(?:[ \t]+following)?)(?:[ \t]+(?:task|job|work))?\b/i, '')
    .replace(/^[ \t]+(?:to|for)\b/i, '')
    .replace(/^[\s.,:;–-]+/, '')
    .trim()
}
