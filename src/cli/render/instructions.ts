import { shellQuote } from '../../base/shell-word.ts'

/*
 * What an agent is told to do, in the order it should do it. `cli` is the absolute command line in the home: an agent's
 * login shell may have neither us nor node in PATH.
 */

export function enableTemplate(cli: string, repoRoot: string): string {
  const task = '{"id":"T1","title":"<what>","evidence":[{"kind":"pathChanged","glob":"src/**"}]}'
  return `${cli} request enable --cwd ${shellQuote(repoRoot)} --objective '<what is to be done>' --task-json '${task}'`
}

export const planReminder =
  'If you have the plan tool (update_plan): a plan with a step that is not completed blocks the stop. Keep it current, finish or remove steps.'

export function checklist(cli: string): string[] {
  return [
    `Enable first, before any change: ${cli} request enable (once; more tasks may be added later, none can be removed).`,
    'Look at "enforced" in the answer. If it is "unproven", or enable fails, tell the person before you go on.',
    planReminder,
    'Do the work. The gates are the commands of the approved config; do not touch the config, the scripts behind the gates or the state.',
    `See how you stand at any time: ${cli} check. After a fresh start or a compaction: ${cli} status.`,
    'A block is not an error: read what is outstanding, do it, end the turn again.',
    `Only a person can help? ${cli} request wait --reason '<what you need>', put the printed token into your last message, end the turn.`,
  ]
}

export function agentsMdSnippet(cli: string): string {
  return [
    '## autonomous-loop',
    '',
    'Work in this repository may be held to a contract that is checked outside the sandbox whenever a turn ends.',
    `- To start: \`${cli} request enable --objective "…" --task-json '…'\`, then make the plan, then work.`,
    `- To see what is missing: \`${cli} check\`. After a fresh start: \`${cli} status\`.`,
    "- Never edit `.codex/autoloop.project.json`, the scripts behind its commands, or the controller's state.",
    `- If only a person can help: \`${cli} request wait --reason "…"\`, then end the turn with the token it prints.`,
  ].join('\n')
}
