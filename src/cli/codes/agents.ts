import type { CodeSection } from './types.ts'

export const agents = {
  title: 'Agents of a batch',
  codes: {
    'agent-no-box': {
      what: 'This machine grants no box, and an agent is started in nothing less.',
      todo: '`autonomous-loop doctor` says what the machine refuses (`gate_box`). `"sandbox": "off"` of the agent starts it with your own rights.',
    },
    'agent-not-started': {
      what: "The box did not get as far as the agent's program; the message has its words.",
      todo: '`autonomous-loop doctor`',
    },
    'agent-place': {
      what: 'The directories of an attempt cannot be made.',
      todo: 'Look at room and permissions of the home and of the data directory.',
    },
    'agent-signed-out': {
      what: 'The program of an agent has no sign-in, and its service needs one.',
      todo: 'Of Codex: `codex login`, or set CODEX_API_KEY where `run` is started. Of Claude Code: `claude auth login`, or set ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN there. Of Gemini CLI: start `gemini` and sign in, or set GEMINI_API_KEY.',
    },
    'agent-unusable': {
      what: 'The program of an agent is not found, or cannot be started with the settings that it has.',
      todo: 'Install it, or correct its settings, as the message says.',
    },
    'agent-answer': {
      what: 'The result file of an agent is not of the form that is asked for. It counts as a failure of the agent.',
      todo: 'Correct what the agent writes into its result file.',
    },
    supervised: {
      what: 'An agent that works for a batch asked for a contract of its own. The batch judges its work already.',
      todo: 'Nothing.',
    },
  },
} satisfies CodeSection
