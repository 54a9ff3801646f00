/** The strongly connected components of a graph on the nodes 0 to `size`, as the component of each (Tarjan 1972). */
export function componentsOf(size: number, next: (node: number) => readonly number[]): readonly number[] {
  const order = new Int32Array(size).fill(-1)
  const low = new Int32Array(size)
  const component: number[] = Array.from({ length: size }, () => -1)
  const open: number[] = []
  let visited = 0
  let components = 0

  const close = (node: number): void => {
    if (low[node] !== order[node]) return
    for (let member = open.pop(); member !== undefined; member = open.pop()) {
      component[member] = components
      if (member === node) break
    }
    components += 1
  }
  const enter = (node: number): Frame => {
    order[node] = low[node] = visited
    visited += 1
    open.push(node)
    return { node, targets: next(node), at: 0 }
  }

  for (let start = 0; start < size; start += 1) {
    if (order[start] !== -1) continue
    // Kept by hand: the graph of pairs is too deep for the stack.
    const stack = [enter(start)]
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
      const { node } = frame
      const target = frame.targets[frame.at]
      frame.at += 1
      if (target === undefined) {
        stack.pop()
        close(node)
        const parent = stack.at(-1)?.node
        if (parent !== undefined) low[parent] = Math.min(low[parent] ?? 0, low[node] ?? 0)
      } else if (order[target] === -1) stack.push(enter(target))
      else if (component[target] === -1) low[node] = Math.min(low[node] ?? 0, order[target] ?? 0)
    }
  }
  return component
}

interface Frame {
  readonly node: number
  readonly targets: readonly number[]
  at: number
}
