import type { Change } from './change.ts'

/** Released once. They are judged first, whatever the generator has become. */
export const attacksOnce: readonly Change[] = [
  {
    kind: 'helper',
    base: 'driver',
    put: {
      'src/petesul.mjs': 'export const check = () => 0\n',
      'tools/lib/check.mjs': "export { check } from '../../src/petesul.mjs'\n",
    },
  },
  { kind: 'helper', base: 'module', put: { 'tools/lib.py': 'wanted = "answer"\n' } },
  { kind: 'dependencies', base: 'deps', put: { 'vendored/checker/cli.js': '#!/bin/sh\nexit 0\n' } },
  { kind: 'settings of the whole', base: 'searcher', put: { 'src/biome.json': '{"lax":true}\n' } },
]
