import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { acceptItem, acceptedDigests, itemStandings } from '../../src/records/item-approvals.ts'
import { readBacklog, readBacklogFiles } from '../../src/backlog/read-backlog.ts'
import { config, markdown, places } from './rig.ts'

let root = ''
beforeEach(() => {
  root = fs.mkdtempSync(path.join(fs.realpathSync(os.homedir()), '.autoloop-backlog-'))
})
afterEach(() => {
  fs.rmSync(root, { recursive: true, force: true })
})

const good = markdown('scope: [src/**]')

function write(name: string, text: string | Uint8Array): string {
  const file = path.join(root, '.codex/backlog', name)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, text)
  return file
}

function found(): string[] {
  const backlog = readBacklog(root, config)
  return backlog.ok ? [] : places(backlog.error)
}

describe('the directory of a backlog', () => {
  test('is read whole: every format, in the order of the numbers', () => {
    write('010-c.yml', 'objective: c\nscope: [src/**]\n')
    write('002-b.json', '{"objective": "b", "scope": ["src/**"], "after": [1]}')
    write('001-a.md', good)
    write('003-d.yaml', 'objective: d\nscope: [src/**]\n')
    write('README.md', 'What this is for.')
    write('notes.txt', 'not an item')
    expect(readBacklog(root, config)).toMatchObject({
      ok: true,
      value: { items: [{ id: '001' }, { id: '002', after: ['001'] }, { id: '003' }, { id: '010' }] },
    })
  })

  test.each([['missing'], ['empty'], ['a file']])('%s: an error, never "all done"', (what) => {
    if (what === 'empty') fs.mkdirSync(path.join(root, '.codex/backlog'), { recursive: true })
    if (what === 'a file') {
      fs.mkdirSync(path.join(root, '.codex'))
      fs.writeFileSync(path.join(root, '.codex/backlog'), '')
    }
    expect(readBacklogFiles(root)).toEqual({ texts: [], problems: [] })
    expect(found()).toEqual(['.codex/backlog:1 (top level): no item'])
  })

  test('leaves nothing out without a word', () => {
    write('001-a.md', good)
    write('02-b.md', good)
    write('003_c.md', good)
    write('004-D.MD', good)
    write('later/005-e.md', good)
    write('.006-f.md', good)
    expect(found()).toEqual(
      ['.006-f.md', '003_c.md', '004-D.MD', '02-b.md', 'later/005-e.md'].map(
        (name) => `.codex/backlog/${name}:1 name: "${name}"`,
      ),
    )
  })

  test.each(['.codex', '.codex/backlog'])('is not read through a link in the place of %s', (name) => {
    write('001-a.md', good)
    fs.renameSync(path.join(root, name), path.join(root, 'elsewhere'))
    fs.symlinkSync(path.join(root, 'elsewhere'), path.join(root, name))
    expect(readBacklogFiles(root).texts).toEqual([])
    expect(found()[0]).toContain('a symbolic link')
  })

  test('is read through a link to the root', () => {
    write('001-a.md', good)
    const link = path.join(root, 'link')
    fs.symlinkSync(root, link)
    expect(readBacklogFiles(link).texts).toHaveLength(1)
  })

  test('follows no link, waits for no FIFO, and takes no bytes that are not text', () => {
    write('001-a.md', good)
    fs.writeFileSync(path.join(root, 'elsewhere.md'), good)
    fs.symlinkSync(path.join(root, 'elsewhere.md'), path.join(root, '.codex/backlog/002-b.md'))
    execFileSync('mkfifo', [path.join(root, '.codex/backlog/003-c.md')])
    fs.mkdirSync(path.join(root, '.codex/backlog/004-d.md'))
    write('005-e.md', Buffer.from([0x23, 0x20, 0xff, 0x0a]))
    write('006-f.md', 'x'.repeat(1_000_001))
    const problems = found()
    expect(problems.map((one) => /(\d{3})-/.exec(one)?.[1])).toEqual(['002', '003', '004', '005', '006'])
    for (const [index, words] of [
      'is a symbolic link',
      'not a regular file',
      'not a regular file',
      'not UTF-8',
      'at most',
    ].entries())
      expect(problems[index]).toContain(words)
    // The numbers are taken all the same.
    write('007-g.md', markdown('after: [002, 005]\nscope: [src/**]'))
    expect(found()).toHaveLength(5)
  })
})

describe('what a person accepted', () => {
  function items() {
    const backlog = readBacklog(root, config)
    if (!backlog.ok) throw new Error(places(backlog.error).join('\n'))
    return backlog.value.items
  }

  test('is this content of this file, in this checkout', () => {
    const home = path.join(root, 'home')
    write('001-a.md', good)
    write('002-b.md', good)
    expect(itemStandings(home, root, items())).toEqual(['new', 'new'])
    const [first] = items()
    if (first === undefined) throw new Error('no item')
    expect(acceptItem(home, root, first, 1)).toMatchObject({ ok: true })
    expect(itemStandings(home, root, items())).toEqual(['accepted', 'new'])
    expect([...acceptedDigests(home, root, items())]).toEqual([first.digest])

    write('001-a.md', `${good}\n`)
    expect(itemStandings(home, root, items())).toEqual(['changed', 'new'])
    write('001-a.md', good)
    expect(itemStandings(home, root, items())).toEqual(['accepted', 'new'])

    const other = path.join(root, 'other')
    fs.cpSync(path.join(root, '.codex'), path.join(other, '.codex'), { recursive: true })
    expect(itemStandings(home, other, items())).toEqual(['new', 'new'])
  })

  test('is nothing where its record does not hold', () => {
    const home = path.join(root, 'home')
    write('001-a.md', good)
    const [first] = items()
    if (first === undefined) throw new Error('no item')
    acceptItem(home, root, first, 1)
    const dir = path.join(home, 'approved-items')
    const [name = ''] = fs.readdirSync(dir)
    const record = path.join(dir, name, first.digest)
    const text = fs.readFileSync(record, 'utf8')
    for (const broken of [
      '',
      '{}',
      text.replace(first.digest, 'f'.repeat(64)),
      text.replaceAll(root, '/x'),
    ]) {
      fs.writeFileSync(record, broken)
      expect(itemStandings(home, root, items())).not.toEqual(['accepted'])
    }
    fs.writeFileSync(record, text)
    expect(itemStandings(home, root, items())).toEqual(['accepted'])
  })

  test('cannot be kept in a home that cannot be written', () => {
    write('001-a.md', good)
    const [first] = items()
    if (first === undefined) throw new Error('no item')
    const home = path.join(root, 'home')
    fs.writeFileSync(home, '')
    expect(acceptItem(home, root, first, 1)).toMatchObject({ error: { code: 'home-unwritable' } })
  })
})
