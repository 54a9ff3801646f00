import type { Exchange } from '../../pipeline/exchange.ts'

/** What requests that belong together have in common. */
export type KeyOf = (exchange: Exchange) => string

/** Points of a target on the ring, for each unit of its weight: enough that shares are within a few hundredths. */
const POINTS = 160

/**
 * Consistent hashing: names and keys are points on a ring, and a key belongs to the next name that is accepted. Order and
 * number of the other names do not matter to a key.
 */
export function createHashRing(
  members: readonly { readonly name: string; readonly weight: number }[],
): (key: string, accepts: (index: number) => boolean) => number | undefined {
  const points = members
    .flatMap(({ name, weight }, index) =>
      Array.from({ length: POINTS * weight }, (_, number) => ({ at: hashOf(`${number} ${name}`), index })),
    )
    .toSorted((a, b) => a.at - b.at || a.index - b.index)
  const places = Uint32Array.from(points, ({ at }) => at)
  const owners = Uint8Array.from(points, ({ index }) => index)
  return (key, accepts) => {
    const start = firstFrom(places, hashOf(key))
    let refused = 0
    for (let step = 0; step < owners.length; step += 1) {
      const owner = owners[(start + step) % owners.length] as number
      if ((refused & (1 << owner)) !== 0) continue
      if (accepts(owner)) return owner
      refused |= 1 << owner
    }
    return undefined
  }
}

/** The place of the first point that is not before this one. */
function firstFrom(places: Uint32Array, at: number): number {
  let [low, high] = [0, places.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((places[middle] as number) < at) low = middle + 1
    else high = middle
  }
  return low
}

/** FNV-1a with the finalizer of MurmurHash3, so that keys that differ in their last character lie far apart. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** Reads the key as an option says: `client_ip`, `header:NAME` or `cookie:NAME`. */
export function keyReader(option: string): KeyOf {
  const colon = option.indexOf(':')
  if (colon === -1) return ({ clientAddress }) => clientAddress
  const name = option.slice(colon + 1)
  if (option.startsWith('header:')) {
    const field = name.toLowerCase()
    return ({ request, clientAddress }) => request.headers.get(field) ?? clientAddress
  }
  const start = `${name}=`
  return ({ request, clientAddress }) => {
    const cookies = request.headers.values('cookie').flatMap((value) => value.split(';'))
    const found = cookies.map((cookie) => cookie.trim()).find((cookie) => cookie.startsWith(start))
    return found?.slice(start.length) ?? clientAddress
  }
}
