/** A config that a person can copy when nothing is certain. */
export const CONFIG_TO_COPY = {
  version: 1,
  commands: {
    lint: { argv: ['make', 'lint'], timeoutSeconds: 300 },
    test: { argv: ['make', 'test'], timeoutSeconds: 900 },
  },
  gateProfiles: { fast: ['lint'], default: ['lint', 'test'], final: ['lint', 'test'] },
} as const

/** The same in one line, and what to do with it. */
export const byHand =
  'write .codex/autoloop.project.json by hand, for example {"commands": {"test": ["make", "test"]}} (docs/configuration.md), then run autonomous-loop allow'
