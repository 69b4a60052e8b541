import { never } from '../../base/result.ts'
import type { ProposeEnded } from '../../supervisor/landing/land-pr.ts'
import type { LandEnded } from '../../supervisor/landing/landing.ts'
import type { Doc } from './doc.ts'
import { visible } from '../../base/text.ts'

/** What a person sees of a landing. */
export function landDoc(ended: LandEnded | ProposeEnded): Doc {
  const where = ended.remote ?? ended.target
  switch (ended.kind) {
    case 'landed':
      return [
        `${where} is at ${ended.commit.slice(0, 12)} now${joinedWords(ended.joined)}.`,
        ...(ended.remote === null ? [] : [`Your ${ended.target} is where it was: git pull`]),
      ]
    case 'proposed':
      return [
        `${pullWords(ended)}: ${ended.url}`,
        `It holds ${ended.commit.slice(0, 12)}${joinedWords(ended.joined)}, and goes to ${where}.`,
      ]
    case 'already':
      return [`${where} holds all of it already.`]
    case 'red':
      return [
        `Joined with what ${where} has by now, these gates fail: ${ended.red.join(', ')}. Nothing was landed.`,
        ...byHand(ended.branch, where),
      ]
    case 'conflict':
      return [
        `The work does not join with what ${where} has by now. Nothing was landed. In conflict:`,
        ...ended.paths.map((path) => `  ${visible(path)}`),
        ended.remote === null
          ? 'To have an agent join them:'
          : `To have an agent join them, once your ${ended.target} has what ${where} has:`,
        '  autonomous-loop land --resolve',
        ...byHand(ended.branch, where),
      ]
    default:
      return never(ended, 'landing')
  }
}

const joinedWords = (joined: boolean): string => (joined ? ', joined with what it had, and proved' : '')

function pullWords({ opened, draft }: Extract<ProposeEnded, { kind: 'proposed' }>): string {
  if (!opened) return draft ? 'The draft pull request is up to date' : 'The pull request is up to date'
  return draft ? 'A draft pull request is open' : 'A pull request is open'
}

/** What a person types to join both. */
export function byHand(branch: string | null, where: string): Doc {
  return branch === null
    ? []
    : [
        'To join them yourself, and have that proved:',
        `  git switch ${branch}`,
        `  git merge ${where}`,
        '  autonomous-loop batch take',
        'Then land again.',
      ]
}
