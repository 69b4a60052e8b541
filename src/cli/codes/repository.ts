import type { CodeSection } from './types.ts'

export const repository = {
  title: 'Setting up a repository',
  codes: {
    missing_machine_bootstrap: {
      what: 'The machine is not set up.',
      todo: '`autonomous-loop bootstrap --trust`',
    },
    'repo-gone': {
      what: 'The repository of an open run was renamed, moved or removed; nothing can be judged.',
      todo: 'Put it back where it was, or end the run with `autonomous-loop disable` and begin one where it is now.',
    },
    repo_missing: {
      what: '`--repo` is not a directory.',
      todo: 'Pass the path of a repository.',
    },
    repo_unwritable: {
      what: 'A file of the repository could not be written.',
      why: 'What was written before is named.',
      todo: 'Give permission and repeat.',
    },
    missing_verification_commands: {
      what: 'Nothing was found that could certainly verify work here; the message says what was looked at and left out, `details.config_to_copy` is a config to start from.',
      todo: 'Write the config by hand ([docs/configuration.md](docs/configuration.md)), then `autonomous-loop allow`.',
    },
    missing_verification_scripts: {
      what: '`package.json` has none of the usual scripts in a usable form.',
      todo: 'Add one, or name others with `--prefer-scripts`.',
    },
    missing_preferred_script: {
      what: '`--prefer-scripts` names a script, target, recipe or task that no file has.',
      todo: 'Choose among those listed.',
    },
    invalid_preferred_script: {
      what: '`--prefer-scripts` holds something that is not a script name.',
      todo: 'Give names with commas between them.',
    },
    ambiguous_package_manager: {
      what: 'Lockfiles of several package managers.',
      todo: 'Pass `--package-manager`, or remove the others.',
    },
    missing_package_manager: {
      what: 'Neither `packageManager` nor a lockfile says how to run scripts.',
      todo: 'Pass `--package-manager`.',
    },
    invalid_package_manager_override: {
      what: '`--package-manager` is not one of npm, pnpm, yarn, bun.',
      todo: 'Use one of them.',
    },
    unsupported_package_manager: {
      what: '`package.json` names a package manager we do not know.',
      todo: 'Pass `--package-manager`.',
    },
    invalid_package_json: {
      what: '`package.json` is not a JSON object.',
      todo: 'Correct it.',
    },
    invalid_config: {
      what: 'A config is there and has errors; all of them are listed.',
      todo: 'Correct them, or replace the file with `install-repo --force`.',
    },
    unsafe_path: {
      what: 'A link, or something that is not a directory or regular file, stands where a file of ours belongs.',
      todo: 'Remove it and repeat.',
    },
    unreadable_file: {
      what: 'A file of the repository cannot be read.',
      todo: 'Look at its permissions.',
    },
    'config-changed': {
      what: 'The config was changed between our write and its approval.',
      why: 'It is not approved.',
      todo: 'Look at it, then `autonomous-loop allow`.',
    },
  },
} satisfies CodeSection
