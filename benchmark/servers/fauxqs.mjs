// The peer in a process of its own, without its log.
import { startFauxqs } from 'fauxqs';

const { port } = await startFauxqs({ port: 0, logger: false });
process.on('message', () => { process.send(process.cpuUsage()); });
process.on('disconnect', () => process.exit());
process.send(port);
