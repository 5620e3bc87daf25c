# Sourced by the commands in Scripts that want a Slurm: takes the one that runs, else starts one of its own on this
# machine, as root, with all its files in a folder and nothing of the system's changed.

# Whether a Slurm answers.
slurm_answers() { command -v sinfo >/dev/null && [ -n "$(timeout 10 sinfo --noheader --format=%T 2>/dev/null)" ]; }

has_slurm() { command -v slurmctld >/dev/null && command -v slurmd >/dev/null && command -v munged >/dev/null; }

# start_slurm FOLDER: munged, slurmctld and slurmd by the settings in FOLDER/slurm.conf, which SLURM_CONF names from then on.
start_slurm() {
  local folder=$1 host shared
  host=$(hostname -s)
  shared="AuthInfo=socket=$folder/munge.socket,cred_expire=5"
  install -d "$folder/state" "$folder/spool"
  # Whoever may read the key may act as anybody.
  (umask 077 && head -c 1024 /dev/urandom >"$folder/munge.key")
  munged --force --key-file="$folder/munge.key" --socket="$folder/munge.socket" --pid-file="$folder/munged.pid" \
    --log-file="$folder/munged.log" --seed-file="$folder/munge.seed" || return 1
  echo 'CgroupPlugin=cgroup/v1' >"$folder/cgroup.conf"
  cat >"$folder/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
$shared
SlurmctldPort=$((20000 + RANDOM % 10000))
SlurmdPort=$((30000 + RANDOM % 2000))
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
MailProg=/bin/true
KillWait=5
MinJobAge=10
SchedulerParameters=batch_sched_delay=0,bf_interval=1,sched_min_interval=100000
$(slurmd -C | head -n 1 | sed 's/ UpTime=.*//; s/ RealMemory=[0-9]*//') NodeAddr=127.0.0.1 State=UNKNOWN
PartitionName=test Nodes=ALL Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE:4
CONF
  export SLURM_CONF="$folder/slurm.conf"
  slurmctld && slurmd || return 1
  local try
  for try in $(seq 100); do
    sinfo --noheader --format=%T 2>/dev/null | grep -q idle && return 0
    sleep 0.2
  done
  return 1
}

# restart_slurmctld FOLDER: ends the controller and starts it again, as after a change of its settings.
restart_slurmctld() {
  local process try
  process=$(cat "$1/slurmctld.pid")
  kill "$process"
  for try in $(seq 100); do
    kill -0 "$process" 2>/dev/null || break
    sleep 0.1
  done
  sleep "$2"
  slurmctld
}

# stop_slurm FOLDER
stop_slurm() {
  local name
  for name in slurmd slurmctld munged; do
    [ ! -f "$1/$name.pid" ] || kill "$(cat "$1/$name.pid")" 2>/dev/null || true
  done
}
