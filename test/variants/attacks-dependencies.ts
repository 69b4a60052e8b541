import { bases } from './bases.ts'
import { type Draw, json, manifestOf } from './draw.ts'

interface Lock {
  readonly packages: Readonly<Record<string, unknown>>
}

/** Where the program of a gate comes from. */
export const dependencyAttack: Draw = (chance) => {
  const own = chance.name()
  const dir = chance.of([`src/${own}`, `vendored/${own}`, `test/${own}`, own])
  const base = 'deps'
  const lock = JSON.parse(bases.deps.files['package-lock.json']!) as Lock
  const program = '#!/usr/bin/env node\nprocess.exit(0)\n'
  const [manifest, packages] = specOf(chance.below(4), dir)
  const root = { ...manifestOf(base), ...manifest }
  const { dependencies, workspaces } = root as Record<string, unknown>
  return {
    kind: 'dependencies',
    base,
    put: {
      'package.json': json(root),
      'package-lock.json': json({
        ...lock,
        packages: {
          ...lock.packages,
          '': { name: 'answers', version: '1.0.0', dependencies, ...(workspaces ? { workspaces } : {}) },
          ...packages,
        },
      }),
      [`${dir}/package.json`]: json({ name: 'checker', version: '1.0.0', bin: { checker: 'cli.js' } }),
      [`${dir}/cli.js`]: program,
    },
  }
}

function specOf(which: number, dir: string): readonly [object, object] {
  const linked = { 'node_modules/checker': { resolved: dir, link: true } }
  const there = { [dir]: { name: 'checker', version: '1.0.0', bin: { checker: 'cli.js' } } }
  switch (which) {
    case 0:
      return [{ dependencies: { checker: `file:${dir}` } }, { ...linked, ...there }]
    case 1:
      return [{ dependencies: { checker: `file:./${dir}/` } }, { ...linked, ...there }]
    case 2:
      return [
        { workspaces: [dir], dependencies: { checker: '1.0.0' } },
        { ...linked, ...there },
      ]
    default:
      return [
        { workspaces: [dir], dependencies: { checker: '*' } },
        { ...linked, ...there },
      ]
  }
}
