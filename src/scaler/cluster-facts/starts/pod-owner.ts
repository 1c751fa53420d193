/** An object that owns pods, by its kind and name. */
export interface Owner {
  readonly kind: string;
  readonly name: string;
}

/**
 * The Deployment of a ReplicaSet by its name, which ends in the hash of the pod template; undefined for a name without one.
 * Source: kubernetes pkg/controller/deployment/sync.go, getNewReplicaSet.
 */
function deploymentOf(replicaSet: string): Owner | undefined {
  const name = /^(.+)-[a-z0-9]{1,10}$/.exec(replicaSet)?.[1];
  return name === undefined ? undefined : { kind: 'Deployment', name };
}

/** Every object that a pod belongs to: its owner and, where that is a ReplicaSet, what owns it. */
export function ownersOf(owner: Owner, replicaSetOwner: Owner | undefined): readonly Owner[] {
  if (owner.kind !== 'ReplicaSet') return [owner];
  const above = replicaSetOwner ?? deploymentOf(owner.name);
  return above === undefined ? [owner] : [owner, above];
}
