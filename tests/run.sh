#!/usr/bin/env bash
# The test command: installs what the tests need where it is missing, builds once, runs every test project.
# The last line is "N passed, N failed", with ", N skipped" where some were; the exit code is 0 only where tests ran and none failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec < /dev/null
export CI=true DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
export MSBUILDDISABLENODEREUSE=1   # no build server survives the run

# Every process of this run inherits this mark; what a crashed test left behind is found by it, and nothing else is.
export PORTAL_TEST_RUN="portal-tests-$$-$RANDOM$RANDOM"
results=$(mktemp -d)

stop_leftovers() {
  local file pid
  for file in /proc/[0-9]*/environ; do
    pid=${file#/proc/}; pid=${pid%/environ}
    [ "$pid" = $$ ] && continue
    if tr '\0' '\n' 2>/dev/null < "$file" | grep -qxF "PORTAL_TEST_RUN=$PORTAL_TEST_RUN"; then kill -KILL "$pid" 2>/dev/null || true; fi
  done
}
trap 'stop_leftovers 2>/dev/null || true; rm -rf "$results"' EXIT

# program:Debian package
needed=(chromium:chromium docker-registry:docker-registry skopeo:skopeo containerd:containerd ctr:containerd htpasswd:apache2-utils curl:curl nginx:nginx)
missing=()
for entry in "${needed[@]}"; do
  command -v "${entry%%:*}" > /dev/null || missing+=("${entry##*:}")
done
if [ ${#missing[@]} -gt 0 ]; then
  mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get > /dev/null; then
    echo "The tests need programs that are missing. Install them and run again (Debian):" >&2
    echo "  apt-get install --no-install-recommends ${missing[*]} fonts-dejavu-core" >&2
    exit 1
  fi
  echo "Installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  { timeout 300 apt-get update && timeout 600 apt-get install -y --no-install-recommends "${missing[@]}" fonts-dejavu-core; } > "$results/apt.log" 2>&1 \
    || { tail -20 "$results/apt.log" >&2; echo "apt-get could not install ${missing[*]}" >&2; exit 1; }
fi
command -v dotnet > /dev/null || { echo "The .NET SDK is missing: global.json says which." >&2; exit 1; }

echo "Building"
timeout 600 dotnet tool restore > "$results/tools.log" 2>&1 || { cat "$results/tools.log" >&2; exit 1; }
timeout 900 dotnet build VendorPortal.sln --nologo --verbosity quiet -nodeReuse:false -p:UseSharedCompilation=false

passed=0 failed=0 skipped=0
counter() { sed -n "s/.*<Counters[^>]* $2=\"\([0-9]*\)\".*/\1/p" "$1" | head -1; }

for project in tests/*.Tests/*.csproj; do
  name=$(basename "$project" .csproj); log="$results/$name.log"; trx="$results/$name.trx"; start=$SECONDS; code=0
  timeout --kill-after=15 960 dotnet test "$project" --no-build --nologo --results-directory "$results" \
    --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" \
    --blame-hang-timeout 4m --blame-hang-dump-type none > "$log" 2>&1 || code=$?
  if [ ! -s "$trx" ]; then
    tail -60 "$log"; echo "$name: no result (exit $code)"; failed=$((failed + 1)); continue
  fi
  p=$(counter "$trx" passed) f=$(counter "$trx" failed) total=$(counter "$trx" total) executed=$(counter "$trx" executed)
  s=$((total - executed))
  # A run that was cut short, or that ends in error without a failed test, has failed.
  if [ "$code" -ne 0 ] && [ "$f" -eq 0 ]; then f=1; fi
  if [ "$f" -gt 0 ]; then cat "$log"; fi
  echo "$name: $p passed, $f failed, $s skipped ($((SECONDS - start)) s)"
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done

summary="$passed passed, $failed failed"
if [ "$skipped" -gt 0 ]; then summary="$summary, $skipped skipped"; fi
echo "$summary"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
