package network.tachi.bench;

import java.util.concurrent.locks.LockSupport;

/** Watches a process from beside: its processor time, and the most memory it had. */
final class Meter implements AutoCloseable {
  private static final long EVERY_NANOS = 100_000_000;

  private final ProcessTree tree;
  private final double before;
  private final Thread thread;
  private volatile long peak;
  private volatile double cpu;
  private volatile boolean stopped;

  private Meter(ProcessHandle process) {
    this.tree = new ProcessTree(process);
    this.before = tree.cpuSeconds();
    this.thread = Thread.ofPlatform().daemon().name("meter").unstarted(this::watch);
  }

  /** Watches a process and all below it; what they used before does not count. */
  static Meter of(ProcessHandle process) {
    Meter meter = new Meter(process);
    meter.thread.start();
    return meter;
  }

  private void watch() {
    while (!stopped) {
      look();
      LockSupport.parkNanos(EVERY_NANOS);
    }
  }

  private synchronized void look() {
    peak = Math.max(peak, tree.residentBytes());
    cpu = Math.max(cpu, tree.cpuSeconds() - before);
  }

  /** Seconds of processor time up to now. */
  double cpuSeconds() {
    look();
    return cpu;
  }

  /** The most resident memory seen, in MiB. */
  long peakMebibytes() {
    return peak >> 20;
  }

  @Override
  public void close() {
    stopped = true;
    LockSupport.unpark(thread);
  }
}
