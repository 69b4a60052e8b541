import { join } from './collection.ts'
import { fileRules } from './file-rules.ts'
import { wantedSections } from './sections.ts'

/** Cargo: its configuration (aliases, runners, rustflags), toolchain and lint settings; build scripts and tests are the agent's. */
export const cargo = fileRules('cargo', [
  {
    programs: ['cargo', 'rustc', 'rustup', 'cargo-nextest', 'cross'],
    files: [
      '.cargo/config',
      '.cargo/config.toml',
      'rust-toolchain',
      'rust-toolchain.toml',
      'clippy.toml',
      '.clippy.toml',
      'rustfmt.toml',
      '.rustfmt.toml',
      'deny.toml',
      '.config/nextest.toml',
      'Makefile.toml',
    ],
    more(_, dir, collection) {
      const rel = join(dir, 'Cargo.toml')
      const text = collection.workspace.text(rel)
      const wanted = (name: string): boolean => /^(lints|workspace\.lints|profile|lib)(\.|$)/.test(name)
      collection.text(`${rel}#lints,profile,lib`, rel, text === null ? null : wantedSections(text, wanted))
    },
  },
])
