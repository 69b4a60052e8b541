import { never } from '../../base/result.ts'
import type { Contract } from '../../contract/types.ts'
import { type Judgement, failedGates } from '../judgement.ts'
import { processText } from '../blockers.ts'
import { changeWords } from './definition.ts'
import { haltWords } from './limit.ts'
import { flakyPasses, inPlaceWords } from './room.ts'
import { outOfScopeLines } from './scope.ts'
import { listed } from './short.ts'
import { questionWords, unprovedWords } from './unproved.ts'

/** Why this verdict and no other, each reason a sentence for a person. */
export function because(judgement: Judgement, contract: Contract): string[] {
  switch (judgement.verdict) {
    case 'release':
      return [
        'Every required piece of evidence was there.',
        ...(judgement.session?.plan.state === 'complete' ? ['The plan had no open step.'] : []),
        judgement.commands.length > 0
          ? `Every gate passed: ${judgement.commands.map((one) => one.name).join(', ')}.`
          : 'The approved config asks for no gate.',
        ...reusedWords(judgement),
        ...startTestsWords(judgement),
        ...flakyPasses(judgement).map((one) => `Gate ${one}.`),
        ...lines(unprovedWords(judgement)),
      ]
    case 'park':
      return [
        parked(judgement),
        ...questionWords(judgement),
        ...changed(judgement),
        ...missing(judgement, contract),
      ]
    case 'halt':
      return [haltWords(judgement.halt), ...changed(judgement), ...missing(judgement, contract)]
    case 'block':
      return judgement.drift
        ? [
            judgement.gatesRun === 'none'
              ? 'The gate definition had changed, so nothing was run.'
              : 'The gate definition changed while the gates ran.',
            ...changed(judgement),
          ]
        : [
            ...missing(judgement, contract),
            ...flakyPasses(judgement).map((one) => `Gate ${one}.`),
            ...(judgement.gatesRun === 'full' || noRoom(judgement)
              ? []
              : [
                  'The release gates were not run: something that is cheaper to look at was missing already.',
                ]),
          ]
    default:
      return never(judgement, 'verdict')
  }
}

function lines(text: string | null): string[] {
  return text === null ? [] : [text]
}

/** The gates were reached, and the room they run in could not be made. */
function noRoom({ commands, blockers }: Judgement): boolean {
  return commands.some((one) => one.prepares) || blockers.some((one) => one.kind === 'gate-writes')
}

function startTestsWords({ commands }: Judgement): string[] {
  const names = commands.flatMap((one) => (one.startTests ? [one.name] : []))
  if (names.length === 0) return []
  return [`${names.length === 1 ? 'Gate' : 'Gates'} ${listed(names)} passed with the tests of the start too.`]
}

function reusedWords({ commands }: Judgement): string[] {
  const reused = commands.filter((one) => one.reused)
  if (reused.length === 0) return []
  const names = reused.map((one) => `${one.name} (stop ${one.reused?.stop})`)
  return [`Nothing that they rest on had changed since these passed in the clean room: ${names.join(', ')}.`]
}

function parked({ park }: Extract<Judgement, { verdict: 'park' }>): string {
  switch (park.kind) {
    case 'wait':
      return `The agent asked for a person: ${park.reason}`
    case 'definition':
    case 'accepted':
      return 'The gate definition had changed, and nobody had accepted that.'
    case 'unproved':
      return 'Every gate passed, and not with the definition of the start.'
    case 'could-not-run':
      return 'The same gate could not run twice in a row.'
    case 'recorded':
      return park.text
    default:
      return never(park, 'park cause')
  }
}

function changed({ drift }: Judgement): string[] {
  return (drift?.changes ?? []).map(changeWords)
}

function missing(judgement: Judgement, contract: Contract): string[] {
  const required = new Set(contract.tasks.filter((task) => task.required).map((task) => task.id))
  const unmet = judgement.evidence.filter((one) => !one.met && required.has(one.taskId))
  const plan = judgement.session?.plan
  const failed = judgement.commands.filter((one) => one.outcome === 'failed').map((one) => one.name)
  const elsewhere = judgement.commands.flatMap((one) => {
    const words = inPlaceWords(one, 'the')
    return words === null ? [] : [`Gate ${one.name}: ${words}.`]
  })
  const stuck = failedGates(judgement).filter((name) => !failed.includes(name))
  return [
    ...(unmet.length > 0
      ? [`Evidence was missing for ${[...new Set(unmet.map((one) => one.taskId))].join(', ')}.`]
      : []),
    ...(plan?.state === 'incomplete'
      ? [`The plan had ${plan.open.length === 1 ? 'an open step' : `${plan.open.length} open steps`}.`]
      : []),
    ...(failed.length > 0 ? [`${failed.join(', ')} failed.`] : []),
    ...(stuck.length > 0 ? [`${stuck.join(', ')} could not run (not the agent's fault).`] : []),
    ...elsewhere,
    ...judgement.blockers.flatMap((blocker) => {
      switch (blocker.kind) {
        case 'workspace':
          return [`Git could not read the workspace: ${blocker.why}`]
        case 'out-of-scope':
          return outOfScopeLines(blocker)
        case 'unknown-command':
          return [`The approved config has no command called ${blocker.name}.`]
        case 'background':
          return [`Processes of the agent still ran: ${listed(blocker.processes.map(processText))}.`]
        case 'children':
          return [
            `Sub-agents were still at work: ${listed(blocker.children.map((child) => child.agentType))}.`,
          ]
        case 'gate-writes':
          return [`Files moved while the gates ran: ${listed(blocker.paths)}.`]
        case 'gate-rewrote':
          return [`Gate ${blocker.name} rewrote ${listed(blocker.paths)}.`]
        case 'prepare':
          return ['So no gate could run in the clean room.']
        case 'evidence':
        case 'plan':
        case 'command':
        case 'could-not-run':
          return []
        default:
          return never(blocker, 'blocker')
      }
    }),
  ]
}
