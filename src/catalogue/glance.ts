import { logSignals } from './entry.ts'
import { text, uuid } from './hole.ts'
import { line } from './line.ts'

/** What glance says about a launch. */
export const glance = logSignals([
  {
    id: 'glance.get_failed',
    services: ['glance-api'],
    loggers: ['glance.location'],
    messages: [line`Glance tried all active locations to get data for image ${uuid('image')} but all have failed.`],
    level: 'ERROR',
    releases: 'mitaka…queens, wallaby…master',
    upstream: 'glance/location.py ImageProxy.get_data',
    requestMeaning: 'launch',
    steps: ['A20'],
    means: 'No store could deliver the data of an image.',
    examples: [
      {
        message:
          'Glance tried all active locations to get data for image 6f7901f1-f932-437c-9dab-8e184b7e4028 but all have failed.',
        fields: { image: '6f7901f1-f932-437c-9dab-8e184b7e4028' },
      },
    ],
    notThis: ['Enabling in-flight format inspection for raw'],
  },
  {
    id: 'glance.location_failed',
    services: ['glance-api'],
    loggers: ['glance.location'],
    messages: [line`Get image ${uuid('image')} data failed: ${text('error')}`],
    level: 'WARNING',
    releases: 'mitaka…master',
    upstream: 'glance/location.py ImageProxy.get_data',
    requestMeaning: 'launch',
    steps: ['A20'],
    means: 'One store could not deliver the data of an image.',
    examples: [
      {
        message:
          'Get image 6f7901f1-f932-437c-9dab-8e184b7e4028 data failed: Image /var/lib/glance/images/6f7901f1-f932-437c-9dab-8e184b7e4028 not found.: glance_store.exceptions.NotFound: Image /var/lib/glance/images/6f7901f1-f932-437c-9dab-8e184b7e4028 not found',
        fields: {
          image: '6f7901f1-f932-437c-9dab-8e184b7e4028',
          error:
            'Image /var/lib/glance/images/6f7901f1-f932-437c-9dab-8e184b7e4028 not found.: glance_store.exceptions.NotFound: Image /var/lib/glance/images/6f7901f1-f932-437c-9dab-8e184b7e4028 not found',
          exception: 'glance_store.exceptions.NotFound',
          exception_text: 'Image /var/lib/glance/images/6f7901f1-f932-437c-9dab-8e184b7e4028 not found',
        },
      },
    ],
    notThis: ['Enabling in-flight format inspection for raw'],
  },
  {
    id: 'glance.cache_hit',
    services: ['glance-api'],
    loggers: ['glance.api.middleware.cache'],
    messages: [line`Cache hit for image '${uuid('image')}'`],
    level: 'DEBUG',
    releases: 'mitaka…master',
    upstream: 'glance/api/middleware/cache.py CacheFilter.process_request',
    requestMeaning: 'launch',
    steps: ['A20'],
    means: 'Glance served an image from its cache.',
    examples: [
      {
        message: "Cache hit for image '141a7e8e-61d9-482f-89c3-a8bf9dbe9e8d'",
        fields: { image: '141a7e8e-61d9-482f-89c3-a8bf9dbe9e8d' },
        fromTemplate: true,
      },
    ],
    notThis: [],
  },
])
