/**
 * Longest body of a notification that is read. In UTF-16 code units, as recorded ones are bounded; real ones have up to
 * a hundred thousand.
 */
export const MAX_BODY_LENGTH = 16 * 1_048_576

/** Where a notification came from, as far as its transport says. */
export interface DeliveryPlace {
  readonly exchange: string
  readonly routingKey: string
}

/** A delivery as a recording has it, on one line of JSON: the body is kept word for word, whatever it is. */
export function encodeDelivery({ exchange, routingKey }: DeliveryPlace, body: string): string {
  return JSON.stringify({ exchange, routing_key: routingKey, body })
}
