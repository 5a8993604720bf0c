import type { Habit } from './apis.ts';
import type { Call } from './call.ts';
import type { Company } from './company.ts';
import { Worker } from './humans.ts';
import { Instance } from './machines/instance.ts';
import { Pipelines, Runner } from './machines/pipelines.ts';
import { Services } from './machines/services.ts';
import { Supplier } from './machines/supplier.ts';
import { Workload } from './machines/workload.ts';

/** Something that calls on days. */
export interface Acting {
  day(day: number): readonly Call[];
}

/** Everybody and everything that acts for the company. */
export class Cast {
  readonly workers: readonly Worker[];
  readonly instances: readonly Instance[];
  readonly workloads: readonly Workload[];
  readonly pipelines: Pipelines;
  readonly runner: Runner;
  readonly scanner: Supplier;
  readonly probe: Supplier;
  readonly all: readonly Acting[];

  constructor(company: Company) {
    let count = 0;
    const next = (): number => ++count;
    this.workers = company.people.map((person) => new Worker(company, person, next()));
    this.instances = ['web', 'web', 'web', 'worker', 'worker', 'ledger', 'ledger'].map(
      (group, i) => new Instance(company, group, i, next()),
    );
    this.workloads = [
      ...['resize-images', 'send-receipts', 'sync-stock'].map((name) => new Workload(company, 'lambda', name, next())),
      ...['checkout', 'search'].map((name) => new Workload(company, 'task', name, next())),
      ...['mailer', 'indexer'].map((name) => new Workload(company, 'pod', name, next())),
    ];
    this.pipelines = new Pipelines(company, next());
    this.runner = new Runner(company, next());
    this.scanner = new Supplier(company, 'scanner', next());
    this.probe = new Supplier(company, 'probe', next());
    const services = new Services(company, next());
    this.all = [
      ...this.workers,
      ...this.instances,
      ...this.workloads,
      this.pipelines,
      this.runner,
      this.scanner,
      this.probe,
      services,
    ];
  }

  team(...teams: readonly Habit[]): readonly Worker[] {
    return this.workers.filter(({ person }) => teams.includes(person.team));
  }
}
