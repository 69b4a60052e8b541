import fs from 'node:fs'
import path from 'node:path'
import { put } from './rig.ts'

/** A `git-lfs` in a directory of its own: the long-running filter of git's protocol, with a store as git-lfs has it. Gives the directory. */
export function writeFakeLfs(dir: string): string {
  const file = path.join(dir, 'git-lfs')
  put(file, `#!${process.execPath}\n${PROGRAM}`)
  fs.chmodSync(file, 0o755)
  return dir
}

export function storeFile(store: string, oid: string): string {
  return path.join(store, 'objects', oid.slice(0, 2), oid.slice(2, 4), oid)
}

const PROGRAM = String.raw`
const fs = require('node:fs'), path = require('node:path'), { createHash } = require('node:crypto')
const settings = {}
for (let n = 0; n < Number(process.env.GIT_CONFIG_COUNT); n++)
  settings[process.env['GIT_CONFIG_KEY_' + n]] = process.env['GIT_CONFIG_VALUE_' + n]
const fileOf = (oid) => path.join(settings['lfs.storage'], 'objects', oid.slice(0, 2), oid.slice(2, 4), oid)
function take(size) {
  const bytes = Buffer.alloc(size)
  for (let at = 0; at < size; ) {
    const got = fs.readSync(0, bytes, at, size - at)
    if (got === 0) process.exit(0)
    at += got
  }
  return bytes
}
function packets() {
  const found = []
  for (;;) {
    const size = parseInt(take(4).toString(), 16)
    if (size === 0) return found
    found.push(take(size - 4))
  }
}
const put = (bytes) => {
  const all = Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, '0')), bytes])
  for (let at = 0; at < all.length; ) at += fs.writeSync(1, all, at)
}
const flush = () => fs.writeSync(1, '0000')
const say = (...lines) => { for (const one of lines) put(Buffer.from(one + '\n')); flush() }
packets(); say('git-filter-server', 'version=2')
packets(); say('capability=clean', 'capability=smudge')
for (;;) {
  const head = packets().map((one) => one.toString().trim())
  const content = Buffer.concat(packets())
  let result
  if (head.includes('command=clean')) {
    const oid = createHash('sha256').update(content).digest('hex')
    fs.mkdirSync(path.dirname(fileOf(oid)), { recursive: true })
    fs.writeFileSync(fileOf(oid), content)
    result = Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:' + oid + '\nsize ' + content.length + '\n')
  } else result = fs.readFileSync(fileOf(/sha256:([0-9a-f]+)/.exec(content.toString())[1]))
  say('status=success')
  for (let at = 0; at < result.length; at += 60000) put(result.subarray(at, at + 60000))
  flush(); flush()
}
`
