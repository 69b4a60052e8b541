import { type Project, npmProject } from './project.ts'

const sql = (sum: string): string =>
  `create function add(a int, b int) returns int language sql as 'select ${sum}';\n`

/** Debian keeps the server's programs off the PATH. It refuses to run as root, and root of the box is whoever runs it. */
const postgres = `PATH="$PATH:$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)"
as=$([ "$(id -u)" != 0 ] || echo unshare --user)
$as initdb -D "$AUTOLOOP_SERVICE_DIR/data" -U app -A trust
exec $as postgres -D "$AUTOLOOP_SERVICE_DIR/data" -k "$AUTOLOOP_SERVICE_DIR" -p 5439`

/** What cannot be tested without a server that the gate brings along. */
export const databaseProjects: readonly Project[] = [
  {
    name: 'PostgreSQL as a service',
    needs: ['psql', 'pg_isready', 'unshare'],
    files: {
      ...npmProject('sums', 'node --test test/'),
      'src/add.sql': sql('a + b'),
      'test/add.test.js': `const assert = require('node:assert')
const { execFileSync } = require('node:child_process')
const psql = (...args) =>
  execFileSync('psql', ['-h', '127.0.0.1', '-p', '5439', '-U', 'app', '-tA', ...args, 'postgres'], { encoding: 'utf8' }).trim()
require('node:test').test('the database adds', () => {
  psql('-f', 'src/add.sql')
  assert.equal(psql('-c', 'select add(2, 2)'), '4', 'the sum')
})
`,
    },
    gates: ['test'],
    services: {
      test: [
        {
          argv: ['sh', '-ec', postgres],
          ready: ['pg_isready', '-h', '127.0.0.1', '-p', '5439'],
          timeoutSeconds: 60,
        },
      ],
    },
    bug: { file: 'src/add.sql', text: sql('a - b') },
    reason: /the sum/,
  },
]
