import { z } from 'zod'
import { checkLoginHasUser, checkLoginIsOne, separateLogin } from './login.ts'
import { secret } from './secret-field.ts'
import { count, name, someOf } from './text.ts'
import { checkTlsIsUsed, clientTls } from './tls.ts'
import { url } from './url.ts'

/** Exchanges that the services declare: their `control_exchange`, and oslo.messaging's own default. */
const EXCHANGES = ['nova', 'neutron', 'cinder', 'glance', 'keystone', 'openstack']

/** A RabbitMQ broker that OpenStack services send notifications to. */
export const rabbitmqSource = z
  .strictObject({
    name: name().default('default').describe('Tells several brokers apart in metrics and `status`; unique.'),
    url: url({ schemes: ['amqp', 'amqps'], example: 'amqps://launchtrace@rabbit.example:5671/' }).describe(
      'Broker, with the virtual host as its path: none is `/`. A user and a password may stand in it.',
    ),
    user: name()
      .exactOptional()
      .describe(
        'User of the broker, where the URL names none. It needs rights on its own queue and to read the exchanges.',
      ),
    password: secret().exactOptional().describe('Password of the user; better here than in the URL.'),
    queue: name()
      .default('launchtrace')
      .describe(
        'Durable queue of its own, made when it is not there. Never a queue of another consumer, which would lose what is read here.',
      ),
    exchanges: someOf(name())
      .default(EXCHANGES)
      .describe('Exchanges to bind the queue to. Those that do not exist are passed over and tried again later.'),
    topics: someOf(name())
      .default(['notifications', 'versioned_notifications'])
      .describe('Notification topics; each is bound as `TOPIC.*`, for every priority.'),
    prefetch: count(1, 65_535)
      .default(1000)
      .describe('Messages under way that are not acknowledged. More is faster over a long line and takes more memory.'),
    tls: clientTls.exactOptional(),
  })
  .superRefine(checkLoginIsOne)
  .superRefine(checkLoginHasUser)
  .superRefine(checkTlsIsUsed)
  .transform(separateLogin)
  .describe('A RabbitMQ broker that OpenStack services send notifications to.')
