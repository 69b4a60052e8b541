import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type Served, serve } from './served.ts'

const HASH = (algorithm: string, bytes: Buffer | string): string =>
  createHash(algorithm).update(bytes).digest('hex')

/** A simple index of Python with one wheel, made by hand: a module `name` with this text. */
export function pythonIndex(name: string, version: string, module: string): Promise<Served> {
  const file = `${name}-${version}-py3-none-any.whl`
  const info = `${name}-${version}.dist-info`
  const wheel = made(
    {
      [`${name}.py`]: module,
      [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
      [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
      [`${info}/RECORD`]: `${name}.py,,\n${info}/METADATA,,\n${info}/WHEEL,,\n${info}/RECORD,,\n`,
    },
    (dir) => ['python3', ['-m', 'zipfile', '-c', path.join(dir, file), `${name}.py`, info], file],
  )
  return serve((asked) => {
    if (asked === `/simple/${name}/`)
      return {
        type: 'text/html',
        body: `<a href="/files/${file}#sha256=${HASH('sha256', wheel)}">${file}</a>`,
      }
    return asked === `/files/${file}` ? { type: 'application/zip', body: wheel } : null
  })
}

/** A compact index of RubyGems with one gem that has one file. */
export function rubyIndex(name: string, version: string, code: string): Promise<Served> {
  const file = `${name}-${version}.gem`
  const gemspec = `Gem::Specification.new do |s|
  s.name = '${name}'; s.version = '${version}'; s.summary = 'x'; s.authors = ['x']; s.files = ['lib/${name}.rb']
  s.license = 'MIT'; s.homepage = 'https://example.test'
end\n`
  const gem = made({ [`lib/${name}.rb`]: code, [`${name}.gemspec`]: gemspec }, () => [
    'gem',
    ['build', '--silent', `${name}.gemspec`],
    file,
  ])
  const info = `---\n${version} |checksum:${HASH('sha256', gem)}\n`
  const texts: Readonly<Record<string, string>> = {
    '/names': `---\n${name}\n`,
    '/versions': `created_at: 2026-01-01T00:00:00Z\n---\n${name} ${version} ${HASH('md5', info)}\n`,
    [`/info/${name}`]: info,
  }
  return serve((asked) => {
    const text = texts[asked]
    if (text !== undefined) return { type: 'text/plain', body: text }
    return asked === `/gems/${file}` ? { type: 'application/octet-stream', body: gem } : null
  })
}

/** What a program makes of files. */
function made(
  files: Readonly<Record<string, string>>,
  by: (dir: string) => readonly [program: string, args: readonly string[], file: string],
): Buffer {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'autoloop-package-'))
  try {
    for (const [name, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(dir, name)), { recursive: true })
      fs.writeFileSync(path.join(dir, name), text)
    }
    const [program, args, file] = by(dir)
    execFileSync(program, args, { cwd: dir, stdio: 'pipe' })
    return fs.readFileSync(path.join(dir, file))
  } finally {
    fs.rmSync(dir, { recursive: true })
  }
}
