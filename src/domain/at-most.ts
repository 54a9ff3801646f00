/** Runs a function so that no more than a number of its calls are under way at once; the others wait for their turn. */
export function atMost<Argument, Result>(
  limit: number,
  run: (argument: Argument) => Promise<Result>,
): (argument: Argument) => Promise<Result> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (argument) => {
    if (running === limit) await new Promise<void>((resolve) => waiting.push(resolve))
    else running += 1
    try {
      return await run(argument)
    } finally {
      // The turn is handed on, so that nobody can take it in between.
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}

/**
 * The results of a function for items, in their order; it is called for the next item when one is done, and no more than
 * a number of calls are under way at once. What has not begun takes no memory.
 */
export async function mapAtMost<Item, Result>(
  limit: number,
  items: readonly Item[],
  run: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  const rest = items.entries()
  const work = async () => {
    for (const [index, item] of rest) results[index] = await run(item)
  }
  await Promise.all(Array.from({ length: limit }, work))
  return results
}
