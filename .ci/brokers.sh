#!/usr/bin/env bash
# Puts a real RabbitMQ and a real Kafka where the tests find them: Debian's rabbitmq-server and Java runtime, and Kafka's own
# jars from its Maven packages, kept outside the checkout. Kafka needs Java 17. Does nothing when all is there. Starts nothing: tests do that.
set -euo pipefail

pom="$(dirname "$0")/kafka/pom.xml"
version="$(sed -n '/<artifactId>kafka_2.13</{n;s/.*<version>\(.*\)<.*/\1/p}' "$pom")"
jars="$(realpath --canonicalize-missing "${LAUNCHTRACE_TEST_KAFKA_LIBS:-$HOME/.cache/launchtrace-ci/kafka-$version}")"

wanted=()
# With brokers that run elsewhere, nothing has to be here (docs/testing.md).
if [ -z "${LAUNCHTRACE_TEST_AMQP_URL:-}" ]; then
  [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || wanted+=(rabbitmq-server)
  command -v openssl >/dev/null || wanted+=(openssl)
fi
if [ -z "${LAUNCHTRACE_TEST_KAFKA_BROKERS:-}" ]; then
  command -v java >/dev/null || wanted+=(default-jre-headless)
  if [ ! -e "$jars" ]; then command -v mvn >/dev/null || wanted+=(maven); fi
fi

# Installs packages and lets none of them start a server: the policy answers "forbidden" while apt runs.
install_packages() {
  local policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get install --yes --no-install-recommends "$@" || {
    apt-get update && apt-get install --yes --no-install-recommends "$@"
  }
}

if [ ${#wanted[@]} -gt 0 ]; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "The tests need these packages of Debian, or the like: ${wanted[*]}. Install them and run this again." >&2
    exit 1
  fi
  install_packages "${wanted[@]}"
fi

if [ -z "${LAUNCHTRACE_TEST_KAFKA_BROKERS:-}" ] && [ ! -e "$jars" ]; then
  # Beside its place until it is whole: a run that is broken off leaves no half of it.
  mkdir -p "$(dirname "$jars")"
  partly="$(mktemp --directory "$jars.XXXXXX")"
  mvn --quiet --batch-mode --file "$pom" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$partly"
  mv --no-target-directory "$partly" "$jars" 2>/dev/null || rm -r "$partly"
fi
