import { never } from '../../base/result.ts'

/**
 * Who is spoken to. `session`: the agent of a person's session, which a hook holds. `attempt`: an agent that works for the
 * supervisor, which reads its answer when its turn ends. A person has renderers of their own.
 */
export type Voice =
  | {
      readonly kind: 'session'
      /** Absolute command of the CLI, as a word for a shell: the agent's login shell may have neither us nor node on PATH. */
      readonly cli: string
    }
  | { readonly kind: 'attempt' }

/** What happens when the agent has done what is asked. */
export function thenWords(voice: Voice): string {
  switch (voice.kind) {
    case 'session':
      return 'Then finish your turn; this check runs again by itself.'
    case 'attempt':
      return 'Then end your turn with the answer "complete"; this check runs again.'
    default:
      return never(voice, 'voice')
  }
}

/** How the agent gets a person. */
export function helpWords(voice: Voice): string {
  switch (voice.kind) {
    case 'session':
      return `If only a person can help, run: ${voice.cli} request wait --reason "what you need" and give the token it prints in your last message.`
    case 'attempt':
      return 'If only a person can help, end your turn with the answer "blocked" and say what you need.'
    default:
      return never(voice, 'voice')
  }
}

/** How a person goes on with a run that was halted. */
export function resumeWords(voice: Voice): string {
  switch (voice.kind) {
    case 'session':
      return 'they can go on with the prompt `autonomous-loop resume`'
    case 'attempt':
      return 'the attempt ends here'
    default:
      return never(voice, 'voice')
  }
}

/** Where the whole output of gates is found. */
export function moreOutput(voice: Voice, names: readonly string[]): string {
  return voice.kind === 'session'
    ? `For the output of ${names.join(', ')} run ${voice.cli} explain`
    : `The output of ${names.join(', ')} is left out here; run the command yourself to see it`
}
