import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { findRepoRoot, gitHead, repoHash } from '../../src/evidence/repo-root.ts'
import { withRig } from './rig.ts'

describe('the root of a workspace', () => {
  test.each([
    ['git alone', ['.git/HEAD', '.git/objects/x'], 'a/b', '.'],
    ['git as a file', ['.far/HEAD', '.far/objects/x', 'a/.git'], 'a/b', 'a'],
    [
      'a config above git wins',
      ['.codex/autoloop.project.json', 'a/.git/HEAD', 'a/.git/objects/x'],
      'a/b',
      '.',
    ],
    [
      'a config below git wins',
      ['.git/HEAD', '.git/objects/x', 'a/.codex/autoloop.project.json'],
      'a/b',
      'a',
    ],
    ['nothing', [], 'a/b', 'a/b'],
    ['a .git that is no repository', ['.git/HEAD'], 'a/b', 'a/b'],
  ])('%s', async (_name, files, cwd, root) => {
    await withRig(async (rig) => {
      fs.mkdirSync(rig.path('a/b'), { recursive: true })
      for (const file of files) rig.write(file, 'gitdir: ../.far\n')
      expect(findRepoRoot(rig.path(cwd))).toBe(path.join(rig.root, root))
    })
  })

  test('through a link it is the same root with the same hash', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt').commitAll()
      fs.symlinkSync(rig.root, path.join(rig.dir, 'link'))
      expect(findRepoRoot(path.join(rig.dir, 'link'))).toBe(rig.root)
      expect(repoHash(path.join(rig.dir, 'link'))).toBe(repoHash(rig.root))
      expect(repoHash(rig.root)).toMatch(/^[0-9a-f]{16}$/)
      expect(repoHash(rig.root)).not.toBe(repoHash(rig.home))
      expect(await gitHead(path.join(rig.dir, 'link'), rig.options)).toMatch(/^[0-9a-f]{40}$/)
      expect(await gitHead(rig.home, rig.options)).toBeNull()
    })
  })
})
