package network.tachi.app.local;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process that this or an earlier start of the local network made.
 *
 * @param pid its process id
 * @param started when the system says it started, which tells it from a later process with the same
 *     pid
 */
record ChildProcess(long pid, Instant started) {
  static ChildProcess of(ProcessHandle handle) {
    return new ChildProcess(
        handle.pid(),
        handle
            .info()
            .startInstant()
            .orElseThrow(() -> new IllegalStateException("no start time for pid " + handle.pid())));
  }

  /** Reads what {@link #save} wrote; empty if there is nothing under that name. */
  static Optional<ChildProcess> load(RunFile file, String name) {
    return file.get(name + ".pid")
        .flatMap(pid ->
            file.get(name + ".started")
                .map(started ->
                    new ChildProcess(
                        Long.parseLong(pid), Instant.ofEpochMilli(Long.parseLong(started)))));
  }

  void save(RunFile file, String name) {
    file.put(name + ".pid", pid).put(name + ".started", started.toEpochMilli());
  }

  /** The running process, if it is still the same one. */
  Optional<ProcessHandle> handle() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(handle ->
            handle
                .info()
                .startInstant()
                .filter(instant -> instant.toEpochMilli() == started.toEpochMilli())
                .isPresent());
  }

  /** Asks the process to end, and ends it by force if it has not within the time given. */
  void stop(Duration patience) {
    handle()
        .ifPresent(process -> {
          process.destroy();
          try {
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
          } catch (TimeoutException | ExecutionException e) {
            process.destroyForcibly();
          } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
          }
        });
  }
}
