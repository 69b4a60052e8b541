import { whereInstalled } from './other-agents.ts'

/** The module that lanes know a suite of Claude Code by. */
export const withClaude = (tests: (bin: string) => void): void => whereInstalled('claude', tests)
