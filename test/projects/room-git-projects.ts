import { npmProject } from './project.ts'
import { type RoomProject, nodeTest } from './room-project.ts'

const double = (sum: string): string => `exports.double = (n) => ${sum}\n`
const doubles = "assert.equal(require('../src/double').double(4), 8, 'the double')"

/** What only a repository of git has. */
export const roomGitProjects: readonly RoomProject[] = [
  {
    name: 'git describe',
    short: true,
    files: {
      ...npmProject('tagged', 'node --test test/'),
      'src/double.js': double('n + n'),
      'test/version.test.js': nodeTest(
        'the version is of the tag',
        "assert.match(git('describe'), /^v1\\.2\\.0-1-g[0-9a-f]+$/)",
        "assert.equal(git('describe', '--tags', '--match', 'light-*', '--abbrev=0'), 'light-1')",
        "assert.equal(git('rev-parse', '--abbrev-ref', 'HEAD'), 'main')",
        doubles,
      ),
    },
    person: 'git tag -a -m one v1.2.0; git tag light-1',
    bug: { file: 'src/double.js', text: double('n * n') },
    reason: /the double/,
  },
]
