#!/bin/sh
# docker-engine.sh FOLDER PROGRAMS: runs Docker's engine with all its data in FOLDER and Debian's packages unpacked in PROGRAMS. It is
# started in new namespaces by tools/cluster/node/keeper.sh, so nothing of what it mounts or configures is seen outside.
set -e
folder=$1 programs=$2

# /proc is still that of the machine, so this is the number by which the keeper knows this process.
read -r pid _ </proc/self/stat
echo "$pid" >"$folder/init.pid"
mount -t proc proc /proc

# What the engine writes to fixed places goes to memory or into the folder.
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /opt
mkdir "$folder/etc" "$folder/etc-work" "$folder/bin"
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$folder/etc,workdir=$folder/etc-work" /etc
ip link set lo up

# What Debian's packages do when they are installed: links, and a place of libraries. runc passes no environment on to the process
# that it starts in a container.
for name in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
  ln -s "$programs/usr/sbin/xtables-nft-multi" "$folder/bin/$name"
done
libraries=$(echo "$programs"/usr/lib/*-linux-gnu)
printf 'include /etc/ld.so.conf\n%s\n' "$libraries" >"$folder/ld.so.conf"
/sbin/ldconfig -X -f "$folder/ld.so.conf" -C /etc/ld.so.cache
export XTABLES_LIBDIR="$libraries/xtables"
export PATH="$folder/bin:$programs/usr/sbin:$programs/usr/bin:$PATH"

# As the first process of its namespace the shell buries every orphan while it waits.
dockerd --host="unix://$folder/docker.sock" --data-root="$folder/data" --exec-root=/run/docker --pidfile=/run/docker.pid \
  --bip=10.99.0.1/24 --default-address-pool=base=10.98.0.0/16,size=24 --exec-opt=native.cgroupdriver=cgroupfs \
  --cgroup-parent="/$(basename "$folder")" --userland-proxy-path="$programs/usr/sbin/docker-proxy" &
wait $!
