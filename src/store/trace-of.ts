/** The trace id of a request: its uuid without dashes. */
export function traceOf(request: string): string {
  return request.replace(/^req-/, '').replaceAll('-', '')
}
