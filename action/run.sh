# Runs one command and keeps what it left with, so that its report can be shown before the job fails.
# Reads BARBACANE_COMMAND, BARBACANE_ARGS (one a line), WORKING_DIRECTORY, RUNNER_TEMP.
# Writes the outputs `exit-code` and `report` beside those of the command, and the summary of the job.
set -euo pipefail

MAX_REPORT_BYTES=60000 # GitHub refuses comments and issues of more than 65,536 characters

fail() {
  printf '::error title=barbacane::%s\n' "$1"
  exit 2
}

[[ $BARBACANE_COMMAND =~ ^[a-z][a-z-]*(\ [a-z][a-z-]*)*$ ]] ||
  fail 'The input command is the name of a command; what belongs to it stands in the input args, one a line.'
read -ra words <<<"$BARBACANE_COMMAND"
while IFS= read -r line; do
  [ -z "$line" ] || words+=("$line")
done <<<"$BARBACANE_ARGS"

# The runner takes the summary of each step away, and comment and issue are made of it in later ones.
report=$(mktemp "$RUNNER_TEMP/barbacane/report.XXXXXX")
cd -- "$WORKING_DIRECTORY"
exit_code=0
GITHUB_STEP_SUMMARY=$report barbacane "${words[@]}" || exit_code=$?
cat "$report" >>"$GITHUB_STEP_SUMMARY"

if [ "$(wc -c <"$report")" -gt "$MAX_REPORT_BYTES" ]; then
  head -c "$MAX_REPORT_BYTES" "$report" | sed '$d' >"$report.cut"
  printf '\n*The report is longer; the summary of the run has all of it.*\n' >>"$report.cut"
  mv "$report.cut" "$report"
fi

case $exit_code in
4) printf '::error title=barbacane %s::Not verified; the summary says what does not hold.\n' "$BARBACANE_COMMAND" ;;
5) printf '::error title=barbacane %s::Drift; the summary says which nodes and why.\n' "$BARBACANE_COMMAND" ;;
6) printf '::warning title=barbacane %s::Inconclusive; the summary says what could not be asked.\n' "$BARBACANE_COMMAND" ;;
esac
printf 'exit-code=%s\nreport=%s\n' "$exit_code" "$report" >>"$GITHUB_OUTPUT"
