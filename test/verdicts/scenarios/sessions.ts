import {
  type Scenario,
  agent,
  cheat,
  done,
  everywhere,
  open,
  person,
  project,
  scenario,
  serve,
  unheld,
  waits,
} from '../scenario.ts'

const { work } = project
const stays = serve('echo ready; exec tail -f /dev/null')
const revert = serve(
  'echo ready; until test -e run/go; do sleep 0.02; done; echo reverted > src/greeting.txt; touch run/reverted; exec tail -f /dev/null',
)

/**
 * A shell's own loop that minds TERM. A command in the foreground would not do: dash forgets a signal that comes while it
 * starts one (its vfork), and ends without its trap when the command ends of the same signal first.
 */
const idles = 'while :; do sleep 5 & wait || :; done'

/** What happens around the work: processes, plans, people, limits. */
export const sessionScenarios: readonly Scenario[] = [
  scenario('a server that stays is named once, and ended with the release', {}, [
    stays,
    agent(work),
    open(/processes of this session/),
    done(/were ended before it: .*tail -f/),
  ]),
  scenario('a server that does not want to end', {}, [
    serve("trap '' TERM HUP INT; echo ready; while :; do sleep 0.1; done"),
    agent(work),
    open(/processes of this session/),
    done(/were ended before it/),
  ]),
  scenario('a supervisor whose server has another number at every look', {}, [
    serve('echo ready; while :; do (setsid sleep 1 > /dev/null 2>&1 &); sleep 0.9; done'),
    agent(work),
    open(/processes of this session/),
    done(/were ended before it/),
  ]),
  scenario(
    'a server, and a gate that makes and removes a file at the root',
    {
      config: {
        commands: { check: ['sh', '-c', 'grep -qx hello src/greeting.txt && touch gate.tmp && rm gate.tmp'] },
      },
    },
    [stays, agent(work), open(/processes of this session/), done(/were ended before it/)],
  ),
  scenario(
    'a server that stays allowed, and a gate that makes and removes a file at the root',
    {
      config: {
        commands: { check: ['sh', '-c', 'grep -qx hello src/greeting.txt && touch gate.tmp && rm gate.tmp'] },
        policy: { background: 'allow' },
      },
    },
    [stays, agent(work), done(/go on/)],
  ),
  scenario(
    'a gate that passes only beside a process that the agent left running',
    {
      files: { ...project.files, '.gitignore': 'run/\n' },
      config: { commands: { check: ['sh', '-c', 'grep -qx hello src/greeting.txt && test -e run/up'] } },
    },
    [
      serve(`mkdir -p run; touch run/up; trap 'rm run/up; exit' TERM; echo ready; ${idles}`),
      agent(work),
      open(/processes of this session/),
      open(/gate check: .* now that what you left running was ended/),
    ],
  ),
  scenario('a server that cleans up after itself when it is ended', {}, [
    serve(`echo 1 > server.pid; trap 'rm server.pid; exit' TERM; echo ready; ${idles}`),
    agent(work),
    open(/processes of this session/),
    done(/were ended before it/),
  ]),
  scenario(
    'a process that shows the gates another directory while they run',
    {
      files: { ...project.files, '.gitignore': 'fake/\nrun/\n' },
      config: {
        commands: {
          check: [
            'sh',
            '-c',
            'mkdir -p run; touch run/go; until test -e run/shown || test -e run/off; do sleep 0.02; done; grep -qx hello src/greeting.txt; r=$?; touch run/off; until test ! -e run/shown; do sleep 0.02; done; exit $r',
          ],
        },
      },
    },
    [
      // Exchanged whole and put back: nothing below it is written.
      serve(
        `mkdir -p fake run; echo hello > fake/greeting.txt; echo wrong > src/greeting.txt; trap "touch run/off; exit" TERM; echo ready; until test -e run/go; do sleep 0.02; done; mv src real; mv fake src; touch run/shown; until test -e run/off; do sleep 0.02; done; mv src fake; mv real src; rm run/shown; ${idles}`,
      ),
      cheat(/processes of this session/),
      cheat(/gate check/),
    ],
  ),
  scenario('a process that takes the work back when it is ended', {}, [
    serve(`trap 'echo reverted > src/greeting.txt; exit' TERM; echo ready; ${idles}`),
    agent(work),
    open(/processes of this session/),
    cheat(/gate check/),
    agent(work),
    done(),
  ]),
  scenario('a server that is ended', {}, [stays, agent(work), open(/tail/), { do: 'end-servers' }, done()]),
  scenario(
    'a server that the policy allows',
    { config: { ...project.config, policy: { background: 'allow' } } },
    [stays, agent(work), done()],
  ),
  scenario('a server while the work is open says nothing yet', {}, [
    stays,
    open(/T1/),
    { do: 'end-servers' },
    agent(work),
    done(),
  ]),
  scenario(
    'a process that takes the work back while the gates run',
    {
      files: { ...project.files, '.gitignore': 'run/\n' },
      config: {
        commands: {
          check: [
            'sh',
            '-c',
            'grep -qx hello src/greeting.txt || exit 1; mkdir -p run; touch run/go; until test -e run/reverted; do sleep 0.02; done',
          ],
        },
      },
    },
    [revert, agent(work), cheat(/processes of this session/), cheat(/gate check|src\/greeting\.txt/)],
  ),
  scenario('a plan that is emptied', {}, [
    { do: 'plan', statuses: ['completed', 'pending'] },
    agent(work),
    open(/plan/),
    { do: 'plan', statuses: ['completed'] },
    cheat(/taken out of the plan/),
    { do: 'plan', statuses: ['completed', 'completed'] },
    done(),
  ]),
  scenario('a plan that is worded anew while it is worked on', {}, [
    { do: 'plan', statuses: ['completed', 'in_progress'] },
    { do: 'plan', statuses: ['completed', 'completed', 'pending'] },
    agent(work),
    open(/step 3/),
    { do: 'plan', statuses: ['completed', 'completed', 'completed'] },
    done(),
  ]),
  // In a terminal a request of the agent that still lies in the spool cannot be paused; the prompt takes it in first.
  scenario(
    'a last step that is worded anew as it is done',
    { known: everywhere('a step that vanishes while it is open has to come back as completed, once') },
    [
      { do: 'plan', statuses: ['completed', 'in_progress'] },
      agent(work),
      { do: 'plan', statuses: ['completed', 'completed'], words: 'part' },
      done(),
    ],
  ),
  scenario('paused by the person, taken up again', { routes: ['terminal'] }, [
    person('request', 'pause', '--session-id', '{session}'),
    unheld(),
    person('request', 'resume', '--session-id', '{session}'),
    open(/T1/),
    agent(work),
    done(),
  ]),
  scenario('paused by the person before a request of the agent is taken in', { routes: ['prompt'] }, [
    person('request', 'pause', '--session-id', '{session}'),
    // Nobody is held, but what the agent was told is "requested" does not vanish without a word.
    unheld(/not carried out: The run of this session is paused/, { expect: ['let-go'] }),
    unheld(),
    person('request', 'resume', '--session-id', '{session}'),
    open(/T1/),
    agent(work),
    done(),
  ]),
  scenario('paused and resumed by prompt', {}, [
    { do: 'prompt', text: 'autonomous-loop pause' },
    unheld(),
    { do: 'prompt', text: 'autonomous-loop resume' },
    agent(work),
    done(),
  ]),
  scenario('the agent may not pause, disable or release', {}, [
    agent(
      'for verb in pause disable release; do "$HOME/.codex/autoloop/bin/autonomous-loop" request $verb --cwd . && exit 1; done; true',
    ),
    cheat(/T1/),
    agent(work),
    done(),
  ]),
  scenario('the person lets it go', {}, [
    open(),
    person('request', 'release', '--session-id', '{session}'),
    unheld(),
  ]),
  scenario('waiting for a person, once', {}, [
    { do: 'wait' },
    waits(/a key is needed/),
    { do: 'prompt', text: 'here is the key' },
    open(/T1/),
    agent(work),
    done(),
  ]),
  scenario('the person answers, and the agent waits again', {}, [
    { do: 'wait' },
    waits(),
    { do: 'prompt', text: 'no' },
    { do: 'wait' },
    waits(),
    { do: 'prompt', text: 'still no' },
    open(/T1/),
  ]),
  scenario(
    'nothing happens any more',
    { config: { ...project.config, defaults: { maxRepeatedFailureSignature: 2 } } },
    [
      open(),
      open(/NOT fulfilled/, { expect: ['halt'] }),
      { do: 'prompt', text: 'autonomous-loop resume' },
      agent(work),
      done(),
    ],
  ),
  scenario(
    'the limit of stops is reached at work',
    { config: { ...project.config, defaults: { maxStopIterations: 3 } } },
    [
      agent('echo 1 > src/a'),
      open(),
      agent('echo 2 > src/a'),
      open(),
      agent('echo 3 > src/a'),
      open(/NOT fulfilled/, { expect: ['halt'] }),
      { do: 'prompt', text: 'autonomous-loop resume' },
      agent(work),
      done(),
    ],
  ),
  scenario('a run after a run', { routes: ['terminal', 'prompt'] }, [
    agent(work),
    done(),
    { do: 'prompt', text: 'thanks' },
    unheld(),
    { do: 'arm' },
    open(/T1/),
    agent('echo y > src/y.txt'),
    done(),
  ]),
  scenario('armed in the middle of the session', { armFirst: false }, [
    unheld(),
    agent('echo x > src/early.txt'),
    { do: 'arm' },
    open(/T1/),
    agent(work),
    done(),
  ]),
]
