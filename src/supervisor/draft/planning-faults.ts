/** A way in which a backlog goes wrong, as planners and their critics are told of it. */
export interface PlanningFault {
  /** A word that findings name it by. */
  readonly name: string
  readonly what: string
  /** What it does in the night when nobody looks. */
  readonly comesOf: string
  readonly instead: string
}

/** Seen in backlogs that agents worked through unattended. The most common ones first. */
export const planningFaults: readonly PlanningFault[] = [
  {
    name: 'no-failing-check',
    what: 'Nothing that the item names fails before the work: a file that is there already, a test suite that is green, a change of any kind.',
    comesOf: 'An empty function, or a comment, is "done".',
    instead:
      'Name a check that fails today and can only pass when the work is there: a command that runs a test of the new behaviour, with that test in the scope.',
  },
  {
    name: 'keyword-check',
    what: 'The proof is that a word stands in a file: `fileMatches` on the name of a function, a heading, "TODO" being gone.',
    comesOf: 'The word is written, and nothing behind it.',
    instead:
      'Ask for behaviour: a command whose exit status depends on what the code does. A pattern only for texts that are themselves the result, such as a setting.',
  },
  {
    name: 'scope-too-wide',
    what: 'The scope is a whole source tree where a few files would do, or it opens manifests, gates or settings that the item does not need.',
    comesOf:
      'Work of other items is rewritten, conflicts between items that could have gone side by side, checks that are loosened.',
    instead:
      'Name the directories and files of this item alone, and of a manifest the part that changes: `package.json#/dependencies`.',
  },
  {
    name: 'scope-too-narrow',
    what: 'The scope lacks a file that the work cannot do without: the test, the index that exports it, the lock file beside a manifest.',
    comesOf: 'The agent cannot finish, and the item is parked in the first minutes.',
    instead:
      'Walk through the work once: each file that is written has to be in the scope, and each that the proof names.',
  },
  {
    name: 'order',
    what: 'An item uses what a later one makes, or two change the same lines and neither comes after the other.',
    comesOf: 'It is built twice, in two ways; or the second never joins with the first.',
    instead:
      'Put what is built upon first, and say so with `after`. Items that share files come one after the other.',
  },
  {
    name: 'too-big',
    what: 'One item has several results that could be proved one by one; its title has an "and".',
    comesOf: 'Attempt after attempt fails at the last tenth, and the first nine are thrown away with it.',
    instead: 'Split it where a check can stand. One result, one proof, at most some hundred lines.',
  },
  {
    name: 'too-small',
    what: 'An item has no result of its own: "create the file", "add the import".',
    comesOf: 'Nothing can prove it, and each costs a whole attempt.',
    instead: 'Join it to the item that needs it.',
  },
  {
    name: 'vague',
    what: 'The text says "improve", "clean up", "handle errors", and not which, and what then holds.',
    comesOf: 'The agent decides what was meant, another one decides otherwise.',
    instead:
      'Say what is there now, what is to be there, and how one sees the difference: inputs, outputs, names, limits.',
  },
  {
    name: 'proof-in-the-work',
    what: 'The item may change what proves it: the gate, the test that is to guard it, the script behind the command.',
    comesOf: 'The check is made to pass.',
    instead: 'Keep what proves the item out of its scope, or give the test to an item before it.',
  },
  {
    name: 'needs-a-person',
    what: 'The item needs a secret, an account, a decision, a device or a service that no clean room has.',
    comesOf: 'It is parked, and whatever comes after it waits.',
    instead: 'Leave it out, and say so. Give the part that can be proved without it an item of its own.',
  },
  {
    name: 'unknown-command',
    what: 'The proof is a command that the config does not have, or a tool that the project does not use.',
    comesOf: 'The backlog is refused as a whole.',
    instead:
      'Name only commands that are listed. What is lacking is said beside the items, for a person to add.',
  },
  {
    name: 'already-there',
    what: 'What the item asks for is in the code already, under another name or at another place.',
    comesOf: 'It is built a second time.',
    instead: 'Look before the item is written, and name what is there.',
  },
]

/** For prompts and documents. Pure. */
export function planningFaultsMarkdown(): string {
  return planningFaults
    .map(({ name, what, comesOf, instead }) =>
      [
        `### ${name}`,
        '',
        what,
        '',
        `**What comes of it.** ${comesOf}`,
        '',
        `**Instead.** ${instead}`,
        '',
      ].join('\n'),
    )
    .join('\n')
}
