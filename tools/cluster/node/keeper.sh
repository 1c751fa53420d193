#!/bin/sh
# keeper.sh FOLDER COMMAND...: runs a command in namespaces of its own and removes what is left of it: its processes, the control
# groups named as FOLDER, and FOLDER. It ends when its input ends. Whoever started it holds the other end of that, so everything is
# removed however that process ends, SIGKILL included. Where this shell itself is killed, the processes still end.
folder=$1; shift
group=$(basename "$folder")
exec 3<&0

groups() { find /sys/fs/cgroup -mindepth 1 -maxdepth 2 -type d -name "$group" 2>/dev/null; }

while read -r _ place type _; do
  case "$type $place" in cgroup\ /sys/fs/cgroup/*|cgroup2\ /sys/fs/cgroup) mkdir -p "$place/$group" ;; esac
done </proc/mounts
if [ -e /sys/fs/cgroup/cgroup.subtree_control ]; then
  # Version 2 gives a group only the controllers that its parent passes on.
  tr ' ' '\n' </sys/fs/cgroup/cgroup.controllers | while read -r controller; do
    echo "+$controller" 2>/dev/null >/sys/fs/cgroup/cgroup.subtree_control
  done
fi

# Ending the first process of its namespace ends all of them, and `unshare` once none is left. Until that process has written its
# number, `unshare` is ended, and takes it along.
end() {
  asked=1
  first=$(cat "$folder/init.pid" 2>/dev/null)
  kill -9 "${first:-$node}" 2>/dev/null
}
node=; asked=
trap end HUP INT TERM
setpriv --pdeathsig KILL unshare --net --mount --uts --ipc --pid --fork --kill-child "$@" 3<&- </dev/null & node=$!

# Who was told to end before there was something to end does it now.
[ -z "$asked" ] || end
# The subshell does not keep our output open.
(read -r _ <&3; end) >/dev/null 2>&1 & watcher=$!
wait "$node"; code=$?
while kill -0 "$node" 2>/dev/null; do wait "$node"; code=$?; done
# A subshell that has only just begun loses a signal that the shell has a trap for, and would wait for the end of the input.
kill -9 "$watcher" 2>/dev/null
wait "$watcher" 2>/dev/null

for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  left=$(groups)
  [ -z "$left" ] && break
  for place in $left; do find "$place" -depth -type d -exec rmdir {} \; 2>/dev/null; done
  [ -z "$(groups)" ] || sleep 0.2
done
rm -rf "$folder"
exit "$code"
