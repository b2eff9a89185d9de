/** A whole Slurm on this machine: munged, slurmctld and two nodes of slurmd on loopback, without systemd and cgroups. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startGroup, type Group } from '../lanes/group';

export interface Cluster {
  /** What a process needs to talk to it. */
  readonly env: Readonly<Record<string, string>>;
  readonly nodes: readonly string[];
  /** Kills the daemon of a node and every task on it at once, as a power cut would. */
  killNode(name: string): Promise<void>;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Slurm looks its host up by name. */
function nameHost(name: string): void {
  const hosts = readFileSync('/etc/hosts', 'utf8');
  if (!new RegExp(`\\s${name.replaceAll('.', '\\.')}(\\s|$)`, 'm').test(hosts)) appendFileSync('/etc/hosts', `127.0.0.1 ${name}\n`);
}

function pids(program: string, args: readonly string[]): readonly number[] {
  return spawnSync(program, args, { encoding: 'utf8' })
    .stdout.split('\n')
    .flatMap((line) => (line === '' ? [] : [Number(line)]));
}

/** @param folder an empty folder for its files; its path must be short, as sockets' are */
export async function startCluster(folder: string): Promise<Cluster> {
  const host = hostname().split('.', 1)[0];
  nameHost(host);
  const nodes = ['n1', 'n2'];
  const [controller, ...ports] = [await freePort(), await freePort(), await freePort()];
  for (const name of ['state', ...nodes]) mkdirSync(join(folder, name));
  const socket = join(folder, 'munge.socket');
  const key = join(folder, 'munge.key');
  writeFileSync(key, randomBytes(128), { mode: 0o400 });
  const configuration = join(folder, 'slurm.conf');
  const user = userInfo().username;
  writeFileSync(
    configuration,
    [
      'ClusterName=test',
      `SlurmctldHost=${host}(127.0.0.1)`,
      `SlurmctldPort=${controller}`,
      `AuthInfo=socket=${socket}`,
      `AuthType=auth/munge`,
      `CredType=cred/munge`,
      'CommunicationParameters=NoCtldInAddrAny,NoInAddrAny',
      `SlurmUser=${user}`,
      `SlurmdUser=${user}`,
      `StateSaveLocation=${join(folder, 'state')}`,
      `SlurmdSpoolDir=${folder}/%n`,
      `SlurmctldPidFile=${join(folder, 'slurmctld.pid')}`,
      `SlurmdPidFile=${folder}/%n.pid`,
      'ProctrackType=proctrack/linuxproc',
      'TaskPlugin=task/none',
      'JobAcctGatherType=jobacct_gather/none',
      'AccountingStorageType=accounting_storage/none',
      'SelectType=select/cons_tres',
      'SelectTypeParameters=CR_Core',
      'SwitchType=switch/none',
      'MpiDefault=none',
      'ReturnToService=2',
      // A node that does not answer is given up soon, and its tasks go to another.
      'SlurmdTimeout=6',
      'KillWait=2',
      'MinJobAge=5',
      'SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0,bf_interval=1',
      ...nodes.map((name, k) => `NodeName=${name} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${ports[k]} CPUs=1 State=UNKNOWN`),
      `PartitionName=main Nodes=${nodes.join(',')} Default=YES MaxTime=INFINITE State=UP`,
      '',
    ].join('\n'),
  );
  const env = { SLURM_CONF: configuration };
  const whole = { ...process.env, ...env };
  const start = (program: string, ...args: readonly string[]): Group => startGroup(program, args, { env: whole, stdio: 'ignore' });
  const munge = start(
    'munged',
    '--foreground',
    '--force',
    `--key-file=${key}`,
    `--socket=${socket}`,
    `--log-file=${join(folder, 'munge.log')}`,
    `--pid-file=${join(folder, 'munge.pid')}`,
    `--seed-file=${join(folder, 'munge.seed')}`,
  );
  await sleep(500);
  const control = start('slurmctld', '-D', '-f', configuration, '-L', join(folder, 'slurmctld.log'));
  const daemons = new Map(
    nodes.map((name) => [name, start('slurmd', '-D', '-f', configuration, '-N', name, '-L', join(folder, `${name}.log`))]),
  );
  const cluster: Cluster = {
    env,
    nodes,
    async killNode(name) {
      const { stdout } = spawnSync('squeue', ['--noheader', `--nodelist=${name}`, '--format=%A'], { env: whole, encoding: 'utf8' });
      for (const job of stdout.split('\n').filter((line) => line !== '')) {
        for (const step of pids('pgrep', ['-f', `slurmstepd: \\[${job}\\.`])) {
          for (const child of pids('pgrep', ['-P', String(step)])) process.kill(child, 'SIGKILL');
          process.kill(step, 'SIGKILL');
        }
      }
      await daemons.get(name)?.end(0);
    },
    async stop() {
      await Promise.all([...daemons.values()].map((daemon) => daemon.end(500)));
      await control.end(500);
      await munge.end(500);
    },
  };
  for (let tries = 0; tries < 120; tries++) {
    const { stdout } = spawnSync('sinfo', ['--noheader', '--Node', '--format=%t'], { env: whole, encoding: 'utf8' });
    if ((stdout ?? '').split('\n').filter((state) => /^(idle|mix|alloc)$/.test(state)).length === nodes.length) return cluster;
    await sleep(250);
  }
  await cluster.stop();
  throw new Error(`Slurm did not start:\n${readFileSync(join(folder, 'slurmctld.log'), 'utf8').slice(-2000)}`);
}
