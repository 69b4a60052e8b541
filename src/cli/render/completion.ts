import { never } from '../../base/result.ts'

export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

/** A script for the shell to read. It asks the program, which knows its commands, ids, contracts and profiles. Pure. */
export function completionScript(shell: Shell): string {
  switch (shell) {
    case 'bash':
      return bash
    case 'zsh':
      return `#compdef autonomous-loop\n# Uses the bash completion below.\nautoload -U +X bashcompinit && bashcompinit\n${bash}`
    case 'fish':
      return fish
    default:
      return never(shell, 'shell')
  }
}

// Also for the bash 3.2 of macOS. What follows -- is another program's: the shell completes it as words and files.
const bash = `# autonomous-loop completion for bash: eval "$(autonomous-loop completion bash)"
_autonomous_loop() {
  local cur=\${COMP_WORDS[COMP_CWORD]} word line IFS=$'\\n'
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:0:COMP_CWORD}"; do
    if [[ $word == -- ]]; then COMPREPLY=($(compgen -c -f -- "$cur")); return; fi
  done
  while IFS= read -r line; do
    case $line in
      :files) COMPREPLY+=($(compgen -f -- "$cur")) ;;
      :directories) COMPREPLY+=($(compgen -d -- "$cur")) ;;
      *) COMPREPLY+=("\${line%%$'\\t'*}") ;;
    esac
  done < <("\${COMP_WORDS[0]}" complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _autonomous_loop autonomous-loop
`

const fish = `# autonomous-loop completion for fish: autonomous-loop completion fish | source
function __autonomous_loop
  set -l words (commandline -opc)
  for line in ($words[1] complete -- $words[2..-1] (commandline -ct) 2>/dev/null)
    switch $line
      case ':files'
        __fish_complete_path (commandline -ct)
      case ':directories'
        __fish_complete_directories (commandline -ct)
      case '*'
        echo $line
    end
  end
end
complete -c autonomous-loop -f -a '(__autonomous_loop)'
`
