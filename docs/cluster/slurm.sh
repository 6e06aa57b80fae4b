#!/usr/bin/env bash
# Prepares a set on a Slurm cluster: every heavy stage as an array of N tasks,
# then a job that merges it, each when all that it needs is done.
#
#   docs/cluster/slurm.sh N SET CONFIG
#
# CONFIG is a prep.yaml that names the recordings; it, they and SET lie on a
# file system that all nodes see, and prep is in the nodes' PATH. Partition,
# account and the like are sbatch's own variables, such as SBATCH_PARTITION.
# Prints the number of the last job. Called again after a failure it goes on
# where it was: a shard that is done does nothing.
set -euo pipefail
shards=$1 set=$2 config=$3

# submit NAME COMMAND [OPTION...]: prep takes the place of the job's shell, so
# that it gets the SIGTERM that Slurm sends before it kills.
submit() {
  sbatch --parsable --requeue --job-name="$1" --open-mode=append \
    --cpus-per-task="${CPUS:-1}" --mem-per-cpu="${MEM:-1G}" --kill-on-invalid-dep=yes "${@:3}" --wrap="exec $2"
}

after=()
for stage in ingest segment augment features; do
  array=$(submit "prep-$stage" "prep $stage --config '$config' --set '$set' --shard auto/$shards --quiet" \
    "${after[@]}" --array="0-$((shards - 1))" --output="%x-%a.log")
  # Skips are no reason to stop here: prep check has a gate for them.
  merge=$(submit "prep-merge-$stage" "prep merge $stage --set '$set' --allow-skips --quiet" \
    --dependency="afterok:$array" --output="%x.log")
  after=(--dependency="afterok:$merge")
done
echo "$merge"
