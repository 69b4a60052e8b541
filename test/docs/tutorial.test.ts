import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { type Lab, message, withLab } from '../rig/installed.ts'
import { long } from '../rig/long.ts'
import { projectRoot } from '../rig/root.ts'
import { draw, rowsOfBatch } from './picture.ts'
import { onTerminal, retyped, steady, writesAnew } from './typed.ts'
import { makeClone } from './use-it.ts'

const file = path.join(projectRoot, 'docs/tutorial.md')
const picture = path.join(projectRoot, 'docs/batch.svg')
const pictured = (document: string): string =>
  draw(rowsOfBatch(document), 'A night in a terminal: what agents claim is checked, and what passes lands')
const example = path.join(projectRoot, 'examples/till')
const shownFile = /^<!-- file: (\S+) -->\n```(\w+)\n.*?^```$/gms

// The gate has the same of examples.test.ts; who writes the page anew, plays it.
if (long || writesAnew)
  test('docs/tutorial.md, typed from a clone to landed commits, shows what the program prints', async () => {
    const document = fs.readFileSync(file, 'utf8')
    const withFiles = document.replaceAll(shownFile, (_, name: string, language: string) => {
      const text = fs.readFileSync(path.join(example, name), 'utf8')
      return `<!-- file: ${name} -->\n\`\`\`${language}\n${text}\`\`\``
    })
    await withLab({ script: () => [message('no model is asked')], trustProject: false }, async (lab) => {
      const shell = makeShell(lab, makeClone(lab))
      const anew = await retyped(withFiles, shell.type, shell.prepare)
      if (writesAnew) {
        fs.writeFileSync(file, anew)
        fs.writeFileSync(picture, pictured(anew))
      } else expect(parts(anew)).toEqual(parts(document))
      // What the page says in its own words.
      expect(lab.requests).toEqual([])
      expect(
        execFileSync('node', ['--test'], { cwd: path.join(lab.userHome, 'till'), encoding: 'utf8' }),
      ).toMatch(/(?:#|ℹ) pass 4\n/)
    })
  }, 300_000)

test('docs/batch.svg shows the night of the tutorial', () => {
  expect(fs.readFileSync(picture, 'utf8')).toBe(pictured(fs.readFileSync(file, 'utf8')))
})

/**
 * Command by command. Where a line breaks follows from how long names and times are, and short work is told without its time.
 */
function parts(document: string): readonly string[] {
  return steady(document)
    .replaceAll(/, <duration>|\(\d+ kB\)/g, '')
    .replaceAll(/\s+/g, ' ')
    .split(/ (?=\$ )/)
}

/** One shell to a reader, though each line has a terminal of its own: what a line exports and where it goes holds for the next. */
function makeShell(
  lab: Lab,
  clone: string,
): { readonly type: (line: string) => Promise<string>; readonly prepare: (line: string) => Promise<void> } {
  const state = path.join(lab.dir, 'shell-state')
  fs.writeFileSync(state, `cd '${clone}'\n`)
  const env = {
    ...lab.env({
      NO_COLOR: '1',
      TERM: 'xterm',
      BASH_ENV: undefined,
      CODEX_HOME: undefined,
      GIT_PAGER: 'cat',
    }),
    PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin`,
  }
  const typed = async (line: string): Promise<{ text: string; code: number }> => {
    const code = path.join(lab.dir, 'exit-status')
    const text = await onTerminal(
      `. ${state}; { ${line}; } < /dev/null; echo $? > ${code}; { export -p; echo "cd '$PWD'"; } > ${state}`,
      80,
      { cwd: clone, env },
    )
    return { text, code: Number(fs.readFileSync(code, 'utf8')) }
  }
  return {
    type: async (line) => (await typed(line)).text.replaceAll(lab.userHome, '/home/you'),
    prepare: async (line) => expect({ line, ...(await typed(line)) }).toMatchObject({ line, code: 0 }),
  }
}
