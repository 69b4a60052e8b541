import { whereInstalled } from './other-agents.ts'

/** The module that lanes know a suite of Gemini CLI by. `file` is a script of node. */
export const withGemini = (tests: (file: string) => void): void => whereInstalled('gemini', tests)
