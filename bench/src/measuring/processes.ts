import { readFile } from 'node:fs/promises';

// A tick of the times in /proc, as `getconf CLK_TCK` says on every architecture.
const tickMs = 10;

/** The processor time that some processes have taken, in ms; undefined where there is no /proc. */
export async function processorTime(pids: readonly number[]): Promise<number | undefined> {
  try {
    const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8')));
    // The name of the program, in parentheses, may have spaces. The fields 14 and 15 are the times.
    return stats
      .map((stat) => stat.slice(stat.lastIndexOf(')') + 2).split(' '))
      .reduce((sum, fields) => sum + (Number(fields[11]) + Number(fields[12])) * tickMs, 0);
  } catch {
    return undefined;
  }
}

/** A process and its children, such as a service and its workers. */
export async function withChildren(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return [pid, ...children.split(' ').filter(Boolean).map(Number)];
}

/** The memory of a service in MB, as its `/metrics` has it. */
export async function memoryOf(metricsUrl: string): Promise<{ resident: number; heap: number }> {
  const text = await (await fetch(metricsUrl)).text();
  const megabytes = (name: string) =>
    Number(new RegExp(`^${name}\\S* (\\S+)`, 'm').exec(text)?.[1]) / 1_048_576;
  return {
    resident: megabytes('process_resident_memory_bytes'),
    heap: megabytes('nodejs_heap_size_used_bytes'),
  };
}
