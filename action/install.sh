# Puts `barbacane` on the PATH of this step's job, on a Node that is new enough, without changing the job's own Node.
# Reads BARBACANE_VERSION (an exact version, `project`, or nothing for that of the action itself), WORKING_DIRECTORY,
# GITHUB_ACTION_PATH, RUNNER_TEMP, RUNNER_TOOL_CACHE. Writes the folder to GITHUB_PATH.
set -euo pipefail

NODE_MAJOR=24
NODE_VERSION=24.21.0 # what is installed where no Node of that major version is found

fail() {
  printf '::error title=barbacane::%s\n' "$1"
  exit 2
}

is_new_enough() {
  local major
  major=$("$1" -p 'process.versions.node.split(".")[0]' 2>/dev/null) || return 1
  [ "$major" -ge "$NODE_MAJOR" ]
}

# The Node to run on: the job's, one that the runner has, or one beside the package.
find_node() {
  local candidate
  for candidate in "$(command -v node || true)" \
    "${RUNNER_TOOL_CACHE:-/nonexistent}"/node/"$NODE_MAJOR".*/*/bin/node \
    "$1"/node_modules/node-*/bin/node; do
    if [ -x "$candidate" ] && is_new_enough "$candidate"; then
      printf '%s\n' "$candidate"
      return
    fi
  done
}

platform() {
  case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) echo linux-x64 ;;
  Linux-aarch64 | Linux-arm64) echo linux-arm64 ;;
  Darwin-x86_64) echo darwin-x64 ;;
  Darwin-arm64) echo darwin-arm64 ;;
  *) fail "There is no Node $NODE_MAJOR on this runner. Set one up in a step before, with actions/setup-node." ;;
  esac
}

install_packages() {
  npm install --prefix "$install" --ignore-scripts --no-audit --no-fund --no-progress --loglevel=error --save-exact "$@"
}

version_of() {
  [ ! -f "$1/package.json" ] || sed -n 's/^  "version": "\(.*\)",$/\1/p' "$1/package.json"
}

home=$RUNNER_TEMP/barbacane
install=$home/install
mkdir -p "$install" "$home/bin"
command -v npm >/dev/null || fail 'npm is not on this runner. Set Node up in a step before, with actions/setup-node.'

version=$BARBACANE_VERSION
# An action that was installed as a package brings what was built; a checkout of its repository only names a version.
if [ -z "$version" ] && [ ! -d "$GITHUB_ACTION_PATH/dist" ]; then
  version=$(version_of "$GITHUB_ACTION_PATH")
fi

if [ -z "$version" ]; then
  package=$GITHUB_ACTION_PATH
elif [ "$version" = project ]; then
  package=$(cd -- "$WORKING_DIRECTORY" && npm prefix)/node_modules/barbacane
  [ -f "$package/bin/run.js" ] || fail "barbacane is not in $package. Install the dependencies of the project in a step before."
else
  [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] ||
    fail 'The version has to be exact, such as 1.2.3, so that the same workflow runs the same code.'
  package=$install/node_modules/barbacane
  [ "$(version_of "$package")" = "$version" ] || install_packages "barbacane@$version"
fi

node=$(find_node "$install")
if [ -z "$node" ]; then
  install_packages "node-$(platform)@$NODE_VERSION"
  node=$(find_node "$install")
fi
[ -n "$node" ] || fail "Node $NODE_MAJOR was installed and does not run on this machine."

printf '#!/usr/bin/env bash\nexec %q %q "$@"\n' "$node" "$package/bin/run.js" >"$home/bin/barbacane"
chmod 0755 "$home/bin/barbacane"
printf '%s\n' "$home/bin" >>"$GITHUB_PATH"
"$home/bin/barbacane" --version
