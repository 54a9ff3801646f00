import { sha256Hex } from './digest.ts'
import type { Finding } from './finding.ts'

/**
 * Names each finding so that it keeps its name when lines above it change: what it says and where in the document
 * count, not the line. Findings that are alike are numbered: 32 hex digits, a colon, the number from 1.
 */
export function identifyFindings(findings: readonly Finding[]): readonly string[] {
  const occurrences = new Map<string, number>()
  return findings.map(({ rule, message, at }) => {
    const key = JSON.stringify([rule, at.file, at.pointer ?? null, message])
    const occurrence = (occurrences.get(key) ?? 0) + 1
    occurrences.set(key, occurrence)
    return `${sha256Hex(Buffer.from(key)).slice(0, 32)}:${occurrence}`
  })
}
