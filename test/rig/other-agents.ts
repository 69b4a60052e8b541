import { describe, expect, test } from '@jest/globals'
import { otherAgent } from '../../scripts/other-agents.js'

/**
 * Tests that play the program of another vendor, which `npm run test:agents` installs. Where it is not there one line says so, and they
 * are not declared.
 */
export function whereInstalled(name: 'claude' | 'gemini', tests: (file: string) => void): void {
  const file = otherAgent(name)
  if (file !== null) describe(name, () => tests(file))
  else
    test(`${name} is not installed, so that nothing of it is played: npm run test:agents`, () => {
      process.stderr.write(`${name} is not installed: npm run test:agents -- ${name}\n`)
      expect(otherAgent(name)).toBeNull()
    })
}
