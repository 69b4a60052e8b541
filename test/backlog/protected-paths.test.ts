import { describe, expect, test } from '@jest/globals'
import { protectedPaths } from '../../src/backlog/protected-paths.ts'

function kinds(
  path: string,
  scope: readonly string[] = ['src/**'],
  protect: readonly string[] = [],
): string[] {
  return protectedPaths({ protect }, { scope }, [path]).map((one) => one.kind)
}

describe('paths that are protected', () => {
  test.each([
    ['.codex/autoloop.project.json', 'own'],
    ['.codex', 'own'],
    ['packages/app/.codex/hooks.json', 'own'],
    ['.CODEX/backlog/001-a.md', 'own'],
    ['.env', 'secret'],
    ['app/.env.production', 'secret'],
    ['.ENV', 'secret'],
    ['certs/server.pem', 'secret'],
    ['deploy/id_rsa', 'secret'],
    ['id_ed25519.pub', 'secret'],
    ['keys/my_private_key.txt', 'secret'],
    ['private_key', 'secret'],
    ['.autonomous-loop-stop', 'stop'],
    ['.codex-stop', 'stop'],
    ['AGENTS.md', 'instructions'],
    ['docs/CLAUDE.md', 'instructions'],
    ['.agents/skills/x/SKILL.md', 'instructions'],
    ['.claude/settings.json', 'instructions'],
    ['.mcp.json', 'instructions'],
    ['.gitattributes', 'git'],
    ['src/.gitattributes', 'git'],
    ['.gitmodules', 'git'],
    ['.husky/pre-commit', 'hooks'],
    ['.githooks/pre-push', 'hooks'],
    ['.pre-commit-config.yaml', 'hooks'],
    ['lefthook.yml', 'hooks'],
    ['.github/workflows/ci.yml', 'ci'],
    ['.github/actions/x/action.yml', 'ci'],
    ['.gitlab-ci.yml', 'ci'],
    ['.circleci/config.yml', 'ci'],
    ['Jenkinsfile', 'ci'],
    ['azure-pipelines.yml', 'ci'],
    ['.travis.yml', 'ci'],
  ])('%s: %s', (path, kind) => {
    expect(kinds(path)).toEqual([kind])
    // A glob opens nothing.
    expect(kinds(path, ['**/*', '.github/**', '**/.*'])).toEqual([kind])
    const always = kind === 'own' || kind === 'secret'
    expect(kinds(path, [path])).toEqual(always ? [kind] : [])
  })

  test.each([
    'src/index.ts',
    '.env.example',
    'app/.env.sample',
    '.envrc',
    'src/env.ts',
    'src/id_map.py',
    'src/load_private_key.go',
    'src/identity.ts',
    '.github/ISSUE_TEMPLATE/bug.md',
    '.gitignore',
    'codex/x.md',
    'src/autonomous-loop-stop',
    'docs/pem.md',
    'Jenkinsfile.md',
  ])('not %s', (path) => {
    expect(kinds(path)).toEqual([])
  })

  test('what the config protects, unless it is named to the letter', () => {
    expect(kinds('deploy/x.sh', ['deploy/**'], ['deploy/**'])).toEqual(['config'])
    expect(kinds('deploy/x.sh', ['deploy/x.sh'], ['deploy/**'])).toEqual([])
    expect(kinds('deployed/x.sh', ['**/x.sh'], ['deploy/**'])).toEqual([])
  })

  test('a part of a file that is named opens the file: the scope judges its parts', () => {
    expect(kinds('.github/workflows/ci.yml', ['.github/workflows/ci.yml#/jobs'])).toEqual([])
  })

  test('all of them at once, in the order of the changes, each with its reason', () => {
    const all = protectedPaths({ protect: ['x/**'] }, { scope: ['AGENTS.md'] }, [
      'x/a',
      'src/a.ts',
      'AGENTS.md',
      '.env',
    ])
    expect(all).toEqual([
      { path: 'x/a', kind: 'config', why: expect.stringContaining('(x/**)') },
      { path: '.env', kind: 'secret', why: expect.any(String) },
    ])
  })
})
