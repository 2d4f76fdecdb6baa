import { z } from 'zod'
import { duration } from './duration.ts'

/** How launches are judged. */
export const launches = z
  .strictObject({
    lost_after: duration({ atLeast: '1m', atMost: '30d' })
      .prefault('30m')
      .describe('Silence after which a launch that did not end is `lost`. A later sign of it corrects that.'),
  })
  .transform(({ lost_after: lostAfterMs }) => ({ lostAfterMs }))
  .describe('How launches are judged.')
