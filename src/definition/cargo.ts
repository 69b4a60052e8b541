import { pinManifest } from './cargo-manifest.ts'
import { join, optionValues } from './collection.ts'
import { fileRules } from './file-rules.ts'

/** Cargo: its configuration (aliases, runners, rustflags), toolchain, lint settings and what is tested; build scripts and tests are the agent's. */
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
    parents: true,
    more({ argv, dir: from }, dir, collection) {
      pinManifest(join(dir, 'Cargo.toml'), collection)
      for (const named of optionValues(argv, ['--manifest-path'])) {
        const rel = collection.workspace.inside(from, named)
        if (rel !== null) pinManifest(rel, collection)
      }
    },
  },
])
