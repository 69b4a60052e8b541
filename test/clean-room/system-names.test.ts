import { expect, test } from '@jest/globals'
import { config, play, roomConfig } from './lab.ts'

const manifest = (dependencies: object): string =>
  JSON.stringify({ name: 'x', version: '1.0.0', scripts: { test: 'node check.js' }, dependencies })
const lock = (packages: object): string =>
  JSON.stringify({ name: 'x', version: '1.0.0', lockfileVersion: 3, packages: { '': {}, ...packages } })

/** What `npm i which@1` leaves, its content apart. */
const installed = `
cat > package.json <<'END'
${manifest({ which: '^1.3.1' })}
END
cat > package-lock.json <<'END'
${lock({ 'node_modules/which': { version: '1.3.1', resolved: 'https://registry.npmjs.org/which/-/which-1.3.1.tgz', integrity: 'sha512-HxJdYWq1MTIQbJ3nw0cqssHoTNU267KlrDuGZ1WYlxDStUtKUhOaJmh112/TZmHxxUfuJqPXSOm7tDyas0OSIQ==', bin: { which: 'bin/which' } } })}
END
mkdir -p node_modules/which/bin node_modules/.bin
echo '{"name": "which", "version": "1.3.1", "bin": {"which": "bin/which"}}' > node_modules/which/package.json
printf '#!/usr/bin/env node\\n' > node_modules/which/bin/which
chmod +x node_modules/which/bin/which
ln -s ../which/bin/which node_modules/.bin/which
`

test('a dependency that brings a program by the name of one of the system’s holds nobody in the clean room', async () => {
  await play(
    {
      files: {
        [config]: roomConfig(['npm', 'test']),
        '.gitignore': 'node_modules\n',
        'package.json': manifest({}),
        'package-lock.json': lock({}),
        'src/a.js': '',
        'check.js': "require('./src/a.js')\n",
      },
      agent: [installed],
    },
    ({ blocks, run }) => {
      expect(blocks).toEqual([])
      expect(run.state).toBe('released')
    },
  )
})
