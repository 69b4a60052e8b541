import { withoutControls } from '../../base/text.ts'
import { durationWords } from '../../views/events-view.ts'
import type { Explanation } from '../../views/explain.ts'
import type { Judgement } from '../../verdict/judgement.ts'
import { commandWords } from '../../verdict/words/command.ts'
import { unnoticedWords } from '../../verdict/words/unnoticed.ts'
import { placeWords } from '../../verdict/words/place.ts'
import { begunWords } from './begun.ts'
import type { Report } from '../../views/report.ts'
import { localTime } from './events.ts'
import { heldWords } from './report-summary.ts'
import { capital, code, inline, withCommands } from './markdown.ts'
import { scopeLine } from './scope.ts'
import { timeZone } from './time-zone.ts'
import { verifiedWords } from './verified.ts'
import { unprovedWords } from '../../verdict/words/unproved.ts'

/** How every report in Markdown begins: a file that begins so is ours to write over. */
export const markdownMark = '### autonomous-loop: '

/** The report as Markdown for a pull request: short, the last verdict in full, earlier stops in a table. */
export function reportMarkdown(report: Report): string {
  const { contract, stops, summary } = report
  const last = stops.at(-1)
  const verified = verifiedWords(report.verified)
  const scope = scopeLine(contract)
  const notProved = unprovedWords(report)
  const lines = [
    `${markdownMark}${report.state}`,
    '',
    `**${inline(contract.objective)}**`,
    '',
    `${capital(report.meaning)}${report.cause === null ? '' : ` (${inline(report.cause)})`}. ` +
      `${inline(
        heldWords(summary)
          .map((one) => one.text)
          .join(''),
      )}. ` +
      `${summary.stops} ${summary.stops === 1 ? 'stop' : 'stops'} judged in ${durationWords(report.endedAt - report.startedAt)}; run \`${report.runId.slice(0, 12)}\`, ${begunWords(report.origin)}, begun ${localTime(report.startedAt)} (${timeZone(report.startedAt)}).`,
    ...(report.release === null ? [] : ['', `The release is ${inline(report.release)}.`]),
    ...(report.next === null ? [] : ['', `**Next:** ${withCommands(report.next)}`]),
    '',
    '| task | asked for | at the last stop |',
    '|---|---|---|',
    ...report.tasks.map(
      (task) =>
        `| ${inline(`${task.id} ${task.title}`)}${task.required ? '' : ' (optional)'} | ${task.evidence.map((one) => code(one.asked)).join('<br>')} | ${task.evidence.map((one) => `${one.met === null ? '–' : one.met ? '✓' : '✗'} ${inline(one.words)}`).join('<br>')} |`,
    ),
    ...(last && last.judgement.commands.length > 0 ? gateTable(last.judgement) : []),
    ...(verified === null ? [] : ['', `Gates are verified: ${inline(verified)}.`]),
    ...(scope === null ? [] : ['', `May differ from the start: ${inline(scope)}.`]),
    ...(notProved === null ? [] : ['', inline(notProved)]),
    ...(report.unnoticed.length > 0 ? ['', `${capital(inline(unnoticedWords(report.unnoticed)))}.`] : []),
    ...(stops.length > 0 ? stopList(stops) : []),
    '',
    report.integrity.problem === null
      ? `Ledger: ${report.integrity.records} records, each verified; head \`${report.integrity.head.slice(0, 12)}\`, contract \`${report.contractHash.slice(0, 12)}\`.`
      : `**The ledger does not hold:** ${inline(report.integrity.problem)}.`,
    ...(report.baseline === 'agent-reported'
      ? ['', 'The baseline is what the agent reported: "changed" is its word here.']
      : []),
  ]
  return withoutControls(`${lines.join('\n')}\n`)
}

function gateTable(last: Judgement): string[] {
  return [
    '',
    '| gate | result | time |',
    '|---|---|---|',
    ...last.commands.map(
      (gate) =>
        `| ${code(gate.argv.join(' '))} | ${gate.outcome === 'passed' ? '✓ passed' : `✗ ${inline(commandWords(gate))}`}${placeWords(gate)} | ${durationWords(gate.durationMs)} |`,
    ),
  ]
}

function stopList(stops: readonly Explanation[]): string[] {
  return [
    '',
    `<details><summary>${stops.length} ${stops.length === 1 ? 'stop' : 'stops'}</summary>`,
    '',
    ...stops.map(
      (one) => `${one.judgement.stop}. ${one.judgement.verdict}: ${one.because.map(inline).join(' ')}`,
    ),
    '',
    '</details>',
  ]
}
