# Kubernetes' quantities as numbers.

function bare(text) { gsub(/["']/, "", text); return text }

# CPU in thousandths: 100m, 2, 0.5, and the u and n that metrics have.
function milli(text) {
  text = bare(text)
  if (text ~ /m$/) return text + 0
  if (text ~ /u$/) return text / 1000
  if (text ~ /n$/) return text / 1000000
  return text * 1000
}

# Memory in MiB: 512Mi, 2Gi, 8130120Ki, 1G, 128974848, and the m that some tools write.
function mebi(text,   factor) {
  text = bare(text)
  factor = 1
  if (text ~ /Ki$/) factor = 1024
  else if (text ~ /Mi$/) factor = 1048576
  else if (text ~ /Gi$/) factor = 1073741824
  else if (text ~ /Ti$/) factor = 1099511627776
  else if (text ~ /k$/) factor = 1000
  else if (text ~ /M$/) factor = 1000000
  else if (text ~ /G$/) factor = 1000000000
  else if (text ~ /T$/) factor = 1000000000000
  else if (text ~ /m$/) factor = 0.001
  return text * factor / 1048576
}
