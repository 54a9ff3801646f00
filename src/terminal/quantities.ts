/** A size for people, in binary units with at most one decimal: `812 B`, `1.5 KiB`. */
export function formatSize(sizeBytes: number): string {
  if (sizeBytes < 1024) return `${sizeBytes} B`
  const units = ['KiB', 'MiB', 'GiB', 'TiB']
  // Rounded before the unit is chosen: 1048575 bytes are 1 MiB, not 1024 KiB.
  let size = sizeBytes / 1024
  let unit = 0
  while (Math.round(size * 10) / 10 >= 1024 && unit < units.length - 1) {
    size /= 1024
    unit += 1
  }
  return `${Math.round(size * 10) / 10} ${units[unit]}`
}

/** A duration for people: `12 ms`, `1.5 s`, `2 min 5 s`, `3 h 4 min`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 999.5) return `${Math.round(durationMs)} ms`
  if (durationMs < 59_950) return `${Math.round(durationMs / 100) / 10} s`
  const seconds = Math.round(durationMs / 1000)
  if (seconds < 3600) return joinParts(Math.floor(seconds / 60), 'min', seconds % 60, 's')
  const minutes = Math.round(seconds / 60)
  return joinParts(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
}

function joinParts(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}
