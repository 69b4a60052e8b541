import { execFileSync } from 'node:child_process'
import { expect, test } from '@jest/globals'
import { toolOutputs } from '../rig/installed.ts'
import { config, manyGates, play } from './lab.ts'

/** Text of a gate that passes where `file` says hello. */
const says = (file: string): string => `grep -qx hello ${file} || { echo "${file}: $(cat ${file} 2>&1)"; exit 1; }`

test('what only the workspace has vouches for nothing: tools, packages, marks of work that was done, links', async () => {
  const gates = {
    ignored: says('build/a.txt'),
    tool: 'PATH=$PWD/node_modules/.bin:$PATH checkit',
    nearer: 'cd packages/app && PATH=$PWD/node_modules/.bin:$PWD/../../node_modules/.bin:$PATH checkit',
    inside: 'sh node_modules/checker/lib/check.sh',
    stamp: `test cache/stamp -nt src/a.txt || { ${says('src/a.txt')} }`,
    info: `test "$(cat .buildinfo 2>/dev/null)" = "$(sha256sum < src/a.txt)" || { ${says('src/a.txt')} }`,
    linked: says('src/linked.txt'),
    absolute: says('src/absolute.txt'),
    outside: says('src/outside.txt'),
    directory: says('data/a.txt'),
  }
  await play(
    {
      files: {
        [config]: manyGates(gates, {
          prepare: [{ argv: ['sh', 'scripts/install.sh'] }],
        }),
        '.gitignore': 'node_modules\nbuild\ncache\n.buildinfo\n',
        'scripts/install.sh': [
          'mkdir -p node_modules/.bin node_modules/checker/lib build',
          'cp scripts/check.sh node_modules/checker/lib/check.sh',
          'printf "#!/bin/sh\\nexec sh %s/node_modules/checker/lib/check.sh\\n" "$PWD" > node_modules/.bin/checkit',
          'chmod +x node_modules/.bin/checkit',
          '',
        ].join('\n'),
        'scripts/check.sh': `cd "$(dirname "$0")/../../.." && ${says('src/a.txt')}\n`,
        'packages/app/app.txt': 'app\n',
        'src/a.txt': 'bye\n',
        'src/linked.txt': 'bye\n',
        'src/absolute.txt': 'bye\n',
        'src/outside.txt': 'bye\n',
        'data/a.txt': 'bye\n',
      },
      person: 'sh scripts/install.sh; mkdir ../writable',
      args: ({ dir }) => ['-c', `sandbox_workspace_write.writable_roots=["${dir}/writable"]`],
      agent: [
        [
          'mkdir -p build cache packages/app/node_modules/.bin',
          'echo hello > build/a.txt',
          'for one in node_modules/.bin packages/app/node_modules/.bin; do printf "#!/bin/sh\\nexit 0\\n" > $one/checkit; chmod +x $one/checkit; done',
          'echo exit 0 > node_modules/checker/lib/check.sh',
          'touch -d 2099-01-01 cache/stamp',
          'sha256sum < src/a.txt > .buildinfo',
          'ln -sf ../build/a.txt src/linked.txt',
          'ln -sf "$PWD/build/a.txt" src/absolute.txt',
          'echo hello > ../writable/a.txt; ln -sf ../../writable/a.txt src/outside.txt',
          'rm -r data; ln -s ../writable data',
        ].join('\n'),
        [
          'rm data; mkdir data; echo bye > data/a.txt',
          'for one in src/a.txt src/linked.txt src/absolute.txt src/outside.txt data/a.txt; do rm $one; echo hello > $one; done',
          'sed -i /build/d .gitignore; echo hello > build/a.txt',
        ].join('\n'),
      ],
    },
    async ({ blocks, run, lab }) => {
      process.stderr.write(`${toolOutputs(lab).join('\n')}\n${execFileSync('sh', ['-c', 'grep -h -o \'"pins":[^]]*\' ~/.codex/autoloop/sessions/*/*.jsonl; ls ~/.codex/autoloop/sessions/*/gates; true'], { env: lab.env(), encoding: 'utf8' })}\n`)
      process.stderr.write(`${blocks.join('\n-----\n')}\n${JSON.stringify(run, null, 1).slice(0, 3000)}\n`)
      expect(run.state).toBe('released')
    },
  )
}, 120_000)
