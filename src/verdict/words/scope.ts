import { never } from '../../base/result.ts'
import { scopesOf } from '../../contract/scope.ts'
import type { Contract } from '../../contract/types.ts'
import type { OutOfScope } from '../../workspace/scope/out-of-scope.ts'
import type { ScopeFact } from '../../workspace/scope/look-at-scope.ts'
import { listed } from './short.ts'
import type { Voice } from './voice.ts'

/** What differs outside of the scope, as the agent reads it. */
export function outOfScopeWords({ out, more }: ScopeFact, contract: Contract): string {
  const rest = more > 0 ? ` and ${more} more` : ''
  return `out of scope: ${listed(out.map(partWords))}${rest}. ${scopeWords(contract)}`
}

/** What may differ, in a sentence. */
export function scopeWords(contract: Pick<Contract, 'policy' | 'scope'>): string {
  const [first, second] = scopesOf(contract).map((one) => listed(one))
  if (first === undefined) return 'Anything may differ from the start.'
  return second === undefined
    ? `Only this may differ from the start: ${first}.`
    : `Only this may differ from the start: what is in ${first}, and also in ${second}.`
}

/** The same for a person, each a sentence; what accepts it, last. */
export function outOfScopeLines(fact: ScopeFact): string[] {
  const rest = fact.more > 0 ? ` and ${fact.more} more` : ''
  return [`This differed outside of the scope: ${listed(fact.out.map(partWords))}${rest}.`]
}

/** What a person accepted by then, a sentence for a release; none where they did not. */
export function acceptedLines(accepted: Readonly<Record<string, string>> | undefined): string[] {
  const names = Object.keys(accepted ?? {})
  return names.length === 0 ? [] : [`A person had accepted what differs out of scope: ${listed(names)}.`]
}

export function outOfScopeRemedy(fact: ScopeFact, voice: Voice): string {
  const undo = 'put back what is named above as out of scope'
  if (voice.kind === 'attempt')
    return `${undo}. If the work needs it, end your turn with the answer "proposal" and the wider scope`
  return fact.more > 0
    ? `${undo}; it is too much to be accepted`
    : `${undo}. If the work needs it, only the person can accept it, with the prompt: ${acceptWords(fact)}`
}

/** The order that accepts exactly this. */
export function acceptWords({ digest }: Pick<ScopeFact, 'digest'>): string {
  return `autonomous-loop amend ${digest.slice(0, 12)}`
}

/** Path, pointer, and why, as `package.json#/scripts/test`. */
export function partWords(one: OutOfScope): string {
  const name = one.pointer ? `${one.path}#${one.pointer}` : one.path
  const why = whyWords(one)
  return why === '' ? name : `${name} (${why})`
}

function whyWords({ why, pointer, detail, change }: OutOfScope): string {
  switch (why) {
    case 'outside':
      return change === 'modified' ? '' : changeWord[change]
    case 'definition':
      return 'it steers tools or agents, so only its own name opens it'
    case 'part':
      if (pointer === null) return `${changeWord[change]}, and only parts of it may differ`
      return pointer === '' ? 'the order of its parts' : ''
    case 'unreadable':
      return `only parts of it may differ, and they cannot be told apart: ${detail ?? 'it cannot be read'}`
    default:
      return never(why, 'reason')
  }
}

const changeWord: Readonly<Record<OutOfScope['change'], string>> = {
  added: 'new',
  removed: 'removed',
  modified: 'changed',
  type: 'another type of file',
  mode: 'its executable bit',
  name: 'only its name, which is spelled in the other Unicode form',
}
