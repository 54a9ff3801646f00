const text = {
  type: 'object',
  additionalProperties: false,
  required: ['text'],
  properties: { text: { type: 'string', minLength: 1 } },
}
const closed = (required: readonly string[], properties: object) => {
  return { type: 'object', additionalProperties: false, required, properties }
}
const position = { type: 'integer', minimum: 1 }

/**
 * The part of SARIF 2.1.0 (OASIS, 27 March 2020) that is written, closed: sections 3.13 sarifLog, 3.14 run, 3.18 tool,
 * 3.19 toolComponent, 3.49 reportingDescriptor, 3.27 result, 3.28 location, 3.29 physicalLocation, 3.30 region, 3.33
 * logicalLocation, with the members that GitHub requires.
 */
export const sarifSchema = closed(['$schema', 'version', 'runs'], {
  $schema: { type: 'string', format: 'uri' },
  version: { const: '2.1.0' },
  runs: {
    type: 'array',
    minItems: 1,
    items: closed(['tool', 'columnKind', 'results'], {
      tool: closed(['driver'], {
        driver: closed(['name', 'version', 'informationUri', 'rules'], {
          name: { type: 'string', minLength: 1 },
          version: { type: 'string', minLength: 1 },
          informationUri: { type: 'string', format: 'uri' },
          rules: {
            type: 'array',
            uniqueItems: true,
            items: closed(['id', 'shortDescription', 'fullDescription', 'helpUri', 'help'], {
              id: { type: 'string' },
              shortDescription: text,
              fullDescription: text,
              helpUri: { type: 'string', format: 'uri' },
              help: text,
            }),
          },
        }),
      }),
      invocations: {
        type: 'array',
        items: closed(['executionSuccessful', 'toolExecutionNotifications'], {
          executionSuccessful: { const: true },
          toolExecutionNotifications: {
            type: 'array',
            items: closed(['level', 'message'], { level: { const: 'warning' }, message: text }),
          },
        }),
      },
      columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
      results: {
        type: 'array',
        items: closed(['ruleId', 'ruleIndex', 'level', 'message', 'locations', 'partialFingerprints'], {
          ruleId: { type: 'string' },
          ruleIndex: { type: 'integer', minimum: 0 },
          level: { enum: ['none', 'note', 'warning', 'error'] },
          message: text,
          locations: {
            type: 'array',
            minItems: 1,
            items: closed(['physicalLocation'], {
              physicalLocation: closed(['artifactLocation', 'region'], {
                artifactLocation: closed(['uri'], {
                  uri: { type: 'string', format: 'uri-reference', pattern: '^[!-~]+$' },
                  uriBaseId: { const: '%SRCROOT%' },
                }),
                region: closed(['startLine', 'startColumn', 'endLine', 'endColumn'], {
                  startLine: position,
                  startColumn: position,
                  endLine: position,
                  endColumn: position,
                }),
              }),
              logicalLocations: {
                type: 'array',
                uniqueItems: true,
                items: closed(['fullyQualifiedName', 'kind'], {
                  fullyQualifiedName: { type: 'string' },
                  kind: { const: 'member' },
                }),
              },
            }),
          },
          partialFingerprints: {
            type: 'object',
            minProperties: 1,
            additionalProperties: { type: 'string', minLength: 1 },
          },
        }),
      },
    }),
  },
})
