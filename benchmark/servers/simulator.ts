import { Simulation } from '../../simulator';

/** The simulator in a process of its own, following real time, with everything that a user's simulation has. */
async function serve(): Promise<void> {
  const simulation = await Simulation.start();
  simulation.followRealTime();
  process.on('message', () => { process.send!(process.cpuUsage()); });
  // listening for the end of the measuring process also keeps this one alive until then
  process.on('disconnect', () => process.exit());
  process.send!(Number(new URL(simulation.endpoint).port));
}

void serve();
