# Keeps one issue open for as long as a check does not hold, and closes it when it does again.
# Reads ISSUE_TITLE, REPORT (a file), EXIT_CODE, GITHUB_REPOSITORY, GITHUB_SERVER_URL, GITHUB_RUN_ID, GH_TOKEN.
set -euo pipefail

# A run that could not look at anything says nothing about what it should have looked at.
case $EXIT_CODE in
0 | 3 | 4 | 5 | 6) ;;
*)
  printf '::notice title=barbacane::Exit code %s is no result, so the issue is left as it is.\n' "$EXIT_CODE"
  exit 0
  ;;
esac

# gh reads the second variable where the server is not github.com.
export GH_HOST=${GITHUB_SERVER_URL#*://} GH_ENTERPRISE_TOKEN=$GH_TOKEN
export ISSUE_TITLE MARKER='<!-- barbacane:issue' STATE="<!-- barbacane:issue exit=$EXIT_CODE -->"
issues=repos/$GITHUB_REPOSITORY/issues
run=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID
body=$REPORT.issue
{
  printf '%s\n' "$STATE"
  cat "$REPORT"
  printf '\n<sub>[Run](%s)</sub>\n' "$run"
} >"$body"

# Anybody can open an issue of this title; only a program can be a bot. The first line says what was found last time.
mine='.[] | select(.pull_request == null and .user.type == "Bot" and .title == env.ISSUE_TITLE
  and (.body // "" | startswith(env.MARKER))) | "\(.number) \(.body | startswith(env.STATE))"'
open=$(gh api --paginate "$issues?state=open&sort=created&direction=asc&per_page=100" --jq "$mine")

close() {
  gh api --silent -X POST "$issues/$1/comments" -f "body=$2"
  gh api --silent -X PATCH "$issues/$1" -f state=closed -f state_reason="$3"
}

kept=
while read -r number is_known; do
  if [ -z "$number" ]; then
    continue
  elif [ "$EXIT_CODE" = 0 ]; then
    close "$number" "Everything holds again: $run" completed
  elif [ -n "$kept" ]; then
    close "$number" "The same as #$kept." not_planned
  else
    kept=$number
    gh api --silent -X PATCH "$issues/$number" -F "body=@$body"
    # Whoever follows the issue hears of a change, not of every run.
    [ "$is_known" = true ] ||
      gh api --silent -X POST "$issues/$number/comments" -f "body=This has changed (exit code $EXIT_CODE): $run"
  fi
done <<<"$open"

if [ "$EXIT_CODE" != 0 ] && [ -z "$kept" ]; then
  gh api --silent -X POST "$issues" -f "title=$ISSUE_TITLE" -F "body=@$body"
fi
