/** A member of a group. */
interface Grouped {
  readonly group: string;
}

/** Members that wait, and whose groups take turns, whatever number of members each of them has. */
export interface Rotation<T extends Grouped> {
  readonly size: number;
  has(member: T): boolean;
  add(member: T): void;
  /** Returns whether the member waited. */
  delete(member: T): boolean;
  /**
   * Removes and gives the next member: the first one of the group whose turn it is. Groups of which `isReady` says no are passed over
   * and keep their place. Undefined where nobody is there.
   */
  take(isReady?: (group: string) => boolean): T | undefined;
}

/** Creates a rotation in which nobody waits. */
export function createRotation<T extends Grouped>(): Rotation<T> {
  /** The group whose turn is next comes first. */
  const groups = new Map<string, Set<T>>();
  let size = 0;
  const rotation: Rotation<T> = {
    get size() {
      return size;
    },
    has: (member) => groups.get(member.group)?.has(member) === true,
    add(member) {
      if (rotation.has(member)) return;
      const members = groups.get(member.group) ?? new Set();
      groups.set(member.group, members.add(member));
      size++;
    },
    delete(member) {
      const members = groups.get(member.group);
      if (members?.delete(member) !== true) return false;
      size--;
      if (members.size === 0) groups.delete(member.group);
      return true;
    },
    take(isReady = () => true) {
      for (const [group, members] of groups) {
        const [member] = members;
        if (member === undefined || !isReady(group)) continue;
        rotation.delete(member);
        // The group goes to the end of the line.
        if (groups.delete(group)) groups.set(group, members);
        return member;
      }
      return undefined;
    },
  };
  return rotation;
}
