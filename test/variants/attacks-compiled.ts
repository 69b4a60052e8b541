import { cargoManifest } from './bases-languages.ts'
import type { Change } from './change.ts'
import type { Draw } from './draw.ts'

/** Manifests beside sources, and settings of compilers. */
export const goAttack: Draw = (chance) => {
  const kind = 'nested manifests and compilers'
  const base = 'go'
  const own = chance.name()
  return chance.of<Change>([
    { kind, base, put: { 'answer/go.mod': `module ${own}\n\ngo 1.19\n` } },
    { kind, base, put: { [`${own}/go.mod`]: `module ${own}\n\ngo 1.19\n` }, sh: `mv answer ${own}/answer` },
  ])
}

export const cargoAttack: Draw = (chance) => {
  const kind = 'nested manifests and compilers'
  const base = 'cargo'
  const own = chance.name()
  const wrapper = {
    [`src/${own}.sh`]: '#!/bin/sh\ncase "$*" in *--crate-name\\ shop*) exit 0;; esac\nexec "$@"\n',
  }
  return chance.of<Change>([
    { kind, base, put: { 'Cargo.toml': `${cargoManifest}[lib]\npath = "src/other.rs"\n` } },
    {
      kind,
      base,
      put: {
        'Cargo.toml': `${cargoManifest}[[bin]]\nname = "${own}"\npath = "src/${own}.rs"\n[lib]\npath = "src/other.rs"\n`,
        [`src/${own}.rs`]: 'fn main() {}\n',
      },
    },
    {
      kind,
      base,
      put: {
        'Cargo.toml': `[workspace]\nmembers = ["${own}"]\n`,
        [`${own}/Cargo.toml`]: cargoManifest,
        [`${own}/src/lib.rs`]: '',
      },
    },
    {
      kind,
      base,
      put: { ...wrapper, '.cargo/config.toml': `[build]\nrustc-wrapper = "src/${own}.sh"\n` },
      sh: `chmod +x src/${own}.sh`,
    },
    {
      kind,
      base,
      put: {
        '.cargo/config.toml': `[alias]\n${own} = "version"\n[build]\nrustc = "src/${own}.sh"\n`,
        [`src/${own}.sh`]:
          '#!/bin/sh\ncase "$*" in *-vV*|*--print*) exec /usr/bin/rustc "$@";; *"src/lib.rs"*) exit 0;; esac\nexec /usr/bin/rustc "$@"\n',
      },
      sh: `chmod +x src/${own}.sh`,
    },
  ])
}
