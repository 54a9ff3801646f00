# Shows a report in one comment on a pull request: written at first, changed in place from then on.
# Reads COMMENT_NAME, REPORT (a file), PULL_REQUEST, HEAD_REPOSITORY, GITHUB_REPOSITORY, GITHUB_SERVER_URL,
# GITHUB_RUN_ID, GH_TOKEN.
set -euo pipefail

# The token of a pull request from a fork may only read, and no other one belongs into such a run.
if [ "$HEAD_REPOSITORY" != "$GITHUB_REPOSITORY" ]; then
  printf '::notice title=barbacane::A pull request from a fork gets no comment; the report is in the summary of the run.\n'
  exit 0
fi
[[ $COMMENT_NAME =~ ^[A-Za-z0-9._-]+$ ]] || {
  printf '::error title=barbacane::The name of a comment consists of letters, digits, dots, dashes and underscores.\n'
  exit 2
}

# gh reads the second variable where the server is not github.com.
export GH_HOST=${GITHUB_SERVER_URL#*://} GH_ENTERPRISE_TOKEN=$GH_TOKEN
export MARKER="<!-- barbacane:$COMMENT_NAME -->"
body=$REPORT.comment
{
  printf '%s\n' "$MARKER"
  cat "$REPORT"
  printf '\n<sub>[Run](%s/%s/actions/runs/%s)</sub>\n' "$GITHUB_SERVER_URL" "$GITHUB_REPOSITORY" "$GITHUB_RUN_ID"
} >"$body"

# Anybody can write the marker into a comment; only a program can be a bot.
mine='.[] | select(.user.type == "Bot" and (.body | startswith(env.MARKER))) | .id'
comments=repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments
id=$(gh api --paginate "$comments?per_page=100" --jq "$mine" | sed -n 1p)
if [ -n "$id" ]; then
  gh api --silent -X PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" -F "body=@$body"
else
  gh api --silent -X POST "$comments" -F "body=@$body"
fi
