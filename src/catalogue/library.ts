import { logSignals } from './entry.ts'
import { command, urlIds } from './extract.ts'
import { hidden, integer, name, oneOf, path, quoted, requestId, seconds, sha1, uuid, word } from './hole.ts'
import { line } from './line.ts'

/** What library says about a launch. */
export const library = logSignals([
  {
    id: 'oslo.lock.acquired',
    services: [],
    loggers: ['oslo_concurrency.lockutils'],
    messages: [
      line`Lock "${uuid('instance')}" acquired by "nova.compute.manager.${word('function')}" :: waited ${seconds()}s`,
      line`Lock "refresh_cache-${uuid('instance')}" acquired by "${word('function')}" :: waited ${seconds()}s`,
      line`Lock "compute_resources" acquired by "${word('function')}" :: waited ${seconds()}s`,
      line`Lock "${sha1('base_image')}" acquired by "${word('function')}" :: waited ${seconds()}s`,
    ],
    level: 'DEBUG',
    releases: 'all',
    upstream: 'oslo_concurrency/lockutils.py synchronized.inner',
    requestMeaning: 'launch',
    sharedWithTasks: true,
    steps: ['M4'],
    means: 'A lock of the build was taken; its name and function say which part of the build begins.',
    examples: [
      {
        message:
          'Lock "d6fd039e-a62b-4679-aa57-3f97bfa0e144" acquired by "nova.compute.manager.ComputeManager.stop_instance.<locals>.do_stop_instance" :: waited 0.000s',
        fields: {
          instances: 'd6fd039e-a62b-4679-aa57-3f97bfa0e144',
          function: 'ComputeManager.stop_instance.<locals>.do_stop_instance',
          took_seconds: '0.000',
        },
      },
      {
        message:
          'Lock "refresh_cache-b075536a-086f-4823-8428-cfb6a2ea600f" acquired by "instance_claim" :: waited 1.25s',
        fields: { instances: 'b075536a-086f-4823-8428-cfb6a2ea600f', function: 'instance_claim', took_seconds: '1.25' },
        fromTemplate: true,
      },
      {
        message:
          'Lock "compute_resources" acquired by "nova.compute.resource_tracker.ResourceTracker.update_usage" :: waited 0.000s',
        fields: { function: 'nova.compute.resource_tracker.ResourceTracker.update_usage', took_seconds: '0.000' },
      },
      {
        message:
          'Lock "7eae35dfbc86202d5ebd90bad21529bcfbd1d053" acquired by "nova.virt.libvirt.imagebackend.Image.cache.<locals>.fetch_func_sync" :: waited 0.000s',
        fields: {
          base_image: '7eae35dfbc86202d5ebd90bad21529bcfbd1d053',
          function: 'nova.virt.libvirt.imagebackend.Image.cache.<locals>.fetch_func_sync',
          took_seconds: '0.000',
        },
      },
    ],
    notThis: [
      'Lock "b075536a-086f-4823-8428-cfb6a2ea600f" acquired by "nova.context.set_target_cell.<locals>.get_or_create_cached_cell" :: waited 0.000s',
    ],
  },
  {
    id: 'oslo.lock.released',
    services: [],
    loggers: ['oslo_concurrency.lockutils'],
    messages: [
      line`Lock "${uuid('instance')}" "released" by "nova.compute.manager.${word('function')}" :: held ${seconds()}s`,
      line`Lock "refresh_cache-${uuid('instance')}" "released" by "${word('function')}" :: held ${seconds()}s`,
      line`Lock "compute_resources" "released" by "${word('function')}" :: held ${seconds()}s`,
      line`Lock "${sha1('base_image')}" "released" by "${word('function')}" :: held ${seconds()}s`,
      line`Lock "${uuid('instance')}" released by "nova.compute.manager.${word('function')}" :: held ${seconds()}s`,
      line`Lock "refresh_cache-${uuid('instance')}" released by "${word('function')}" :: held ${seconds()}s`,
      line`Lock "compute_resources" released by "${word('function')}" :: held ${seconds()}s`,
      line`Lock "${sha1('base_image')}" released by "${word('function')}" :: held ${seconds()}s`,
    ],
    level: 'DEBUG',
    releases: 'all (quotes round released since oslo.concurrency 5.0 = Zed)',
    upstream: 'oslo_concurrency/lockutils.py synchronized.inner',
    requestMeaning: 'launch',
    sharedWithTasks: true,
    steps: ['M4'],
    means: 'A lock of the build was given back: how long the guarded part took.',
    examples: [
      {
        message:
          'Lock "d6fd039e-a62b-4679-aa57-3f97bfa0e144" "released" by "nova.compute.manager.ComputeManager.stop_instance.<locals>.do_stop_instance" :: held 3.307s',
        fields: {
          instances: 'd6fd039e-a62b-4679-aa57-3f97bfa0e144',
          function: 'ComputeManager.stop_instance.<locals>.do_stop_instance',
          took_seconds: '3.307',
        },
      },
      {
        message:
          'Lock "refresh_cache-b075536a-086f-4823-8428-cfb6a2ea600f" "released" by "instance_claim" :: held 1.25s',
        fields: { instances: 'b075536a-086f-4823-8428-cfb6a2ea600f', function: 'instance_claim', took_seconds: '1.25' },
        fromTemplate: true,
      },
      {
        message:
          'Lock "compute_resources" "released" by "nova.compute.resource_tracker.ResourceTracker.update_usage" :: held 0.029s',
        fields: { function: 'nova.compute.resource_tracker.ResourceTracker.update_usage', took_seconds: '0.029' },
      },
      {
        message:
          'Lock "7eae35dfbc86202d5ebd90bad21529bcfbd1d053" "released" by "nova.virt.libvirt.imagebackend.Image.cache.<locals>.fetch_func_sync" :: held 0.041s',
        fields: {
          base_image: '7eae35dfbc86202d5ebd90bad21529bcfbd1d053',
          function: 'nova.virt.libvirt.imagebackend.Image.cache.<locals>.fetch_func_sync',
          took_seconds: '0.041',
        },
      },
      {
        message:
          'Lock "b075536a-086f-4823-8428-cfb6a2ea600f" released by "nova.compute.manager.instance_claim" :: held 1.25s',
        fields: { instances: 'b075536a-086f-4823-8428-cfb6a2ea600f', function: 'instance_claim', took_seconds: '1.25' },
        fromTemplate: true,
      },
      {
        message: 'Lock "refresh_cache-b075536a-086f-4823-8428-cfb6a2ea600f" released by "instance_claim" :: held 1.25s',
        fields: { instances: 'b075536a-086f-4823-8428-cfb6a2ea600f', function: 'instance_claim', took_seconds: '1.25' },
        fromTemplate: true,
      },
      {
        message: 'Lock "compute_resources" released by "instance_claim" :: held 1.25s',
        fields: { function: 'instance_claim', took_seconds: '1.25' },
        fromTemplate: true,
      },
      {
        message: 'Lock "7eae35dfbc86202d5ebd90bad21529bcfbd1d053" released by "instance_claim" :: held 1.25s',
        fields: {
          base_image: '7eae35dfbc86202d5ebd90bad21529bcfbd1d053',
          function: 'instance_claim',
          took_seconds: '1.25',
        },
        fromTemplate: true,
      },
    ],
    notThis: ['Lock "context-manager" acquired by "neutron_lib.db.api._create_context_manager" :: waited 0.000s'],
  },
  {
    id: 'oslo.cmd.done',
    services: [],
    loggers: ['oslo_concurrency.processutils'],
    messages: [line`CMD "${hidden()}" returned: ${integer('exit_code')} in ${seconds()}s`],
    level: 'DEBUG',
    releases: 'all',
    upstream: 'oslo_concurrency/processutils.py execute',
    requestMeaning: 'launch',
    sharedWithTasks: true,
    steps: ['A20', 'B9'],
    means: 'An external command ended, such as qemu-img.',
    extract: command,
    examples: [
      {
        message:
          'CMD "env LC_ALL=C LANG=C qemu-img create -f qcow2 -o backing_file=/var/lib/nova/instances/_base/7eae35dfbc86202d5ebd90bad21529bcfbd1d053,backing_fmt=raw /var/lib/nova/instances/b075536a-086f-4823-8428-cfb6a2ea600f/disk 1073741824" returned: 0 in 0.088s',
        fields: {
          instances: 'b075536a-086f-4823-8428-cfb6a2ea600f',
          exit_code: '0',
          took_seconds: '0.088',
          program: 'qemu-img',
          operation: 'create',
          base_image: '7eae35dfbc86202d5ebd90bad21529bcfbd1d053',
        },
      },
    ],
    notThis: ['Running cmd (subprocess): nvme version'],
  },
  {
    id: 'keystoneauth.used_request_id',
    services: [],
    loggers: ['keystoneauth.session'],
    messages: [
      line`${oneOf('method', 'GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD')} call to ${word('callee')} for ${path('')} used request id ${requestId('callee_request')}`,
      line`${oneOf('method', 'GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD')} call to ${path('')} used request id ${requestId('callee_request')}`,
    ],
    level: 'DEBUG',
    releases: 'Ocata…master',
    upstream: 'keystoneauth1/session.py Session.request',
    requestMeaning: 'launch',
    sharedWithTasks: true,
    steps: ['A40', 'B2', 'B8', 'B10', 'B17'],
    means: "A call to another service ended; joins the caller's request id with the callee's.",
    extract: urlIds,
    examples: [
      {
        message:
          'PUT call to network for http://10.20.0.11:9696/v2.0/ports/bdaecc29-b572-4953-8c5e-451f66900d84 used request id req-734ce626-6f65-47ed-8009-8da94cd990cf',
        fields: {
          ports: 'bdaecc29-b572-4953-8c5e-451f66900d84',
          method: 'PUT',
          callee: 'network',
          callee_request: 'req-734ce626-6f65-47ed-8009-8da94cd990cf',
          path: '/v2.0/ports/bdaecc29-b572-4953-8c5e-451f66900d84',
        },
      },
      {
        message: 'GET call to http://10.20.0.11:5000/ used request id req-613f3a12-2f48-4764-b66b-c3b56dc602f7',
        fields: { method: 'GET', callee_request: 'req-613f3a12-2f48-4764-b66b-c3b56dc602f7', path: '/' },
      },
    ],
    notThis: ['RESP BODY: {"ports":[]}'],
  },
  {
    id: 'oslo.messaging.send',
    services: [],
    loggers: ['oslo_messaging._drivers.amqpdriver'],
    messages: [
      line`CALL msg_id: ${name('message_id')} exchange ${quoted('exchange')} topic ${quoted('topic')}`,
      line`CAST unique_id: ${name('message_id')} exchange ${quoted('exchange')} topic ${quoted('topic')}`,
      line`CAST unique_id: ${name('message_id')} FANOUT topic ${quoted('topic')}`,
    ],
    level: 'DEBUG',
    releases: 'Kilo…master',
    upstream: 'oslo_messaging/_drivers/amqpdriver.py AMQPDriverBase._send',
    requestMeaning: 'launch',
    sharedWithTasks: true,
    steps: ['A6', 'A12', 'A14', 'A27', 'B4', 'B6', 'B18'],
    means: 'A remote call was sent to a queue.',
    examples: [
      {
        message: "CALL msg_id: 2ca29db050314359b0204b76cac7ccf4 exchange 'nova' topic 'conductor'",
        fields: { message_id: '2ca29db050314359b0204b76cac7ccf4', exchange: 'nova', topic: 'conductor' },
      },
      {
        message: "CAST unique_id: 4e5c9431f23e48beb97c70c48e1a4ac5 exchange 'nova' topic 'conductor'",
        fields: { message_id: '4e5c9431f23e48beb97c70c48e1a4ac5', exchange: 'nova', topic: 'conductor' },
      },
      {
        message: "CAST unique_id: 977a52ca21344122b5c46beec32dd355 FANOUT topic 'scheduler'",
        fields: { message_id: '977a52ca21344122b5c46beec32dd355', topic: 'scheduler' },
      },
    ],
    notThis: ["CAST unique_id: 8aa4aa2154824e7183833a385bef5918 NOTIFY exchange 'nova' topic 'notifications.info'"],
  },
])
