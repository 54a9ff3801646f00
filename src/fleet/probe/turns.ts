import { atMost } from '../../domain/index.ts'

/** Lets so many attempts run at the same time, and no more than some of them to one host. */
export function createTurns<Result>({
  concurrency,
  perHost,
}: {
  readonly concurrency: number
  readonly perHost: number
}): (hostname: string, attempt: () => Promise<Result>) => Promise<Result> {
  const amongAll = atMost(concurrency, (attempt: () => Promise<Result>) => attempt())
  const hosts = new Map<string, typeof amongAll>()
  return (hostname, attempt) => {
    const amongHost = hosts.get(hostname) ?? atMost(perHost, amongAll)
    hosts.set(hostname, amongHost)
    return amongHost(attempt)
  }
}
