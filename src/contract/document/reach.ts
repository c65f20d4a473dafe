import type { Pair } from "../compare.ts";

/** What can be reached from which roots: one bit for each subject. */
export type Bits = Uint32Array;

interface Node {
  index: number;
  low: number;
  open: boolean;
}

interface Frame {
  pair: Pair;
  node: Node;
  next: number;
}

/** Edges that are followed: `not` and `if` turn the sense round, and end a path. */
function* followed(pair: Pair, among: ReadonlySet<Pair>): Generator<Pair> {
  for (const { step, pair: next } of pair.below) if (step.kind !== "opposite" && among.has(next)) yield next;
}

/**
 * For each pair that some root reaches, the subjects of those roots. Pairs in one ring are reached by the same ones, so rings
 * are found first (Tarjan's algorithm, with a stack of its own) and the bits are handed down once: linear in the edges.
 * @param subjects for each root the number of its subject
 */
export function touchedBy(
  roots: readonly Pair[],
  subjects: readonly number[],
  among: ReadonlySet<Pair>,
): ReadonlyMap<Pair, Bits> {
  const rings = ringsOf(roots, among);
  const words = (Math.max(-1, ...subjects) >> 5) + 1;
  const bits = new Map<Pair, Bits>();
  for (const ring of rings) {
    const shared = new Uint32Array(words);
    for (const pair of ring) bits.set(pair, shared);
  }
  for (const [index, root] of roots.entries()) {
    const subject = subjects[index] ?? 0;
    const own = bits.get(root);
    if (own) own[subject >> 5] = (own[subject >> 5] ?? 0) | (1 << (subject & 31));
  }
  // Rings come out with everything below before what is above: downward is backward.
  for (const ring of rings.reverse()) for (const pair of ring) handDown(pair, bits, among);
  return bits;
}

function handDown(pair: Pair, bits: ReadonlyMap<Pair, Bits>, among: ReadonlySet<Pair>): void {
  const own = bits.get(pair);
  if (!own) return;
  for (const next of followed(pair, among)) {
    const target = bits.get(next);
    if (!target || target === own) continue;
    for (let word = 0; word < own.length; word++) target[word] = (target[word] ?? 0) | (own[word] ?? 0);
  }
}

/** The numbers whose bits are set. */
export function numbersIn(bits: Bits): number[] {
  const numbers: number[] = [];
  for (const [word, value] of bits.entries())
    for (let bit = 0; bit < 32; bit++) if ((value >>> bit) & 1) numbers.push(word * 32 + bit);
  return numbers;
}

function ringsOf(roots: readonly Pair[], among: ReadonlySet<Pair>): Pair[][] {
  const nodes = new Map<Pair, Node>();
  const rings: Pair[][] = [];
  const stack: Pair[] = [];
  const enter = (pair: Pair): Frame => {
    const node: Node = { index: nodes.size, low: nodes.size, open: true };
    nodes.set(pair, node);
    stack.push(pair);
    return { pair, node, next: 0 };
  };
  const leave = ({ pair, node }: Frame): void => {
    if (node.low !== node.index) return;
    const ring = stack.splice(stack.lastIndexOf(pair));
    for (const member of ring) close(nodes.get(member));
    rings.push(ring);
  };
  for (const root of roots) {
    if (!among.has(root) || nodes.has(root)) continue;
    const frames: Frame[] = [enter(root)];
    for (let frame = frames.at(-1); frame; frame = frames.at(-1)) {
      const edge = frame.pair.below[frame.next++];
      if (!edge) {
        frames.pop();
        leave(frame);
        const parent = frames.at(-1);
        if (parent) parent.node.low = Math.min(parent.node.low, frame.node.low);
      } else if (edge.step.kind !== "opposite" && among.has(edge.pair)) {
        const known = nodes.get(edge.pair);
        if (!known) frames.push(enter(edge.pair));
        else if (known.open) frame.node.low = Math.min(frame.node.low, known.index);
      }
    }
  }
  return rings;
}

function close(node: Node | undefined): void {
  if (node) node.open = false;
}
