import { ownWords } from './own-words.ts'

/** What a person's prompt asks of us. Mentions of the name are nothing. */
export type PromptRequest =
  | { readonly kind: 'arm'; readonly objective: string }
  | { readonly kind: 'control'; readonly verb: ControlVerb; readonly argument: string | null }
  /** A word of the command line in place of an objective. */
  | { readonly kind: 'terminal'; readonly word: string }
  /** The whole prompt is meant for us, and it is not an order. */
  | { readonly kind: 'near' }
  /** A prompt for the agent with an order in it that is not obeyed: not at its start, or in what a client quotes. */
  | { readonly kind: 'inside'; readonly quoted: boolean }
  | { readonly kind: 'none' }

export type ControlVerb = 'pause' | 'resume' | 'disable' | 'waive' | 'status' | 'amend'

// hooks/hook.sh reads orders without node: not all that is one here, and none that is not; a test holds the two together.
const order =
  /^([$/]|use +[$/]?)?autonomous-loop:? +(pause|resume|disable|waive|release|status|amend)\b *(.*)$/i
const reasoned = /^(?::|--reason[ =]) *["'“]?(.+)/i
const takesReason = /^(?:pause|disable|waive)$/
const takesId = /^(?:resume|amend)$/
const id = /^[0-9a-f]{8,64}$/i
const terminalWord =
  /^(?:allow|audit|bootstrap|check|cleanup|doctor|events|exec|explain|help|install-repo|prove|report|uninstall|uninstall-repo|version)$/i
const mention = /^[$/]autonomous-loop(?=\s|$)/i
const usePhrase = /^use[^\S\n]+[$/]?autonomous-loop\b/i
/** Our name and one or two words, or the other way round with a word that wants something of us. */
const short =
  /^(?:[$/]?autonomous[-_ ]?loop:?(?:\s+\S+){0,2}|(?:pause|resume|disable|waive|release|status|amend|stop|halt|end|cancel|continue)(?: +\S+)? +[$/]?autonomous[-_ ]?loop)$/i
/** What a client makes of a skill that is picked from its list. */
const link =
  /^((?:(?:please,? +)?use +)?)\[([$/]?autonomous-loop)\] ?\((?:<[^>\n]*>|(?:[^()\n]|\([^()\n]*\))*)\)/i

/** Longer than any order; what is longer is looked at no further. */
const maxOrder = 4_000
/** How far into a prompt for the agent orders are looked for. */
const maxSearched = 100_000

/**
 * Controls: `autonomous-loop <verb>` as the whole prompt; a reason stands behind a colon or `--reason`, an id as it is.
 * Other words behind a verb are a question back: "autonomous-loop release notes are missing" waives nothing. Arms: a first
 * token `$autonomous-loop`, or a first line that starts with "use autonomous-loop"; there a bare verb, or one with an id, is
 * a control too, since nobody's objective is "status", and other words are the objective. Pure; source: the payload's prompt.
 */
export function readPrompt(prompt: string): PromptRequest {
  const typed = ownWords(prompt)
  if (typed === null) return ordersIn(prompt) ? { kind: 'inside', quoted: true } : { kind: 'none' }
  const request = readWords(typed)
  return request.kind === 'none' && (/\s\$autonomous-loop(?=\s|$)/i.test(typed) || ordersIn(typed))
    ? { kind: 'inside', quoted: false }
    : request
}

function ordersIn(text: string): boolean {
  const lines = text.slice(0, maxSearched).split('\n')
  return lines.some((line) => line.length < 300 && ['arm', 'control'].includes(readWords(line).kind))
}

function readWords(typed: string): PromptRequest {
  const text = typed
    .trim()
    .replace(link, '$1$2')
    .replace(/^please,?[^\S\n]+/i, '')
  const bare = text
    .slice(0, maxOrder)
    // What a keyboard or a copied page gives for a blank, and between letters; then what surrounds a quoted order.
    .replace(/[^\S\n]+/g, ' ')
    .replace(/[\u200b-\u200d\u2060]/g, '')
    .replace(/^["'`*“]+/, '')
    .replace(/["'`*”.,;!…]+$/, '')
    .replace(/,? please$/i, '')
  const [, lead = '', word = '', rest = ''] = order.exec(bare) ?? []
  // `release` was its first name.
  const verb = word.toLowerCase().replace('release', 'waive') as ControlVerb
  const isMention = lead !== '' && lead !== '/'
  const whole = text.length <= maxOrder
  if (verb) {
    const reason = reasoned.exec(rest)?.[1]
    const control = (argument: string | null): PromptRequest => ({ kind: 'control', verb, argument })
    if (whole && rest === '') return control(null)
    if (whole && takesId.test(verb) && (isMention ? id : /^\S+$/).test(rest)) return control(rest)
    if (whole && !isMention && reason && takesReason.test(verb)) return control(reason)
    if (lead === '' || reason) return { kind: 'near' }
  }
  const called = mention.exec(text)
  const phrase = called ?? usePhrase.exec(text)
  if (!phrase) return whole && short.test(bare) ? near(bare) : { kind: 'none' }
  const rawRest = text.slice(phrase[0].length)
  const objective = rawRest.trim()
  if (terminalWord.test(objective)) return { kind: 'terminal', word: objective.toLowerCase() }
  return { kind: 'arm', objective: called ? objective : objectiveAfter(rawRest) }
}

function near(bare: string): PromptRequest {
  const word = bare.split(' ')[1] ?? ''
  return terminalWord.test(word) ? { kind: 'terminal', word: word.toLowerCase() } : { kind: 'near' }
}

/** "… for this task: fix it" means "fix it"; "… for this task." alone leaves nothing to aim at. */
function objectiveAfter(rest: string): string {
  return rest
    .replace(/^[ \t]*(?:for|on)[ \t]+(?:this|the(?:[ \t]+following)?)(?:[ \t]+(?:task|job|work))?\b/i, '')
    .replace(/^[ \t]+(?:to|for)\b/i, '')
    .replace(/^[\s.,:;–-]+/, '')
    .trim()
}
