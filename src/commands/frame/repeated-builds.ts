import { setFlagsFromString } from 'node:v8'

/** What V8 is told; it reads it whenever it optimises a function or collects garbage, so that it can be set while it runs. */
export const REPEATED_BUILD_FLAG = '--no-allocation-site-pretenuring'

/**
 * Has this process build the same project again and again without keeping what it no longer needs.
 *
 * Descriptions are whole as long as one is compiled, so that V8 takes what is made in the first builds for things that
 * live for ever, and from then on makes them where only a full collection looks: each of them holds on to a description
 * of which nothing is needed any more, which every small collection copies. bench/README.md has what it costs.
 */
export function expectRepeatedBuilds(): void {
  setFlagsFromString(REPEATED_BUILD_FLAG)
}
