import { parseJson } from '../../domain/index.ts'
import { findJsonFault } from './json-fault.ts'
import { candidates, faultReading, type Reading } from './reading.ts'

/** Parses JSON; the place of a fault is part of the reason. */
export function readJson(text: string): Reading {
  try {
    return candidates(parseJson(text))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const { line, column, reason } = findJsonFault(text)
    return faultReading(`is not valid JSON: ${reason} at line ${line}, column ${column}`)
  }
}
