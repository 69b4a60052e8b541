import fs from 'node:fs'
import path from 'node:path'
import { expect } from '@jest/globals'
import { applyPatch, execCommand } from '../../../rig/codex.ts'
import type { Label } from '../label.ts'
import { complete, landed, outputs, wants } from './parts.ts'

/** What it writes where it may not. */
export const writes: readonly Label[] = [
  {
    name: 'two items one after the other; what it commits is refused, and what it wrote is judged',
    items: { ...wants('011'), ...wants('012', { front: 'after: [011]\n' }) },
    plays: () => {
      const commits = (id: string) => [
        execCommand(
          `ls src; echo ${id} > src/${id}.txt; git add -A; git -c user.name=a -c user.email=a@b commit -qm mine; echo "git: $?"; git stash; git checkout -qb mine`,
        ),
      ]
      return { '011': [commits('011'), complete], '012': [commits('012'), complete] }
    },
    expected: { '011': 'done', '012': 'done' },
    landed: landed('011', '012'),
    turns: { '011': 1, '012': 1 },
    check: (played) => {
      const { events, site, conversations } = played
      for (const id of ['011', '012']) {
        expect(outputs(played, id)).toContain('Read-only file system')
        expect(outputs(played, id)).toContain('git: 1')
      }
      expect(outputs(played, '012')).toContain('011.txt')
      expect(conversations('011')).not.toEqual(conversations('012'))
      const trees = events.flatMap((one) =>
        one.type === 'worktree-ready' && ['011', '012'].includes(one.data.item) ? [one.data.worktree] : [],
      )
      expect(new Set(trees).size).toBe(2)
      const authors = site.git('log', '--format=%an', 'HEAD')
      expect(new Set(authors.trim().split('\n'))).toEqual(new Set(['A Person']))
    },
  },
  {
    name: 'it writes where it may not, and nothing of that is changed',
    items: wants('013'),
    plays: ({ home, codexHome, repo }) => {
      const files = [
        ...['config.toml', 'autoloop.project.json', 'hooks.json', 'backlog/013-item.md'].map(
          (name) => `.codex/${name}`,
        ),
        '.git',
        '.agents/skills/x',
        ...['config', 'hooks/pre-commit', 'HEAD'].map((name) => `$COMMON/${name}`),
        ...['config.toml', 'hooks.json', 'planted'].map((name) => path.join(codexHome, name)),
        ...['machine.json', 'approvals.json', 'batches/planted'].map((name) => path.join(home, name)),
        ...['src/a.txt', '.git/config', '.codex/autoloop.project.json'].map((name) => path.join(repo, name)),
      ]
      const each = files.map((file) => `"${file}"`).join(' ')
      return {
        '013': [
          [
            execCommand(
              `COMMON=$(git rev-parse --git-common-dir); echo "common: $COMMON"; for f in ${each}; do mkdir -p "$(dirname "$f")"; (echo planted >> "$f") && echo "$f" >> src/wrote.txt; mv "$f" "$f.old" && echo "$f" >> src/wrote.txt; done; echo 013 > src/013.txt`,
            ),
          ],
          ...['.codex/config.toml', path.join(codexHome, 'planted.toml'), path.join(repo, 'planted')].map(
            (file) => [applyPatch(`*** Begin Patch\n*** Add File: ${file}\n+planted\n*** End Patch`)],
          ),
          complete,
        ],
      }
    },
    expected: { '013': 'done' },
    landed: { ...landed('013'), 'src/wrote.txt': null, '.codex/config.toml': null },
    turns: { '013': 1 },
    check: (played) => {
      expect(outputs(played, '013')).toMatch(/common: .*repo\.git/)
      for (const file of ['config.toml', 'hooks.json', 'autoloop/machine.json'])
        expect(fs.readFileSync(path.join(played.site.codexHome, file), 'utf8')).toBe(played.before[file])
      for (const file of ['planted', 'planted.toml', 'autoloop/batches/planted'])
        expect(fs.existsSync(path.join(played.site.codexHome, file))).toBe(false)
    },
  },
]
