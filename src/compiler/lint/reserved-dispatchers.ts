/** Dispatchers of Barbacane that this version does not have, and what each does. */
export const reservedDispatchers: ReadonlyMap<string, string> = new Map([
  ['ai-proxy', 'forwards to providers of language models'],
  ['kafka', 'publishes to a topic of Kafka'],
  ['lambda', 'invokes a function of AWS Lambda'],
  ['nats', 'publishes to a subject of NATS'],
  ['s3', 'reads and writes objects of S3'],
])
