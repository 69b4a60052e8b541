import { npmProject } from './project.ts'
import { type RoomProject, nodeTest } from './room-project.ts'

const double = (sum: string): string => `exports.double = (n) => ${sum}\n`
const doubles = "assert.equal(require('../src/double').double(4), 8, 'the double')"
const common = {
  files: { ...npmProject('numbers', 'node --test test/'), 'src/double.js': double('n + n') },
  bug: { file: 'src/double.js', text: double('n * n') },
  reason: /the double/,
} as const

/** A filter with git-lfs's pointers, and a directory in place of its server and its own programs. */
const lfs = `git config filter.lfs.required true
git config filter.lfs.clean 'sh -c "f=.git/media/\\$(tee .git/incoming | sha256sum | cut -c1-64); mkdir -p .git/media; cp .git/incoming \\$f; printf \\"oid %s\\\\\\\\n\\" \\$(basename \\$f)"'
git config filter.lfs.smudge 'sh -c "read -r _ oid; cat .git/media/\\$oid"'
`

/** In a copy git looks at the content again, and the filter may not write there. */
const filtered = [/^whether the gates notice a broken source was not tried, they fail in a copy/]

/** What only a repository of git has. */
export const roomGitProjects: readonly RoomProject[] = [
  {
    ...common,
    name: 'git describe',
    short: true,
    files: {
      ...common.files,
      'test/version.test.js': nodeTest(
        'the version is of the tag',
        "assert.match(git('describe'), /^v1\\.2\\.0-[12]-g[0-9a-f]+$/)",
        "assert.equal(git('describe', '--tags', '--match', 'light-*', '--abbrev=0'), 'light-1')",
        "assert.equal(git('rev-parse', '--abbrev-ref', 'HEAD'), 'main')",
        doubles,
      ),
    },
    // One commit follows before the gates are measured, and that of the gates after.
    person: 'git tag -a -m one v1.2.0; git tag light-1; git commit -q --allow-empty -m later',
  },
  {
    ...common,
    name: 'a shallow clone with a remote',
    files: {
      ...common.files,
      'test/history.test.js': nodeTest(
        'the history is cut off',
        "assert.equal(git('rev-parse', '--is-shallow-repository'), 'true')",
        "assert.equal(git('rev-list', '--count', 'origin/main'), '1')",
        "assert.match(git('rev-list', '--count', 'HEAD'), /^[23]$/)",
        "const base = git('merge-base', 'HEAD', 'origin/main')",
        "assert.equal(git('rev-parse', 'origin/main'), base)",
        "assert.match(git('diff', '--name-only', base), /^late\\.txt$/m)",
        doubles,
      ),
    },
    person: `for n in 1 2 3; do git commit -q --allow-empty -m "$n"; done
git clone -q --depth 1 "file://$PWD" ../shallow
rm -rf .git; mv ../shallow/.git .git
git config user.name Lab; git config user.email lab@localhost
echo late > late.txt; git add late.txt; git commit -q -m late`,
  },
  {
    ...common,
    name: 'CRLF by attributes and autocrlf',
    files: {
      ...common.files,
      '.gitattributes': 'win.bat text eol=crlf\nraw.dat -text\n',
      'win.bat': '@echo off\n',
      'auto.txt': 'one\ntwo\n',
      'raw.dat': 'a\r\nb\n',
      'test/lines.test.js': nodeTest(
        'line ends are as checked out',
        "assert.equal(fs.readFileSync('win.bat', 'latin1'), '@echo off\\r\\n')",
        "assert.equal(fs.readFileSync('auto.txt', 'latin1'), 'one\\r\\ntwo\\r\\n')",
        "assert.equal(fs.readFileSync('raw.dat', 'latin1'), 'a\\r\\nb\\n')",
        "assert.doesNotMatch(git('status', '--porcelain'), /win|auto|raw|package/)",
        doubles,
      ),
    },
    person:
      'git config core.autocrlf true; rm win.bat auto.txt package.json; git checkout -- win.bat auto.txt package.json',
  },
  {
    ...common,
    name: 'pointers of LFS by a filter, without network',
    notes: filtered,
    files: {
      ...common.files,
      '.gitattributes': '*.bin filter=lfs -text\n',
      'test/model.test.js': nodeTest(
        'the model is there',
        "assert.equal(fs.readFileSync('model.bin', 'utf8'), 'many weights\\n')",
        "assert.match(git('show', 'HEAD:model.bin'), /^oid [0-9a-f]{64}$/)",
        "assert.doesNotMatch(git('status', '--porcelain'), /model/)",
        doubles,
      ),
    },
    person: `${lfs}echo many weights > model.bin; git add -A; git commit -q -m model`,
  },
  {
    ...common,
    name: 'git-lfs without network',
    notes: filtered,
    needs: ['git-lfs'],
    files: {
      ...common.files,
      'test/model.test.js': nodeTest(
        'the model is there',
        "assert.equal(fs.readFileSync('model.bin', 'utf8'), 'many weights\\n')",
        "assert.match(git('show', 'HEAD:model.bin'), /git-lfs/)",
        "assert.doesNotMatch(git('status', '--porcelain'), /model/)",
        doubles,
      ),
    },
    person:
      "git lfs install --local; git lfs track '*.bin'; echo many weights > model.bin; git add -A; git commit -q -m model",
  },
  {
    ...common,
    name: 'a submodule',
    files: {
      ...common.files,
      'test/submodule.test.js': nodeTest(
        'the submodule is there',
        "assert.equal(require('../lib/index.js'), 'of the submodule')",
        doubles,
      ),
    },
    person: `git init -q -b main ../lib
echo "module.exports = 'of the submodule'" > ../lib/index.js
git -C ../lib add -A; git -C ../lib -c user.name=Lab -c user.email=lab@localhost commit -q -m lib
git -c protocol.file.allow=always submodule --quiet add "$PWD/../lib" lib; git commit -q -m submodule`,
  },
]
