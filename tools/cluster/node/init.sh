#!/bin/sh
# init.sh FOLDER NODE-NAME NODE-ADDRESS LIBRARIES COMMAND...: makes the machine of a cluster out of new namespaces and runs a command there.
# Nothing of this is seen outside: what is mounted, configured or listened on here is gone with this process.
set -e
folder=$1 name=$2 address=$3 libraries=$4; shift 4

# /proc is still that of the machine, so this is the number by which the keeper knows this process.
read -r pid _ </proc/self/stat
echo "$pid" >"$folder/init.pid"
mount -t proc proc /proc

mount -t tmpfs tmpfs /run
# What the kubelet, the controller manager and containerd write to fixed places goes into the folder.
for place in /var/lib /var/log /opt /usr/libexec; do
  [ -d "$place" ] || continue
  mkdir -p "$folder/written$place/upper" "$folder/written$place/work"
  mount -t overlay overlay -o "lowerdir=$place,upperdir=$folder/written$place/upper,workdir=$folder/written$place/work" "$place"
done

# Libraries of unpacked packages; runc passes no environment on to the process that it starts in a container.
printf 'include /etc/ld.so.conf\n%s\n' "$libraries" >"$folder/ld.so.conf"
/sbin/ldconfig -X -f "$folder/ld.so.conf" -C "$folder/ld.so.cache"
mount --bind "$folder/ld.so.cache" /etc/ld.so.cache

# The kubelet sets these for the whole kernel, where they are not as it wants them. It shall find that they are.
mkdir "$folder/sysctl"
while read -r key value; do
  [ -e "/proc/sys/$key" ] || continue
  file=$folder/sysctl/$(basename "$key")
  echo "$value" >"$file"
  mount --bind "$file" "/proc/sys/$key"
done <<END
vm/overcommit_memory 1
vm/panic_on_oom 0
kernel/panic 10
kernel/panic_on_oops 1
kernel/keys/root_maxkeys 1000000
kernel/keys/root_maxbytes 25000000
END

# A bridge without ports carries the address, because not every kernel has dummy interfaces. Nobody is at the gateway, but without
# a default route programs refuse to look for the address they are to announce.
ip link set lo up
ip link add node0 type bridge
ip address add "$address/24" dev node0
ip link set node0 up
ip route add default via "${address%.*}.254" dev node0
echo "$name" >/proc/sys/kernel/hostname

# As the first process of its namespace the shell buries every orphan while it waits.
"$@" & command=$!
wait "$command"
