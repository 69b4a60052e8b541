#!/bin/sh
# autonomous-loop @VERSION@. Codex runs this at every hook event of every session of this machine (and so does Claude
# Code, with a second word), so it must cost nothing when it has nothing to do, and must never end with a status that
# is taken for an answer (1 fails open, 2 blocks for ever). One `cat`, otherwise builtins; node only when something of ours may be open.
trap 'no_fork=1; last_words; exit 0' 0
set +aefuvx
caller_path=${PATH-} caller_lc=${LC_ALL-}
PATH=/usr/bin:/bin LC_ALL=C
unset IFS CDPATH ENV BASH_ENV no_fork answered looked payload
# An agent that works for a batch: its supervisor judges it, and nothing here is for us.
answered=${AUTONOMOUS_LOOP_ATTEMPT:+1}
event=${1-} host=${2-}
node=@NODE@
bundle=@BUNDLE@
home=@HOME@
codex_home=@CODEX_HOME@
spool=@SPOOL@
# The command line in the home, as a word for a shell.
tool=@TOOL@
# These as they stand inside a JSON string.
node_json=@NODE_JSON@
home_json=@HOME_JSON@
tool_json=@TOOL_JSON@
nl='
'
# Our name in any case, as a pattern.
our_name='[Aa][Uu][Tt][Oo][Nn][Oo][Mm][Oo][Uu][Ss]-[Ll][Oo][Oo][Pp]'

any() { [ -e "$1" ] || [ -L "$1" ]; }

# When `cat` cannot be had: slow, but needs no second process.
read_all() {
  payload= line=
  while IFS= read -r line || [ -n "$line" ]; do payload=$payload$line line=; done
}

# The id of the session, if it can be a file name as it stands (the rule of sessionKey); else `key` stays empty.
find_session() {
  sid= key=
  case $payload in
  '{"session_id":"'*) sid=${payload#'{"session_id":"'} ;;
  *)
    # `#*` is quadratic in dash: look at the head only, which costs a fork when it has to be cut.
    head=$payload
    if [ ${#payload} -gt 4096 ]; then
      if [ -n "$no_fork" ]; then return 0; fi
      head=$(printf '%.4096s' "$payload")
    fi
    case $head in
    *'"session_id":"'*) sid=${head#*'"session_id":"'} ;;
    *) return 0 ;;
    esac
    ;;
  esac
  sid=${sid%%\"*}
  case $sid in
  '' | -* | *[!0-9a-f-]*) ;;
  *) if [ ${#sid} -ge 8 ] && [ ${#sid} -le 64 ]; then key=$sid; fi ;;
  esac
}

config_above() {
  dir=$PWD
  while :; do
    if any "$dir/.codex/autoloop.project.json"; then return 0; fi
    case $dir in '' | [!/]*) return 1 ;; esac
    dir=${dir%/*}
  done
}

# Sets `why` to the reason for starting node; empty means that nothing here is ours.
look() {
  why=
  find_session
  if [ ! -d "$home/armed" ] || [ ! -r "$home/armed" ] || [ ! -x "$home/armed" ]; then
    why=blind
  elif [ -n "$key" ]; then
    if any "$home/armed/$key" || any "$home/sessions/$key/open"; then
      why=armed
    elif any "$home/requests/disable-$key"; then
      why=asked
    elif any "$spool/$key"; then
      # Not looked into: an agent can leave so many files there that a pattern takes seconds.
      why=spool
    fi
  elif [ -n "$sid" ]; then
    # Such an id is stored under its hash, which a shell cannot compute.
    if any "$home"/armed/x-*; then why=armed; fi
  elif any "$home"/armed/* || ! any "$home"/bin/*; then
    # We lie in bin/ ourselves: where nothing is found there, no directory can be listed (no descriptor is left).
    why=blind
  fi
  looked=1
  if [ -n "$why" ]; then return 0; fi
  case $event in
  subagent-*) return 0 ;;
  user-prompt-submit) case $payload in *$our_name*) why=prompt ;; esac ;;
  session-start) if config_above; then why=config; fi ;;
  esac
  if [ -z "$why" ] && any "$home"/armed/pending-*; then why=pending; fi
}

# Runs the bundle. `body` is its answer (one JSON object or nothing); status 1 when it gave none that is whole.
ask() {
  log=/dev/null
  if [ -f "$home/debug.log" ]; then
    if [ -w "$home/debug.log" ]; then log=$home/debug.log; fi
  elif [ -w "$home" ] && ! any "$home/debug.log"; then
    log=$home/debug.log
  fi
  unset NODE_OPTIONS NODE_PATH NODE_V8_COVERAGE NODE_COMPILE_CACHE NODE_DEBUG NODE_DEBUG_NATIVE NODE_ICU_DATA
  unset NODE_EXTRA_CA_CERTS NODE_PENDING_DEPRECATION NODE_PRESERVE_SYMLINKS NODE_PRESERVE_SYMLINKS_MAIN
  unset NODE_REDIRECT_WARNINGS NODE_CHANNEL_FD NODE_UNIQUE_ID NODE_TEST_CONTEXT LD_PRELOAD DYLD_INSERT_LIBRARIES
  out=$(
    printf '%s' "$payload" |
      AUTONOMOUS_LOOP_HOME=$home CODEX_HOME=$codex_home AUTOLOOP_PPID=$PPID AUTOLOOP_PATH=$caller_path \
        LC_ALL=$caller_lc "$node" "$bundle" "$event" ${host:+"$host"} 2>>"$log"
  )
  case $out in
  autoloop:ok) body= ;;
  *"$nl"autoloop:ok) body=${out%"$nl"autoloop:ok} ;;
  *) return 1 ;;
  esac
  case $body in
  *"$nl"*) return 1 ;;
  '' | '{'*'}') return 0 ;;
  *) return 1 ;;
  esac
}

say() { printf '{"systemMessage":"%s"}\n' "$1"; }
# Claude Code shows nobody the reason of a stop.
finish() { printf '{"continue":false,"stopReason":"%s"%s}\n' "$1" "${host:+,\"systemMessage\":\"$1\"}"; }
refuse() { printf '{"decision":"block","reason":"%s"}\n' "$1"; }

# The person's way out when node cannot run: a request that the next node process folds into the ledger.
disable() {
  if [ -z "$key" ]; then
    refuse "not applied because this session could not be told apart from others; $cause"
    return 0
  fi
  if [ "$why" != blind ] && ! any "$home/armed/$key" && ! any "$home/sessions/$key/open"; then
    refuse "not applied because this session has no open run; $cause"
    return 0
  fi
  umask 077
  if ! printf '%s\n"%s"\n' "$key" "$reason" >"$home/requests/disable-$key"; then
    refuse "not applied because $home_json/requests cannot be written; $cause"
    return 0
  fi
  finish "disabled: this session is no longer held. It goes into the ledger as soon as autonomous-loop works again; $cause"
  # Last, because it forks; if it fails, the request alone keeps the session from being held.
  if [ -z "$no_fork" ]; then rm -f "$home/armed/$key"; fi
}

# Sets `said` to the prompt: blanks are spaces, ends of lines are such, everything else is escaped as in the payload.
find_prompt() {
  said=
  if [ ${#payload} -gt 16384 ]; then return 0; fi
  case $payload in *'"prompt":"'*$our_name*) ;; *) return 0 ;; esac
  rest=${payload#*'"prompt":"'}
  while :; do
    part=${rest%%[\"\\]*}
    said=$said$part
    rest=${rest#"$part"}
    case $rest in
    '\n'*) said=$said$nl ;;
    '\"'*) said=$said'\"' ;;
    '\\'*) said=$said'\\' ;;
    '\u'*) said=$said'\u' ;;
    '\'*) said="$said " ;;
    *) return 0 ;;
    esac
    rest=${rest#??}
  done
}

trim() {
  while :; do
    case $said in
    ' '* | "$nl"*) said=${said#?} ;;
    *' ' | *"$nl") said=${said%?} ;;
    *) return 0 ;;
    esac
  done
}

# Leaves of `said` what stands behind a client's heading, if there is one such heading; nothing if there are more.
own_words() {
  case ${said%%"$nl"*} in '# '*: | '## '*: | '<'[a-z]*) ;; *) return 0 ;; esac
  own=
  for heading in 'My request for Codex' 'My request'; do
    heading="$nl## $heading:$nl"
    case $said in
    *"$heading"*)
      if [ -n "$own" ]; then said= own=; fi
      own=$nl${said#*"$heading"}
      case $own in *"$heading"*) said= own= ;; esac
      ;;
    esac
  done
  if [ -n "$own" ]; then said=$own; fi
}

# Sets `verb` and `reason` if the whole prompt is a plain order; else `verb` stays empty. Less than what readPrompt takes
# for one, and nothing else.
find_verb() {
  verb= reason= mentioned=
  trim
  own_words
  trim
  case $said in *"$nl"*) return 0 ;; esac
  IFS=' '
  set -f
  set -- $said
  set +f
  case "${1-} ${2-}" in [Pp][Ll][Ee][Aa][Ss][Ee]' '[Uu][Ss][Ee]) shift ;; esac
  case "${1-} ${2-}" in
  [Uu][Ss][Ee]' '$our_name | [Uu][Ss][Ee]' /'$our_name | [Uu][Ss][Ee]' $'$our_name)
    mentioned=1
    shift
    ;;
  '$'$our_name' '*) mentioned=1 ;;
  $our_name' '*) ;;
  *) set -- ;;
  esac
  case ${2-} in
  [Pp][Aa][Uu][Ss][Ee] | [Pp][Aa][Uu][Ss][Ee]:) verb=pause ;;
  [Rr][Ee][Ss][Uu][Mm][Ee]) verb=resume ;;
  [Dd][Ii][Ss][Aa][Bb][Ll][Ee] | [Dd][Ii][Ss][Aa][Bb][Ll][Ee]:) verb=disable ;;
  [Ww][Aa][Ii][Vv][Ee] | [Ww][Aa][Ii][Vv][Ee]:) verb=waive ;;
  [Rr][Ee][Ll][Ee][Aa][Ss][Ee] | [Rr][Ee][Ll][Ee][Aa][Ss][Ee]:) verb=waive ;;
  [Ss][Tt][Aa][Tt][Uu][Ss]) verb=status ;;
  [Aa][Mm][Ee][Nn][Dd]) verb=amend ;;
  *) set -- ;;
  esac
  # What may stand behind it: nothing, an id of one word, or a reason behind a colon or `--reason`.
  case $mentioned$verb$#${2-}:${3-} in
  [a-z]*2*[!:]: | 1[a-z]*2*[!:]:) ;;
  resume3*:* | amend3*:* | 1resume3*:????????* | 1amend3*:????????*)
    reason=$3
    case $mentioned$3 in 1*[!0-9a-fA-F]*) verb= ;; esac
    if [ ${#3} -gt 64 ]; then verb=; fi
    ;;
  pause*::* | disable*::* | waive*::*)
    shift 2
    reason=$*
    ;;
  pause*:--reason | disable*:--reason | waive*:--reason)
    shift 3
    reason=$*
    ;;
  *) verb= ;;
  esac
  case $verb$reason$# in disable0 | waive0 | pause0) verb= ;; esac
  unset IFS
}

# Only what the person typed counts, and only when it is the whole prompt; everything else goes through.
prompt() {
  case $payload in *'"agent_id":'*) return 0 ;; esac
  find_prompt
  find_verb
  case $verb in
  '') say "autonomous-loop could not look at this prompt: $cause" ;;
  disable) disable ;;
  *) refuse "not applied because $cause" ;;
  esac
}

# What is said when the bundle gave no answer, and at any exit that was not planned. Builtins only if `no_fork`.
last_words() {
  if [ -n "$answered" ]; then return 0; fi
  answered=1
  if [ -z "${payload+x}" ]; then read_all; fi
  if [ -z "$looked" ]; then look; fi
  case $why in
  '') return 0 ;;
  pending)
    # Requests wait for other sessions too; only one that shows a token may have lost something.
    case $event$payload in stop*AUTOLOOP_CLAIM:*) ;; *) return 0 ;; esac
    ;;
  esac
  if [ ! -x "$node" ]; then
    cause="node is gone from $node_json"
  elif [ ! -r "$bundle" ]; then
    cause='its program is missing'
  else
    cause='its program gave no answer'
  fi
  fault="$cause; for the reason and the repair run:"
  cause="$fault $tool_json doctor"
  case $event in
  stop)
    if [ -n "$key" ] && any "$home/requests/disable-$key"; then return 0; fi
    case $why in
    armed)
      text="autonomous-loop failed closed: $cause. The contract is still open. To let this session go, type: autonomous-loop disable"
      finish "$text"
      # For the ledger: the next node process takes it in.
      note=$home/requests/unjudged-$key
      if [ -n "$key" ] && { ! any "$note" || { [ -f "$note" ] && [ ! -L "$note" ]; }; }; then
        umask 077
        printf '%s\n' "$fault $tool doctor" >>"$note"
      fi
      ;;
    blind) say "autonomous-loop could not see whether this session has a contract: $cause" ;;
    spool | pending) say "autonomous-loop could not take in a request of this session: $cause" ;;
    esac
    ;;
  user-prompt-submit) prompt ;;
  # The root's own stop says it.
  subagent-*) ;;
  *) say "autonomous-loop is not watching: $cause" ;;
  esac
}

# Not earlier: where no descriptor is left this ends the shell, and the trap needs its functions.
exec 2>/dev/null
# A closed stdin would become the pipe that `cat` writes into: bash hangs on it.
{ true; } 3<&0 || exec </dev/null
payload=$(cat) || read_all
if [ -n "$answered" ]; then exit 0; fi
look
if [ "$event" = config-change ]; then
  # Of Claude Code alone: what its settings say from now on could switch hooks off in the middle of a session.
  case $why in
  armed | blind) refuse 'a contract is open in this session, so its hooks stay as they are; changed settings count in the next one' ;;
  esac
  answered=1
  exit 0
fi
if [ -n "$why" ]; then
  if ask; then
    answered=1
    if [ -n "$body" ]; then printf '%s\n' "$body"; fi
  else
    last_words
  fi
fi
answered=1
exit 0
