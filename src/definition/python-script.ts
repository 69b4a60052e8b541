import { type Collection, dirOf, join, collectedNames } from './collection.ts'

/** The standard library as scripts use it, without what an interpreter has loaded before it runs the first line. */
const STANDARD = new Set(
  `__future__ argparse array ast asyncio atexit base64 bisect bz2 calendar cmath cmd code codeop collections colorsys compileall
  concurrent configparser contextlib contextvars copy copyreg csv ctypes dataclasses datetime decimal difflib dis doctest email
  ensurepip enum errno fcntl filecmp fileinput fnmatch fractions ftplib functools gc getopt getpass gettext glob graphlib grp gzip
  hashlib heapq hmac html http imaplib importlib inspect ipaddress itertools json keyword linecache locale logging lzma mailbox
  marshal math mimetypes mmap multiprocessing netrc numbers opcode operator optparse pathlib pdb pickle pkgutil platform plistlib
  poplib pprint profile pstats pty pwd py_compile pyclbr pydoc queue quopri random re readline reprlib resource runpy sched secrets
  select selectors shelve shlex shutil signal smtplib socket socketserver sqlite3 ssl stat statistics string stringprep struct
  subprocess symtable sysconfig syslog tarfile tempfile termios textwrap threading timeit token tokenize tomllib trace traceback
  tracemalloc tty types typing unicodedata unittest urllib uuid venv warnings wave weakref webbrowser xml xmlrpc zipapp zipfile
  zipimport zlib zoneinfo sitecustomize usercustomize pytest yaml tomli requests`.split(/\s+/),
)

/**
 * `python scripts/check.py` looks in the script's directory first. A module there that bears the name of one the script
 * takes from elsewhere would run in its place, so it must not appear. Only for scripts that are pinned themselves.
 */
export function pinScriptShadows(script: string, dir: string, collection: Collection): void {
  const { workspace } = collection
  const rel = workspace.inside(dir, script)
  if (rel === null || !collection.pinned(rel)) return
  const at = dirOf(rel)
  const names = new Set(STANDARD)
  for (const name of importsOf(workspace.text(rel) ?? '')) names.add(name)
  for (const entry of collectedNames(at, collection)) {
    // Any file of that name will do for Python: source, byte code, an extension, a package.
    const name = entry.split('.')[0] as string
    if (!names.has(name)) continue
    const file = join(at, entry)
    if (isModule(entry) || isPackage(file, collection)) collection.pin('absent', file, 'present')
  }
}

function isModule(entry: string): boolean {
  return /\.(py|pyc|so)$/.test(entry)
}

/** A directory without `__init__` comes last of all in Python's search. */
function isPackage(dir: string, collection: Collection): boolean {
  return collectedNames(dir, collection).some((name) => /^__init__\.(py|pyc|.*\.so)$/.test(name))
}

/** First parts of the names that `import` and `from` take in, on lines of their own. */
function importsOf(text: string): string[] {
  const found: string[] = []
  for (const line of text.split(/[\r\n;]/)) {
    const words = /^\s*(?:from\s+([\w.]+)\s+import\b|import\s+(.*))/.exec(line)
    for (const part of (words?.[1] ?? words?.[2] ?? '').split(','))
      found.push((part.trim().split(/[\s.]/)[0] as string) || 'import')
  }
  return found
}
