/** What each field of `supervisor` means; see descriptions.ts. */

const hookFields = {
  argv: 'Program and arguments, as for a command. JSON on its stdin says what happened.',
  timeoutSeconds: 'After this many seconds it is ended.',
  network: 'It may use the network and local sockets (a web hook, the desktop).',
  sandbox: '`on` runs it in the sandbox of gates. `off` runs it with your full rights.',
}

const events = {
  attemptStart: 'An attempt begins.',
  attemptEnd: 'An attempt is over, however it went.',
  parked: 'An item, or the whole batch, waits for a person.',
  completed: 'The batch is complete.',
}

export const supervisorDescriptions: Readonly<Record<string, string>> = {
  supervisor: 'Version 2: how a backlog is worked through. See "The supervisor".',
  'supervisor.agents':
    'The agents that may be started, by a name of yours. `allow` shows each with what it may do.',
  'supervisor.agents.*.adapter':
    'Which program it is: Codex, Claude Code, the Gemini CLI, or any command of yours.',
  'supervisor.agents.*.model': 'The model to ask for. Absent: the one that the program is set to.',
  'supervisor.agents.*.effort': 'How hard the model thinks, in the words of the program.',
  'supervisor.agents.*.bin': 'The program itself. Absent: it is looked for on the approved PATH.',
  'supervisor.agents.*.argv':
    'Program and arguments of the agent. `{prompt_file}`, `{workspace}`, `{result_file}` and `{schema_file}` are replaced inside an element; no shell reads them.',
  'supervisor.agents.*.sandbox':
    '`on` starts it in our sandbox: it writes its worktree and what `writable` names. `off` starts it with your full rights.',
  'supervisor.agents.*.network':
    'What it may reach. A model behind an API needs "full", which includes the servers of this machine. Codex reaches its model in any case: there it is what commands may reach, "none" or "full".',
  'supervisor.agents.*.writable':
    'Further directories that it may write, absolute or below `~/`, such as the one of its own settings.',
  'supervisor.agents.*.secrets':
    'Names of variables that it gets from the environment the supervisor was started in, such as the key of an API.',
  'supervisor.roles': 'Which agents do what.',
  'supervisor.roles.work':
    'Works on items: the first one, and the next ones as `onQuota` says. Absent: every agent, in the order of the file.',
  'supervisor.roles.plan':
    'Reads the files and plans each item before an attempt at it; where the list is empty nobody does. Drafts items for `backlog new`, too; there the first of `work` does where the list is empty.',
  'supervisor.roles.planReview':
    'Reads the plan of an item before the work. All of them must pass it; of two that are refused the attempt fails. Reads what `backlog new` drafted, too; there whoever drafted does, in a new process, where the list is empty.',
  'supervisor.roles.review': 'Reads what came out. All of them must pass it.',
  'supervisor.escalate': 'Works harder on an item that failed. Absent: never.',
  'supervisor.escalate.afterFailures': 'After so many failed attempts of the item.',
  'supervisor.escalate.effort': 'The effort that its agent then works with.',
  'supervisor.jobs': 'Items that may be worked on at the same time.',
  'supervisor.gateJobs': 'Gates that may run at the same time. Absent: one per two cores.',
  'supervisor.target':
    'The branch that the work is to land on. Absent: the one that is checked out when a batch is opened.',
  'supervisor.protect':
    'Paths that only an item whose scope names them to the letter may change, besides those that are always protected.',
  'supervisor.review': 'How reviews go.',
  'supervisor.review.rounds': 'So many times findings go back to the worker; then the attempt fails.',
  'supervisor.limits': 'When an item or the batch stops and a person is needed. No restart resets one.',
  'supervisor.limits.attempts': 'Attempts of one item. Then it is parked.',
  'supervisor.limits.turns': 'Turns of one attempt. Then the attempt fails.',
  'supervisor.limits.spawns': 'Starts of an agent for one item, however they end. Then it is parked.',
  'supervisor.limits.spawnsPerDay': 'Starts of agents in the batch within 24 hours. Then it pauses.',
  'supervisor.limits.noProgress':
    'Turns in a row with the same tree and the same blockers. Then the attempt fails; when that happens twice the item is parked.',
  'supervisor.limits.agentFailures':
    'Failures of one agent in a row: crashes, silence, answers that cannot be read. Then it is not used any more.',
  'supervisor.limits.parkedInARow': 'Items parked one after the other. Then the batch parks.',
  'supervisor.limits.silentMinutes':
    'Minutes without a sign of the agent while it runs no command. Then it is ended.',
  'supervisor.limits.turnMinutes': 'Minutes of one turn. Then it is ended.',
  'supervisor.limits.itemMinutes':
    'Minutes of turns and of judging of one item. Then it is parked, and the work is kept.',
  'supervisor.limits.batchMinutes':
    'Minutes of all items together. Then the batch halts, and the work is kept.',
  'supervisor.limits.turnTokens': 'Tokens of one turn. Then it is ended, and the next one goes on.',
  'supervisor.limits.itemTokens': 'Tokens of one item. Then it is parked, and the work is kept.',
  'supervisor.limits.batchTokens':
    'Tokens of all items together. Then the batch halts, and the work is kept.',
  'supervisor.backoff':
    'The pause after a failure of the machine, the network or a service. It doubles each time.',
  'supervisor.backoff.baseSeconds': 'The first pause.',
  'supervisor.backoff.maxSeconds': 'The longest pause.',
  'supervisor.onQuota':
    'When the quota of an agent is used up: `wait` for the stated time, `exit` with code 10, or go on with the `next` agent of the role.',
  'supervisor.on': 'Commands that are started for a person.',
  ...Object.fromEntries(
    Object.entries(events).flatMap(([event, text]) => [
      [`supervisor.on.${event}`, text],
      ...Object.entries(hookFields).map(([field, words]) => [`supervisor.on.${event}.${field}`, words]),
    ]),
  ),
}
